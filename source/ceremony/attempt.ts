import type { Journal } from './journal.ts';
import { ProblemError } from './problem.ts';
import { backOff, type Pause } from './waiting.ts';

/** What a probe found out about an act whose outcome is unknown. */
export type ProbeResult<Result> =
  | { readonly found: 'done'; readonly result: Result }
  | { readonly found: 'not done' }
  | { readonly found: 'unknown' };

/** An act that must not be done twice. Its `Result` goes into the journal, so it must be plain JSON and never secret. */
export type AttemptRequest<Result> = {
  /** Unique in its step. */
  readonly name: string;
  readonly act: () => Promise<Result>;
  /** Finds out whether an act that was begun has happened. Changes nothing. @param begunAt when the act was begun. */
  readonly probe: (begunAt: Date) => Promise<ProbeResult<Result>>;
  /** True when this error of `act` means that nothing was done, such as a refusal of AWS. */
  readonly refused: (error: unknown) => boolean;
  /**
   * True when this error of `act` may pass by itself, and does not tell whether the act was done. After a pause, `attempt`
   * probes and tries again.
   */
  readonly passing?: (error: unknown) => boolean;
};

/** Does an act at most once and gives its result: see {@link attemptsOf}. */
export type Attempt = <Result>(request: AttemptRequest<Result>) => Promise<Result>;

/** After this many tries of one act, an error that may pass is thrown too. */
const mostTries = 5;

/** The longest pause after the first try. It doubles with each further try: see {@link backOff}. */
const firstPauseMs = 500;

/**
 * Gives the function `attempt` for one step. It writes the intent to the disk, acts, and writes the outcome to the disk.
 * These rules hold also when the process is killed between any two lines; `test/crash` kills it there:
 *
 * 1. Nothing is sent before its intent is on the disk. So an act without an intent has not happened.
 * 2. After an intent without an outcome, the probe runs before anything is sent again, in the same run or after a crash. So no
 *    code that `act` calls may repeat the act by itself: the AWS clients do not retry these operations.
 * 3. When the journal says that an act is done, the act is not done again: `attempt` gives the recorded result.
 * 4. When the probe cannot tell, the person gets a problem. Nothing is guessed.
 * 5. An error of `act` is thrown on, unless it is `passing` and no refusal. Then there is a pause, and the probe runs. When nothing
 *    was done, there is another try, up to five in all.
 */
export function attemptsOf(journal: Journal, step: string, pause: Pause): Attempt {
  return async <Result>(request: AttemptRequest<Result>): Promise<Result> => {
    const { name, act, refused, passing } = request;
    for (let tries = 1; ; tries += 1) {
      const earlier = await findResult(journal, step, request);
      if (earlier !== undefined) return earlier.result;
      journal.append({ kind: 'intent', step, name });
      let result: Result;
      try {
        result = await act();
      } catch (error) {
        if (refused(error)) journal.append({ kind: 'outcome', step, name, outcome: 'refused' });
        else if (tries < mostTries && passing?.(error) === true) {
          const milliseconds = backOff(tries, firstPauseMs);
          await pause({ label: 'No clear answer', next: tries + 1, milliseconds });
          continue;
        }
        throw error;
      }
      journal.append({ kind: 'outcome', step, name, outcome: 'done', result });
      return result;
    }
  };
}

/**
 * Gives the result of an act that is done already, from the journal or from the probe. Notes a result of the probe in the journal.
 * `undefined` means that the act is not done: it was never begun, AWS refused it, or the probe found that it did not happen.
 * @throws ProblemError when the probe cannot tell.
 */
async function findResult<Result>(
  journal: Journal,
  step: string,
  { name, probe }: AttemptRequest<Result>,
): Promise<{ readonly result: Result } | undefined> {
  const earlier = journal.state.attempts.get(`${step}/${name}`);
  if (earlier?.outcome === 'done') return { result: earlier.result as Result };
  // The outcome `unknown` means that the act was begun, and nobody knows how it ended. Only then is there something to probe.
  if (earlier?.outcome !== 'unknown') return undefined;
  const probed = await probe(new Date(earlier.at));
  if (probed.found === 'unknown') throw new ProblemError(unknownOutcomeProblem(name));
  if (probed.found === 'not done') return undefined;
  journal.append({ kind: 'outcome', step, name, outcome: 'done', result: probed.result, probed: true });
  return probed;
}

function unknownOutcomeProblem(name: string) {
  return {
    kind: 'lost',
    what: `Can't tell whether "${name}" happened.`,
    why: 'The connection ended before AWS answered, and looking afterwards gave no clear answer.',
    state: 'Nothing more was sent. The journal holds what was tried.',
    next: ['Try again when the connection is back: Keyferry looks first, and acts only if nothing was done.'],
  } as const;
}
