import type { EquivalentCommand } from '../ceremony/step.ts';

/** Gives commands as shell lines: each after a comment with its purpose, with a blank line between commands. */
export function commandLines(commands: readonly EquivalentCommand[]): readonly string[] {
  return commands.flatMap(({ says, shell }, index) => [
    ...(index === 0 ? [] : ['']),
    `# ${says}`,
    ...shell.split('\n'),
  ]);
}
