import type { AwsEnvironment } from '../aws/environment.ts';
import type { Problem } from '../ceremony/problem.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { Source } from './facts.ts';

/**
 * Sharpens a failed sign-in by what the shared config says of the profile: the SDK tells only that nothing came of it. The
 * profile's own name takes the place of NAME in commands.
 */
export function withSignInCause(problem: Problem, source: Source, { profiles }: AwsEnvironment): Problem {
  if (problem.code !== 'CredentialsProviderError' || !source.startsWith('profile:')) return problem;
  const name = source.slice('profile:'.length);
  const profile = profiles.find((one) => one.name === name);
  const named = { ...problem, next: problem.next.map((line) => line.replaceAll('NAME', quote(name))) };
  if (profile === undefined) {
    const known =
      profiles.length === 0
        ? 'It has none.'
        : `It has: ${profiles
            .slice(0, 5)
            .map((one) => one.name)
            .join(', ')}.`;
    return {
      ...named,
      why: `The shared config has no profile ${name}. ${known}`,
      next: ['Check the name, AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE.'],
    };
  }
  if (profile.signIn === 'process')
    return {
      ...named,
      why: `The program that profile ${name} names as credential_process gave no credentials.`,
      next: [
        `Run that program by hand: aws configure get credential_process --profile ${quote(name)}`,
        'Then try again.',
      ],
    };
  if (profile.signIn === 'none')
    return {
      ...named,
      why: `Profile ${name} names no way to sign in: no keys, no single sign-on, no role.`,
      next: [`Set it up: aws configure --profile ${quote(name)}, or aws configure sso.`, 'Then try again.'],
    };
  if (profile.signIn === 'login')
    return {
      ...named,
      why: `The sign-in of profile ${name} has ended, or was never begun.`,
      next: [`Run: aws login --profile ${quote(name)}`, 'Then try again.'],
    };
  return named;
}
