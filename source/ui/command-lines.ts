import type { EquivalentCommand } from '../ceremony/step.ts';

/** Gives commands as lines of shell, each after a comment that says what it does, with blank lines between them. */
export function commandLines(commands: readonly EquivalentCommand[]): readonly string[] {
  return commands.flatMap(({ says, shell }, index) => [
    ...(index === 0 ? [] : ['']),
    `# ${says}`,
    ...shell.split('\n'),
  ]);
}
