import type { Journal } from './journal.ts';
import { ProblemError } from './problem.ts';

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
  /** Looks whether an act that was begun has happened. Changes nothing. */
  readonly probe: () => Promise<ProbeResult<Result>>;
  /** True when this error is the other side's definite no, so that nothing was done. */
  readonly refused: (error: unknown) => boolean;
};

export type Attempt = <Result>(request: AttemptRequest<Result>) => Promise<Result>;

/**
 * Gives the `attempt` of one step: intent to disk, act, outcome to disk. An act that the journal knows as done is not
 * done again but answers with its recorded result; one whose outcome is missing is probed first.
 */
export function attemptsOf(journal: Journal, step: string): Attempt {
  return async <Result>({ name, act, probe, refused }: AttemptRequest<Result>): Promise<Result> => {
    const earlier = journal.state.attempts.get(`${step}/${name}`);
    if (earlier?.outcome === 'done') return earlier.result as Result;
    if (earlier?.outcome === 'none') {
      const probed = await probe();
      if (probed.found === 'done') {
        journal.append({ kind: 'outcome', step, name, outcome: 'done', result: probed.result, probed: true });
        return probed.result;
      }
      if (probed.found === 'unknown') throw new ProblemError(lost(name));
    }
    journal.append({ kind: 'intent', step, name });
    try {
      const result = await act();
      journal.append({ kind: 'outcome', step, name, outcome: 'done', result });
      return result;
    } catch (error) {
      if (refused(error)) journal.append({ kind: 'outcome', step, name, outcome: 'refused' });
      throw error;
    }
  };
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
