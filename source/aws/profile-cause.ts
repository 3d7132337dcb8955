import { quote } from '../ceremony/shell-word.ts';
import { foreignLine } from './foreign-line.ts';
import { explainSource } from './machine-source.ts';
import type { ConnectionFailure } from './problems/connection-reasons.ts';
import { addChosenProfile, addCredentialSource, type ResolvedProfile } from './profile-method.ts';
import { findConnectionFailure, type ProviderFailure, reasonOf } from './provider-failure.ts';
import type { SignInFailure } from './sign-in-error.ts';

/**
 * Says why the chosen profile gave no credentials although none of its settings is missing.
 * @param name the chosen profile.
 * @param error what the SDK's `fromIni` threw.
 * @param found the profile from which the credentials come, and how it gets them.
 */
export function explainProfile(name: string, error: ProviderFailure, found: ResolvedProfile): SignInFailure {
  const connection = findConnectionFailure(error);
  // The names of the providers' errors end in ProviderError. With another name, the call to STS itself could not connect.
  if (connection !== undefined && !error.name.endsWith('ProviderError'))
    return explainUnreachable(`STS, which profile ${name} needs,`, connection);
  return addChosenProfile(name, found.profile, explainMethodFailure(error, found));
}

/** Explains why a profile gave no credentials, by the method with which it gets them. */
function explainMethodFailure(error: ProviderFailure, { profile, method, settings }: ResolvedProfile): SignInFailure {
  const connection = findConnectionFailure(error);
  switch (method) {
    case 'process':
      return explainProcess(error, profile);
    case 'sso':
      if (connection !== undefined) return explainUnreachable(`Single sign-on for profile ${profile}`, connection);
      if (/ForbiddenException|No access/.test(error.message))
        return {
          why: `Single sign-on gives profile ${profile} no access: role ${settings.sso_role_name} in account ${settings.sso_account_id}.`,
          next: ['Check both in the profile, or ask the people who run IAM Identity Center.'],
        };
      return isSignInOver(error)
        ? signInAgain('single sign-on session', profile, {
            command: 'aws sso login',
            optionWithoutBrowser: '--use-device-code',
          })
        : explainOtherFailure(error, profile);
    case 'login':
      if (connection !== undefined) return explainUnreachable(`The sign-in of profile ${profile}`, connection);
      return isSignInOver(error)
        ? signInAgain('sign-in', profile, { command: 'aws login', optionWithoutBrowser: '--remote' })
        : explainOtherFailure(error, profile);
    case 'keys':
    case 'web identity':
      return explainOtherFailure(error, profile);
    default:
      return addCredentialSource(profile, method, explainSource(method, error));
  }
}

/**
 * Explains the failure of a credential_process. The first line of Node's message is the whole command, which may contain
 * secrets and is not shown. The lines after it are what the command wrote to standard error. Messages of the SDK itself
 * have the form `Profile ... credential_process ...`. Any other error, such as one of the system, is explained by its reason.
 */
function explainProcess(error: ProviderFailure, profile: string): SignInFailure {
  const [first = '', ...written] = error.message.split('\n');
  const sdkReason = /^Profile .* credential_process (.*)$/.exec(first)?.[1];
  if (sdkReason === undefined && !first.startsWith('Command failed: ')) return explainOtherFailure(error, profile);
  const output = foreignLine(written.join('\n'));
  const failure = output === '' ? 'It failed and wrote nothing.' : `It wrote: ${output}`;
  const cause = sdkReason === undefined ? failure : `It ${sdkReason}`;
  return {
    why: `The credential_process of profile ${profile} gave no credentials. ${cause}`,
    next: [
      `Run that program by hand: aws configure get credential_process --profile ${quote(profile)}`,
      'Then try again.',
    ],
  };
}

/** True when the sign-in has ended. Judges by the messages of the SDK's providers for IAM Identity Center and `aws login`. */
function isSignInOver({ message }: ProviderFailure): boolean {
  return /\b(?:expired|invalid|not found|UnauthorizedException|To refresh this SSO|re-?authenticate|Failed to load token)\b/i.test(
    message,
  );
}

/**
 * Says how to sign in again.
 * @param what the thing that has ended, such as `sign-in`.
 * @param login.command the command that signs in.
 * @param login.optionWithoutBrowser the option with which it needs no browser on this machine. It is added over SSH. AWS CLI
 * reference.
 */
function signInAgain(
  what: string,
  profile: string,
  { command, optionWithoutBrowser }: { readonly command: string; readonly optionWithoutBrowser: string },
): SignInFailure {
  const option = process.env.SSH_CONNECTION === undefined ? '' : ` ${optionWithoutBrowser}`;
  return {
    why: `The ${what} of profile ${profile} has ended, or was never begun.`,
    next: [`Run: ${command} --profile ${quote(profile)}${option}`, 'Then try again.'],
  };
}

/** Explains any other failure by the reason in the error. */
function explainOtherFailure(error: ProviderFailure, profile: string): SignInFailure {
  return {
    why: `Profile ${profile} gave no credentials: ${reasonOf(error)}`,
    next: [`Look at it: aws configure list --profile ${quote(profile)}`, 'Then try again.'],
  };
}

/** Explains that a service did not answer. @param what the beginning of the sentence. */
function explainUnreachable(what: string, { reason, help }: ConnectionFailure): SignInFailure {
  return {
    kind: 'waiting',
    why: `${what} cannot be reached: ${reason}.`,
    next: help?.() ?? ['Check the network and the proxy settings, then try again.'],
  };
}
