import type { Journal } from './journal.ts';
import { ProblemError } from './problem.ts';
import { backOff, type Pause } from './waiting.ts';

/** What a probe found of an act whose outcome is not known. */
export type ProbeResult<Result> =
  | { readonly found: 'done'; readonly result: Result }
  | { readonly found: 'not done' }
  | { readonly found: 'unknown' };

/** One non-repeatable act: `Result` goes into the journal, so it is plain JSON and never secret. */
export type AttemptRequest<Result> = {
  /** Unique in its step. */
  readonly name: string;
  readonly act: () => Promise<Result>;
  /** Looks whether an act that was begun has happened. Changes nothing. @param at when it was begun. */
  readonly probe: (at: Date) => Promise<ProbeResult<Result>>;
  /** True when this error is the other side's definite no, so that nothing was done. */
  readonly refused: (error: unknown) => boolean;
  /** True when this error leaves open whether anything was done, and passes: after a pause it is probed and tried again. */
  readonly passing?: (error: unknown) => boolean;
};

export type Attempt = <Result>(request: AttemptRequest<Result>) => Promise<Result>;

const mostTries = 5;
const firstPauseMs = 500;

/**
 * Gives the `attempt` of one step: intent to disk, act, outcome to disk. These hold at every moment, also when the
 * process is killed between any two lines, and `test/crash` kills it there:
 *
 * 1. Nothing is sent before its intent is on disk. So an act without an intent has not happened.
 * 2. An intent without an outcome is probed before anything is sent again, in the same run as after a crash. So nothing
 *    below `attempt` may repeat an act by itself: the AWS clients leave these operations to it.
 * 3. An act that the journal knows as done is not done again, but answers with its recorded result.
 * 4. What the probe cannot tell is shown to the person, never guessed.
 */
export function attemptsOf(journal: Journal, step: string, pause: Pause): Attempt {
  return async <Result>(request: AttemptRequest<Result>): Promise<Result> => {
    const { name, act, refused, passing } = request;
    for (let tries = 1; ; tries += 1) {
      const earlier = await outcomeOf(journal, step, request);
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

/** The result of an act that is done already, by the journal or by its probe. */
async function outcomeOf<Result>(
  journal: Journal,
  step: string,
  { name, probe }: AttemptRequest<Result>,
): Promise<{ readonly result: Result } | undefined> {
  const earlier = journal.state.attempts.get(`${step}/${name}`);
  if (earlier?.outcome === 'done') return { result: earlier.result as Result };
  if (earlier?.outcome !== 'none') return undefined;
  const probed = await probe(new Date(earlier.at));
  if (probed.found === 'unknown') throw new ProblemError(lost(name));
  if (probed.found === 'not done') return undefined;
  journal.append({ kind: 'outcome', step, name, outcome: 'done', result: probed.result, probed: true });
  return probed;
}

function lost(name: string) {
  return {
    kind: 'lost',
    what: `Can't tell whether "${name}" happened.`,
    why: 'The connection ended before AWS answered, and looking afterwards gave no clear answer.',
    state: 'Nothing more was sent. The journal holds what was tried.',
    next: ['Try again when the connection is back: Keyferry looks first, and acts only if nothing was done.'],
  } as const;
}
