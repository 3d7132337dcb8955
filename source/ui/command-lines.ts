import type { EquivalentCommand } from '../ceremony/step.ts';

/** Commands as they are run: each behind a comment that says what it is for, a blank line between them. */
export function commandLines(commands: readonly EquivalentCommand[]): readonly string[] {
  return commands.flatMap(({ says, shell }, index) => [
    ...(index === 0 ? [] : ['']),
    `# ${says}`,
    ...shell.split('\n'),
  ]);
}
