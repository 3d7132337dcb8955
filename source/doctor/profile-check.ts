import type { AwsSource } from '../aws/environment.ts';
import { explainMissing, roleOfMachine } from '../aws/machine-source.ts';
import { type ResolvedProfile, resolveProfile } from '../aws/profile-method.ts';
import type { Settings, SharedConfig } from '../aws/shared-config.ts';
import { SignInError } from '../aws/sign-in-error.ts';
import type { Check } from './check.ts';
import type { Place } from './place.ts';

/** The sources that say who signs in: the shared config files of AWS and the environment. */
export type Identities = {
  readonly config: SharedConfig;
  readonly env: Settings;
};

type Failure = { readonly why: string; readonly next: readonly string[] };

/**
 * Checks where the credentials come from, as far as files and environment variables tell, and which files were read. Fails when
 * something that the credentials need is missing or not valid; else warns of a file that is there and cannot be read.
 * @returns the check, and for a profile that can be used also the method by which the profile gets credentials.
 */
export function checkProfile(
  { source, sourceFrom }: Place,
  { config, env }: Identities,
): { readonly check: Check; readonly method?: ResolvedProfile } {
  const id = 'profile';
  if (typeof source === 'object') {
    const what = 'Practice AWS needs no profile: it has credentials of its own.';
    return { check: { id, state: 'fine', what, facts: { source: 'practice' } } };
  }
  // A source that is a profile has the form `profile:NAME`.
  const name = /^profile:(.*)$/s.exec(source)?.[1];
  /** `undefined` when the source is no profile, and nothing is known against it. */
  const methodOrFailure = name === undefined ? explainMissingSource(source, env) : findMethod(name, { config, env });
  const files = config.files.map(({ path, errorCode: unread }) => ({
    path,
    ...(unread === undefined ? {} : { unread }),
  }));
  const facts = { source, from: sourceFrom, ...(name === undefined ? {} : { profile: name }), files };
  const isLastResort = source === 'instance-role' && !sourceFrom.startsWith('AWS_');
  const details = [
    ...files.map(({ path, unread }) => describeFile(path, unread)),
    ...(isLastResort ? [profileHint] : []),
  ];
  if (methodOrFailure !== undefined && 'why' in methodOrFailure) {
    const what = describeSource(source, sourceFrom, 'fails');
    return { check: { id, state: 'fails', what, ...methodOrFailure, details, facts } };
  }
  const isUnread = files.some(({ unread }) => unread !== undefined && unread !== 'ENOENT');
  const check: Check = {
    id,
    state: isUnread ? 'warning' : 'fine',
    what: describeSource(source, sourceFrom, 'fine'),
    details,
    facts,
  };
  return { check, ...(methodOrFailure === undefined ? {} : { method: methodOrFailure }) };
}

const profileHint = 'to have a profile: aws configure, aws login or aws sso login';

/** Finds the method by which a profile gets credentials, or says why it cannot get any. */
function findMethod(name: string, { config, env }: Identities): ResolvedProfile | Failure {
  try {
    return resolveProfile(name, config, env);
  } catch (error) {
    if (error instanceof SignInError) return { why: error.failure.why, next: error.failure.next };
    throw error;
  }
}

/** Says why the environment or the role of this machine gives no credentials; `undefined` when nothing is known against it. */
function explainMissingSource(source: AwsSource, env: Settings): Failure | undefined {
  const missing = explainMissing(source === 'environment' ? 'Environment' : roleOfMachine(env), env);
  return missing === undefined ? undefined : { why: missing.why, next: missing.next };
}

/**
 * Gives the sentence about the source of the credentials. For the role of a machine it is the same in both states: whether the
 * machine has a role is not tried here.
 * @param from the flag or variable that names the source, or other words when neither does. A flag begins with `-`, a variable with
 * `AWS_`.
 */
function describeSource(source: AwsSource, from: string, state: 'fine' | 'fails'): string {
  if (source === 'environment')
    return state === 'fine'
      ? `Access keys of the environment (${from}).`
      : 'The access keys of the environment are not whole.';
  if (source === 'instance-role')
    return from.startsWith('AWS_')
      ? `The role that ${from} names.`
      : 'No access keys in the environment, and no profile: this machine is asked for its role.';
  const name = source.slice('profile:'.length);
  const by = from.startsWith('-') || from.startsWith('AWS_') ? `, named by ${from}` : '';
  return state === 'fine' ? `Profile ${name}${by}.` : `Profile ${name}${by}, cannot be used.`;
}

/** Gives a line about a config file. @param unread the error code of the disk, when the file could not be read. */
function describeFile(path: string, unread: string | undefined): string {
  if (unread === undefined) return `read: ${path}`;
  return unread === 'ENOENT' ? `not there: ${path}` : `cannot be read (${unread}): ${path}`;
}
