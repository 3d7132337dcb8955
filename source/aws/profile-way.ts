import { quote } from '../ceremony/shell-word.ts';
import { type CredentialSourceName, credentialSources, explainMissing } from './machine-source.ts';
import { missingProfile } from './missing-profile.ts';
import type { Settings, SharedConfig } from './shared-config.ts';
import { SignInError, type SignInFailure } from './sign-in-error.ts';
import { explainSsoSettings, ssoSettings } from './sso-settings.ts';

export type Way = 'keys' | 'web identity' | 'process' | 'sso' | 'login' | CredentialSourceName;

/** The profile that the credentials come from, which by `source_profile` may be another one, and how it gets them. */
export type ProfileWay = {
  readonly profile: string;
  readonly way: Way;
  readonly settings: Settings;
  /** The profile on the way there whose role asks for a code of an MFA device. */
  readonly mfa?: MfaProfile;
};

export type MfaProfile = { readonly profile: string; readonly serial: string; readonly settings: Settings };

/**
 * Follows a profile to the one that its credentials come from, by the same rules as the SDK's `fromIni`, and finds what
 * keeps it from giving any. AWS SDKs and tools reference guide, "Assume role credential provider".
 * @throws SignInError that names the profile and what is missing.
 */
export function findProfileWay(name: string, config: SharedConfig, env: Settings): ProfileWay {
  /** The profiles whose role is assumed with the credentials of the next one. */
  const passed: string[] = [];
  for (let profile = name; ; ) {
    const settings = config.profiles.get(profile);
    if (settings === undefined) throw new SignInError(comingFrom(name, profile, missingProfile(profile, config)));
    const found = readWay(profile, settings, { config, env, isSource: passed.length > 0 });
    if (typeof found === 'string') {
      const assumed = settings.role_arn !== undefined && found === settings.credential_source ? [profile] : [];
      const [mfa, second] = [...passed, ...assumed].flatMap((each) => mfaOf(each, config));
      // Two devices would have to be asked within the half minute that a code is good for.
      if (mfa !== undefined && second !== undefined) throw new SignInError(needsMfa(mfa));
      return { profile, way: found, settings, ...(mfa === undefined ? {} : { mfa }) };
    }
    if ('why' in found) throw new SignInError(comingFrom(name, profile, found));
    passed.push(profile);
    profile = found.next;
    if (passed.includes(profile) && !hasKeys(config.profiles.get(profile)))
      throw new SignInError({
        why: `The profiles go in a circle by source_profile: ${[...passed, profile].join(', ')}.`,
        next: ['Let one of them name a profile with credentials of its own, then try again.'],
      });
  }
}

/** Gives the failure of a profile, told to a person who has chosen the profile `name`. */
export function comingFrom(name: string, profile: string, failure: SignInFailure): SignInFailure {
  if (name === profile) return failure;
  return { ...failure, why: `Profile ${name} takes its credentials from profile ${profile}. ${failure.why}` };
}

/** Gives the method by which a profile gets credentials without another profile, in the search order of the SDK. */
export function wayOf(settings: Settings): Way | undefined {
  if (hasKeys(settings)) return 'keys';
  if (settings.web_identity_token_file !== undefined && settings.role_arn !== undefined) return 'web identity';
  if (settings.credential_process !== undefined) return 'process';
  if (ssoSettings.some((name) => settings[name] !== undefined)) return 'sso';
  if (settings.login_session !== undefined) return 'login';
  return credentialSources.find((source) => source === settings.credential_source);
}

type Context = {
  readonly config: SharedConfig;
  readonly env: Settings;
  /** Whether another profile comes here for credentials. Keys suffice it then, also beside a role. */
  readonly isSource: boolean;
};

function readWay(
  profile: string,
  settings: Settings,
  { config, env, isSource }: Context,
): Way | { readonly next: string } | SignInFailure {
  const { role_arn: role, source_profile: source, credential_source: named, web_identity_token_file: token } = settings;
  const known = credentialSources.find((one) => one === named);
  if (isSource && hasKeys(settings)) return 'keys';
  if (role !== undefined && source !== undefined && named === undefined) return { next: source };
  if (role !== undefined && source !== undefined)
    return {
      why: `Profile ${profile} names both source_profile and credential_source.`,
      next: ['Take one of them out of the shared config, then try again.'],
    };
  if (role !== undefined && known !== undefined) return sourceAtHand(profile, known, env);
  // The keys of this profile are not its role: they would be another identity than the one that was chosen.
  if (role !== undefined && named === undefined && token === undefined)
    return {
      why: `Profile ${profile} names role_arn, and neither source_profile nor credential_source.`,
      next: ['Add the one whose credentials assume the role, then try again.'],
    };
  const way = role !== undefined && named !== undefined ? undefined : wayOf(settings);
  if (way === undefined) return noWay(profile, settings);
  if (way === 'sso') return explainSsoSettings(profile, settings, config) ?? way;
  return way === known ? sourceAtHand(profile, known, env) : way;
}

function sourceAtHand(profile: string, source: CredentialSourceName, env: Settings): Way | SignInFailure {
  const missing = explainMissing(source, env);
  return missing === undefined ? source : fromSource(profile, source, missing);
}

/** Gives a failure of what the environment or the machine holds, told to a person whose profile names it. */
export function fromSource(profile: string, source: CredentialSourceName, { why, next }: SignInFailure): SignInFailure {
  return { why: `Profile ${profile} takes its credentials from ${source}. ${why}`, next };
}

function noWay(profile: string, settings: Settings): SignInFailure {
  const { aws_access_key_id: id, aws_secret_access_key: secret, credential_source: named } = settings;
  if (named !== undefined)
    return {
      why: `Profile ${profile} names the credential_source ${named}, which does not exist.`,
      next: [`Name one of these: ${credentialSources.join(', ')}. Then try again.`],
    };
  if (id === undefined && secret === undefined)
    return {
      why: `Profile ${profile} names no way to sign in: no keys, no single sign-on, no role.`,
      next: [`Set it up: aws configure --profile ${quote(profile)}, or aws configure sso.`, 'Then try again.'],
    };
  const [has, lacks] =
    id === undefined ? ['secret_access_key', 'access_key_id'] : ['access_key_id', 'secret_access_key'];
  return {
    why: `Profile ${profile} has aws_${has} and no aws_${lacks}.`,
    next: ['Add it to the shared credentials file, then try again.'],
  };
}

function mfaOf(profile: string, { profiles }: SharedConfig): readonly MfaProfile[] {
  const settings = profiles.get(profile) ?? {};
  return settings.mfa_serial === undefined ? [] : [{ profile, serial: settings.mfa_serial, settings }];
}

/** Says what a person can do where Keyferry cannot ask for the MFA code. Both commands use the role of the profile. */
export function needsMfa({ profile, serial, settings }: MfaProfile): SignInFailure {
  const { role_arn: role = 'ROLE', source_profile: source } = settings;
  const from = source === undefined ? '' : ` --profile ${quote(source)}`;
  return {
    why: `The role of profile ${profile} asks for a code of your MFA device, which cannot be asked for here.`,
    next: [
      `Give the code to the aws command: aws configure export-credentials --profile ${quote(profile)} --format env`,
      `Or to STS: aws sts assume-role --role-arn ${quote(role)} --role-session-name keyferry --serial-number ${quote(serial)} --token-code CODE${from}`,
      'Put what it prints into the environment, then start Keyferry again with the keys of the environment.',
    ],
  };
}

const hasKeys = ({ aws_access_key_id: id, aws_secret_access_key: secret }: Settings = {}) =>
  id !== undefined && secret !== undefined;
