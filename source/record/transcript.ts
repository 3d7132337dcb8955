import type { EquivalentCommand } from '../ceremony/step.ts';

/** A finished ceremony as a person could do it by hand: what was done, why, and the commands. Nothing in it is secret. */
export type Transcript = {
  /** The name of the result, such as the key's alias. */
  readonly title: string;
  /** The version of Keyferry. */
  readonly version: string;
  /** When the ceremony ended, ISO 8601. */
  readonly finishedAt: string;
  readonly accountId: string;
  readonly region: string;
  /** A sentence that says what another run of the same commands makes. */
  readonly again: string;
  /** The command that serves practice AWS to the aws command. Absent when the ceremony worked on AWS. */
  readonly practice?: string;
  readonly steps: readonly TranscriptStep[];
};

/** A step of a {@link Transcript}. */
export type TranscriptStep = {
  readonly title: string;
  readonly why: string;
  /** What the step established, in one line. */
  readonly receipt: string;
  readonly commands: readonly EquivalentCommand[];
};

/** Gives the steps without repeated commands: of all commands that make the same variable or file, only the first stays. */
export function withoutRepetition(steps: readonly TranscriptStep[]): readonly TranscriptStep[] {
  const made = new Set<string>();
  return steps.map((step) => ({
    ...step,
    commands: step.commands.filter(({ makes }) => {
      if (makes === undefined) return true;
      const isRepeated = made.has(makes);
      made.add(makes);
      return !isRepeated;
    }),
  }));
}
