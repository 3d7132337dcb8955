import type { EquivalentCommand } from '../ceremony/step.ts';

/** A whole run as it could be done by hand: what was done, why, and command by command. Nothing in it is secret. */
export type Transcript = {
  /** What was made, such as the key's alias. */
  readonly title: string;
  /** Of Keyferry. */
  readonly version: string;
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly accountId: string;
  readonly region: string;
  /** Set for practice AWS: the command that serves it to aws. */
  readonly practice?: string;
  readonly steps: readonly TranscriptStep[];
};

export type TranscriptStep = {
  readonly title: string;
  readonly why: string;
  /** What it established, in one line. */
  readonly receipt: string;
  readonly commands: readonly EquivalentCommand[];
};

/** Removes commands that provide a variable or file which an earlier step has provided already. */
export function withoutRepetition(steps: readonly TranscriptStep[]): readonly TranscriptStep[] {
  const found = new Set<string>();
  return steps.map((step) => ({
    ...step,
    commands: step.commands.filter(({ finds }) => {
      if (finds === undefined) return true;
      const known = found.has(finds);
      found.add(finds);
      return !known;
    }),
  }));
}
