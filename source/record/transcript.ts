import type { EquivalentCommand } from '../ceremony/step.ts';

/** A finished ceremony as a person could do it by hand: what was done, why, and the commands. Nothing in it is secret. */
export type Transcript = {
  /** The name of the result, such as the key's alias. */
  readonly title: string;
  /** Of Keyferry. */
  readonly version: string;
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly accountId: string;
  readonly region: string;
  /** A sentence that says what another run of the same commands makes. */
  readonly again: string;
  /** The command that serves practice AWS to the aws command. Absent when the ceremony worked on AWS. */
  readonly practice?: string;
  readonly steps: readonly TranscriptStep[];
};

export type TranscriptStep = {
  readonly title: string;
  readonly why: string;
  /** What the step established, in one line. */
  readonly receipt: string;
  readonly commands: readonly EquivalentCommand[];
};

/** Leaves out every command that makes a variable or file which an earlier command has made already. */
export function withoutRepetition(steps: readonly TranscriptStep[]): readonly TranscriptStep[] {
  const found = new Set<string>();
  return steps.map((step) => ({
    ...step,
    commands: step.commands.filter(({ finds }) => {
      if (finds === undefined) return true;
      const isFound = found.has(finds);
      found.add(finds);
      return !isFound;
    }),
  }));
}
