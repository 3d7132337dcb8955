import type { Command } from 'commander';
import { completeInBash } from './bash.ts';
import { completeInFish } from './fish.ts';
import { readVocabulary } from './vocabulary.ts';
import { completeInZsh } from './zsh.ts';

const writers = { bash: completeInBash, zsh: completeInZsh, fish: completeInFish };

/** The shells for which there is a completion. */
export const shells = Object.keys(writers) as (keyof typeof writers)[];

/** Gives the script that a person sources in a shell, so that the shell completes the command line of keyferry. */
export function completionScript(shell: keyof typeof writers, program: Command): string {
  const { program: itself, commands } = readVocabulary(program);
  return writers[shell](itself, commands);
}
