import type { AwsClients } from '../aws/clients.ts';
import { readCaller } from '../aws/identity.ts';
import { explainAwsError } from '../aws/problems.ts';
import { SignInError } from '../aws/sign-in-error.ts';
import type { Check } from './check.ts';

/** As long as the assistant waits for the same answer. */
const limitMs = 15_000;

/** Checks with STS (GetCallerIdentity) to whom the credentials belong, or says why this is unknown. */
export async function checkIdentity(clients: AwsClients, signal: AbortSignal): Promise<Check> {
  const id = 'identity';
  try {
    await clients.signIn();
    const { accountId, arn, principalArn } = await readCaller(
      clients,
      AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
    );
    const practice = clients.answersAsPractice();
    const what = `${practice ? 'Practice AWS' : 'AWS'} knows you: account ${accountId}.`;
    return { id, state: 'fine', what, details: [arn], facts: { accountId, arn, principalArn, practice } };
  } catch (error) {
    signal.throwIfAborted();
    const isSignIn = error instanceof SignInError;
    const problem = explainAwsError(error, {
      what: isSignIn ? 'No AWS credentials: Keyferry cannot sign in.' : "Can't ask AWS who you are.",
    });
    const { what, why, code, next, requestId } = problem;
    // For a missing sign-in, the error code of the SDK adds nothing to the sentence.
    const because = isSignIn || code === undefined ? why : `${why} [${code}]`;
    return {
      id,
      state: 'fails',
      what,
      ...(because === undefined ? {} : { why: because }),
      next,
      ...(requestId === undefined ? {} : { details: [`request ${requestId}`] }),
      facts: { code, requestId },
    };
  }
}
