import { type CallerPrincipal, findCallerPrincipal } from '../aws/caller-principal.ts';
import type { AwsClients } from '../aws/clients.ts';
import { readCaller } from '../aws/identity.ts';
import { explainAwsError } from '../aws/problems.ts';
import { SignInError } from '../aws/sign-in-error.ts';
import type { Check } from './check.ts';

/** How long the answer of STS may take. The assistant waits for it for the same time. */
const limitMs = 15_000;

/**
 * Signs in and asks STS (GetCallerIdentity) to whom the credentials belong. The check fails when the sign-in fails or STS does not
 * tell. It is fine when only the ARN that a key policy can name stays unknown.
 */
export async function checkIdentity(clients: AwsClients, signal: AbortSignal): Promise<Check> {
  const id = 'identity';
  try {
    await clients.signIn();
    const caller = await readCaller(clients, AbortSignal.any([signal, AbortSignal.timeout(limitMs)]));
    const principal = await findCallerPrincipal(clients, caller, signal);
    const { accountId, arn } = caller;
    const isPractice = clients.answersAsPractice();
    const what = `${isPractice ? 'Practice AWS' : 'AWS'} knows you: account ${accountId}.`;
    const principalArn = principal.is === 'unknown' ? null : principal.arn;
    const facts = { accountId, arn, principalArn, principal: principal.is, practice: isPractice };
    return { id, state: 'fine', what, details: [arn, ...principalLines(principal)], facts };
  } catch (error) {
    signal.throwIfAborted();
    const isSignIn = error instanceof SignInError;
    const problem = explainAwsError(error, {
      what: isSignIn ? 'No AWS credentials: Keyferry cannot sign in.' : "Can't ask AWS who you are.",
    });
    const { what, why, code, next, requestId } = problem;
    // When the sign-in itself fails, the error code of the SDK tells a person nothing more.
    const whyWithCode = isSignIn || code === undefined ? why : `${why} [${code}]`;
    return {
      id,
      state: 'fails',
      what,
      ...(whyWithCode === undefined ? {} : { why: whyWithCode }),
      next,
      ...(requestId === undefined ? {} : { details: [`request ${requestId}`] }),
      facts: { code, requestId },
    };
  }
}

/** Says by which ARN a key policy can name the caller, and why that is not certain. No lines when STS or IAM has said the ARN. */
function principalLines(principal: CallerPrincipal): readonly string[] {
  if (principal.is === 'known') return [];
  const doubt = `${principal.why}.`;
  return principal.is === 'derived'
    ? [`In a key policy: ${principal.arn}, derived from the profile, not confirmed by IAM: ${doubt}`]
    : [`The ARN that a key policy can name is not known: ${doubt}`];
}
