import type { EquivalentCommand } from '../ceremony/step.ts';

/** Gives commands as lines of shell. A comment above each command says what it is for; a blank line is between commands. */
export function commandLines(commands: readonly EquivalentCommand[]): readonly string[] {
  return commands.flatMap(({ says, shell }, index) => [
    ...(index === 0 ? [] : ['']),
    `# ${says}`,
    ...shell.split('\n'),
  ]);
}
