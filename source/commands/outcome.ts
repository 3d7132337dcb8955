import type { Conclusion } from '../ceremony/conclusion.ts';
import type { Problem } from '../ceremony/problem.ts';
import type { Facts } from '../steps/facts.ts';
import { printableJson } from '../terminal/printable.ts';

/**
 * How a run ended. `finished`: all steps are done. `stopped`: after a problem, with progress saved. `cannot-start`: for example
 * because the command line or the answers have a mistake; this run made nothing in AWS. `interrupted`: by a person or a signal.
 * `failed`: by a defect of this program.
 */
export type Ended = 'finished' | 'stopped' | 'cannot-start' | 'interrupted' | 'failed';

/** The outcome of a run: the object that `--json` prints at every exit status. Never secret. */
export type RunOutcome = {
  readonly ended: Ended;
  /** The exit status. */
  readonly exit: number;
  /** The id of the ceremony, or null when none was chosen yet. */
  readonly ceremony: string | null;
  /** When this outcome was made, ISO 8601. */
  readonly asOf: string;
  readonly problem?: ReturnType<typeof problemForPrograms>;
};

/** Prints the outcome of a run as `--json` promises: one JSON object. */
export function printOutcome(outcome: RunOutcome, stdout: { write(text: string): unknown }): void {
  stdout.write(`${printableJson(JSON.stringify(outcome, undefined, 2))}\n`);
}

/** The ceremony that ran, as far as it was known: its id, its facts and its folder. */
type KnownOfRun = { readonly ceremony: string | null; readonly facts?: Facts; readonly workdir?: string };

/** Gives the outcome of a ceremony whose steps are all done. */
export function finishedOutcome(ceremony: string, { status, result, problem }: Conclusion): RunOutcome {
  return {
    ended: 'finished',
    exit: status,
    ceremony,
    asOf: new Date().toISOString(),
    ...result,
    ...(problem === undefined ? {} : { problem: problemForPrograms(problem) }),
  };
}

/**
 * Gives the outcome of a run that ended before all steps were done. It names the key and the folder, if they are known, and the
 * problem, if there is one.
 * @param exit the exit status.
 */
export function unfinishedOutcome(
  ended: Exclude<Ended, 'finished'>,
  exit: number,
  { ceremony, facts: { key } = {}, workdir, problem }: KnownOfRun & { readonly problem?: Problem },
): RunOutcome {
  const known = {
    ...(key === undefined ? {} : { keyId: key.keyId, keyArn: key.keyArn, alias: key.alias }),
    ...(workdir === undefined ? {} : { workdir }),
  };
  return {
    ended,
    exit,
    ceremony,
    asOf: new Date().toISOString(),
    ...known,
    ...(problem === undefined ? {} : { problem: problemForPrograms(problem) }),
  };
}

/** Gives a problem as `--json` prints it: the code of AWS or Keyferry, and the sentences that a person reads. */
function problemForPrograms({ code, what, why, state, next }: Problem) {
  return { code: code ?? null, what, why: why ?? null, state: state ?? null, next };
}
