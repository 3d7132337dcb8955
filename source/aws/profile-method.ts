import { quote } from '../ceremony/shell-word.ts';
import { type CredentialSourceName, credentialSources, explainMissing } from './machine-source.ts';
import { explainMissingProfile } from './missing-profile.ts';
import type { Settings, SharedConfig } from './shared-config.ts';
import { SignInError, type SignInFailure } from './sign-in-error.ts';
import { explainSsoSettings, ssoSettings } from './sso-settings.ts';

/** The method by which a profile gets credentials without another profile. */
export type Method = 'keys' | 'web identity' | 'process' | 'sso' | 'login' | CredentialSourceName;

/** The result of following `source_profile` from the chosen profile to the profile that has credentials. */
export type ResolvedProfile = {
  /** The name of the last profile, which has the credentials. */
  readonly profile: string;
  readonly method: Method;
  /** The settings of the last profile. */
  readonly settings: Settings;
  /** The profile, among those that were followed, whose role asks for a code of an MFA device. */
  readonly mfa?: MfaProfile;
};

/** A profile whose role asks for an MFA code. `serial` is the ARN or number of the device. */
export type MfaProfile = { readonly profile: string; readonly serial: string; readonly settings: Settings };

/**
 * Follows `source_profile` from the chosen profile to the profile that has credentials, by the same rules as the SDK's
 * `fromIni`. AWS SDKs and tools reference guide, "Assume role credential provider".
 * @throws SignInError with the profile and what is missing, when the profile cannot give credentials. Also when the profiles go in
 * a circle, and when two of them ask for an MFA code.
 */
export function resolveProfile(name: string, config: SharedConfig, env: Settings): ResolvedProfile {
  /** The profiles that were followed so far. Each has a role, which the credentials of the next profile assume. */
  const passed: string[] = [];
  for (let profile = name; ; ) {
    const settings = config.profiles.get(profile);
    if (settings === undefined)
      throw new SignInError(addChosenProfile(name, profile, explainMissingProfile(profile, config)));
    const found = readMethod(profile, settings, { config, env, isSource: passed.length > 0 });
    if ('method' in found) {
      const { method } = found;
      // The last profile has a role of its own only when credential_source gives the credentials for that role.
      const lastWithRole = settings.role_arn !== undefined && method === settings.credential_source ? [profile] : [];
      const [mfa, second] = [...passed, ...lastWithRole].flatMap((each) => mfaOf(each, config));
      // With two MFA devices, both codes would be needed within half a minute, because a code is not valid longer.
      if (mfa !== undefined && second !== undefined) throw new SignInError(explainMfa(mfa));
      return { profile, method, settings, ...(mfa === undefined ? {} : { mfa }) };
    }
    if ('why' in found) throw new SignInError(addChosenProfile(name, profile, found));
    passed.push(profile);
    profile = found.next;
    // A profile may name itself, or one before it, when that one has keys: its keys are then the credentials, and the way ends.
    if (passed.includes(profile) && !hasKeys(config.profiles.get(profile)))
      throw new SignInError({
        why: `The profiles go in a circle by source_profile: ${[...passed, profile].join(', ')}.`,
        next: ['Let one of them name a profile with credentials of its own, then try again.'],
      });
  }
}

/** Adds to a failure that the chosen profile `name` takes its credentials from `profile`, when these two differ. */
export function addChosenProfile(name: string, profile: string, failure: SignInFailure): SignInFailure {
  if (name === profile) return failure;
  return { ...failure, why: `Profile ${name} takes its credentials from profile ${profile}. ${failure.why}` };
}

/** Gives the first method, in the order of the SDK, for which a profile has settings; `undefined` when it has none. */
export function methodOf(settings: Settings): Method | undefined {
  if (hasKeys(settings)) return 'keys';
  if (settings.web_identity_token_file !== undefined && settings.role_arn !== undefined) return 'web identity';
  if (settings.credential_process !== undefined) return 'process';
  if (ssoSettings.some((name) => settings[name] !== undefined)) return 'sso';
  if (settings.login_session !== undefined) return 'login';
  return credentialSources.find((source) => source === settings.credential_source);
}

/** The files and the environment in which a profile is read. */
type Context = {
  readonly config: SharedConfig;
  /** The environment variables. */
  readonly env: Settings;
  /**
   * True when another profile names this one as its source_profile. Then keys are enough, even when the profile has a role.
   */
  readonly isSource: boolean;
};

/**
 * Reads one profile. Gives its method when it has credentials, or the next profile (its `source_profile`), or why it gives no
 * credentials.
 */
function readMethod(
  profile: string,
  settings: Settings,
  { config, env, isSource }: Context,
): { readonly method: Method } | { readonly next: string } | SignInFailure {
  const { role_arn: role, source_profile: next, web_identity_token_file: token } = settings;
  const { credential_source: namedSource } = settings;
  /** `undefined` when the profile names no source, or one that does not exist. */
  const source = credentialSources.find((each) => each === namedSource);
  if (isSource && hasKeys(settings)) return { method: 'keys' };
  if (role !== undefined && next !== undefined) {
    if (namedSource === undefined) return { next };
    return {
      why: `Profile ${profile} names both source_profile and credential_source.`,
      next: ['Take one of them out of the shared config, then try again.'],
    };
  }
  if (role !== undefined && source !== undefined) return checkSource(profile, source, env);
  // The profile may have keys too. They are not used, because they are another identity than the role.
  if (role !== undefined && namedSource === undefined && token === undefined)
    return {
      why: `Profile ${profile} names role_arn, and neither source_profile nor credential_source.`,
      next: ['Add the one whose credentials assume the role, then try again.'],
    };
  // A role whose credential_source does not exist gives no credentials, whatever else the profile has.
  const hasWrongSource = role !== undefined && namedSource !== undefined;
  const method = hasWrongSource ? undefined : methodOf(settings);
  if (method === undefined) return explainNoMethod(profile, settings);
  if (method === 'sso') return explainSsoSettings(profile, settings, config) ?? { method };
  return method === source ? checkSource(profile, source, env) : { method };
}

/** Gives the credential_source as the method of a profile, or why this machine does not offer it. */
function checkSource(profile: string, source: CredentialSourceName, env: Settings) {
  const missing = explainMissing(source, env);
  return missing === undefined ? { method: source } : addCredentialSource(profile, source, missing);
}

/** Adds to the failure of a credential_source the name of the profile that uses this source. */
export function addCredentialSource(
  profile: string,
  source: CredentialSourceName,
  { why, next }: SignInFailure,
): SignInFailure {
  return { why: `Profile ${profile} takes its credentials from ${source}. ${why}`, next };
}

/** Says why a profile has no complete method to get credentials. */
function explainNoMethod(profile: string, settings: Settings): SignInFailure {
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

/** Gives the profile as a list when its role asks for an MFA code, else an empty list. */
function mfaOf(profile: string, { profiles }: SharedConfig): readonly MfaProfile[] {
  const settings = profiles.get(profile) ?? {};
  return settings.mfa_serial === undefined ? [] : [{ profile, serial: settings.mfa_serial, settings }];
}

/** Says that a role needs an MFA code, and how a person uses the code outside of Keyferry to get credentials of the role. */
export function explainMfa({ profile, serial, settings }: MfaProfile): SignInFailure {
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

/** True when a profile has both parts of an access key. */
const hasKeys = ({ aws_access_key_id: id, aws_secret_access_key: secret }: Settings = {}) =>
  id !== undefined && secret !== undefined;
