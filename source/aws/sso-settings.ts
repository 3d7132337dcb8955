import { quote } from '../ceremony/shell-word.ts';
import type { Settings, SharedConfig } from './shared-config.ts';
import type { SignInFailure } from './sign-in-error.ts';

/** The settings without which single sign-on does not work. They may be in the profile or in its sso_session. */
const needed = ['sso_start_url', 'sso_region', 'sso_account_id', 'sso_role_name'];
/** How many names of sections a message lists at most. */
const mostNames = 5;

/** A profile that has one of these settings signs in with IAM Identity Center. */
export const ssoSettings: readonly string[] = [...needed, 'sso_session'];

/**
 * Says which single sign-on settings a profile lacks, or that its sso_session does not exist; `undefined` when it has all. AWS SDKs
 * and tools reference guide, "IAM Identity Center credential provider".
 */
export function explainSsoSettings(
  profile: string,
  settings: Settings,
  { ssoSessions }: SharedConfig,
): SignInFailure | undefined {
  const name = settings.sso_session;
  const session = name === undefined ? {} : ssoSessions.get(name);
  if (session === undefined) {
    const known = [...ssoSessions.keys()].slice(0, mostNames).join(', ');
    return {
      why: `Profile ${profile} names the sso_session ${name}, and the config file has no section [sso-session ${name}]. It has: ${known === '' ? 'none' : known}.`,
      next: ['Correct the name in the profile, or make the section: aws configure sso-session', 'Then try again.'],
    };
  }
  const lacks = needed.filter((setting) => (session[setting] ?? settings[setting]) === undefined);
  if (lacks.length === 0) return undefined;
  return {
    why: `Profile ${profile} is set up for single sign-on and has no ${lacks.join(' and no ')}.`,
    next: [`Set it up: aws configure sso --profile ${quote(profile)}`, 'Then try again.'],
  };
}
