import { isRefusal } from './eventual-consistency.ts';
import { explainConnectionFailure } from './problems.ts';

/** How long IAM may take for what a ceremony can do without, in seconds. */
const limitSeconds = 5;

const noAnswer = `IAM did not answer within ${limitSeconds} seconds`;

/**
 * What IAM said. `absent`: it has no such user or role. `none`: it refused, did not answer, or gave an answer that cannot be read;
 * `why` says which, without a full stop, such as `IAM refused the question`.
 */
export type IamAnswer<Answer> =
  | { readonly is: 'answer'; readonly answer: Answer }
  | { readonly is: 'absent' }
  | { readonly is: 'none'; readonly why: string };

/**
 * Asks IAM something that a ceremony can do without, for five seconds at most. IAM may be out of reach: its VPC endpoint
 * exists in us-east-1 only. IAM user guide, "Interface VPC endpoints".
 * @param ask sends the request with these options.
 * @throws only when `signal` ends.
 */
export type AskIam = <Answer>(
  ask: (options: { readonly abortSignal: AbortSignal }) => Promise<Answer>,
  signal?: AbortSignal,
) => Promise<IamAnswer<Answer>>;

/**
 * Makes an {@link AskIam}. Once IAM did not answer in time or could not be reached, it is not asked again, so that nobody waits
 * twice. After a refusal, or an answer that cannot be read, it is asked again.
 */
export function makeAskIam(): AskIam {
  /** Why IAM is not asked any more; `undefined` while it is asked. */
  let silence: string | undefined;
  const endAsking = (why: string) => {
    silence = why;
    return { is: 'none', why } as const;
  };
  return async (ask, signal) => {
    if (silence !== undefined) return { is: 'none', why: silence };
    const deadline = AbortSignal.timeout(limitSeconds * 1000);
    const ended = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    try {
      return { is: 'answer', answer: await ask({ abortSignal: ended }) };
    } catch (error) {
      signal?.throwIfAborted();
      const { name = '' } = Object(error) as { name?: string };
      if (/^NoSuchEntity/.test(name)) return { is: 'absent' };
      if (isRefusal(error)) return { is: 'none', why: 'IAM refused the question' };
      if (deadline.aborted) return endAsking(noAnswer);
      const failure = explainConnectionFailure(error);
      if (failure !== undefined) return endAsking(`IAM cannot be reached: ${failure.reason}`);
      return { is: 'none', why: 'IAM gave no answer that can be read' };
    }
  };
}
