import type { AwsSource } from '../aws/environment.ts';
import { explainMissing, roleOfMachine } from '../aws/machine-source.ts';
import { findProfileWay, type ProfileWay } from '../aws/profile-way.ts';
import type { Settings, SharedConfig } from '../aws/shared-config.ts';
import { SignInError } from '../aws/sign-in-error.ts';
import type { Check } from './check.ts';
import type { Place } from './place.ts';

/** What the shared config and the environment say of who signs in. */
export type Identities = {
  readonly config: SharedConfig;
  readonly env: Settings;
};

type Failure = { readonly why: string; readonly next: readonly string[] };

/**
 * Checks where the credentials come from, as far as files and environment variables tell, and which files were read.
 * @returns the check, and for a profile also the method by which the profile gets credentials.
 */
export function checkProfile(
  { source, sourceFrom }: Place,
  { config, env }: Identities,
): { readonly check: Check; readonly way?: ProfileWay } {
  const id = 'profile';
  if (typeof source === 'object') {
    const what = 'Practice AWS needs no profile: it has credentials of its own.';
    return { check: { id, state: 'fine', what, facts: { source: 'practice' } } };
  }
  const name = /^profile:(.*)$/s.exec(source)?.[1];
  const found = name === undefined ? failureOf(source, env) : wayTo(name, { config, env });
  const files = config.files.map(({ path, unread }) => ({ path, ...(unread === undefined ? {} : { unread }) }));
  const facts = { source, from: sourceFrom, ...(name === undefined ? {} : { profile: name }), files };
  const details = [
    ...files.map(({ path, unread }) => fileWords(path, unread)),
    ...(source === 'instance-role' && !sourceFrom.startsWith('AWS_') ? [otherWays] : []),
  ];
  if (found !== undefined && 'why' in found)
    return { check: { id, state: 'fails', what: sourceWords(source, sourceFrom, 'fails'), ...found, details, facts } };
  const isUnread = files.some(({ unread }) => unread !== undefined && unread !== 'ENOENT');
  const check: Check = {
    id,
    state: isUnread ? 'warning' : 'fine',
    what: sourceWords(source, sourceFrom, 'fine'),
    details,
    facts,
  };
  return { check, ...(found === undefined ? {} : { way: found }) };
}

const otherWays = 'to have a profile: aws configure, aws login or aws sso login';

function wayTo(name: string, { config, env }: Identities): ProfileWay | Failure {
  try {
    return findProfileWay(name, config, env);
  } catch (error) {
    if (error instanceof SignInError) return { why: error.failure.why, next: error.failure.next };
    throw error;
  }
}

function failureOf(source: AwsSource, env: Settings): Failure | undefined {
  const missing = explainMissing(source === 'environment' ? 'Environment' : roleOfMachine(env), env);
  return missing === undefined ? undefined : { why: missing.why, next: missing.next };
}

function sourceWords(source: AwsSource, from: string, state: 'fine' | 'fails'): string {
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

function fileWords(path: string, unread: string | undefined): string {
  if (unread === undefined) return `read: ${path}`;
  return unread === 'ENOENT' ? `not there: ${path}` : `cannot be read (${unread}): ${path}`;
}
