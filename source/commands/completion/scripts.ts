import type { Command } from 'commander';
import { completeInBash } from './bash.ts';
import { completeInFish } from './fish.ts';
import { readVocabulary } from './vocabulary.ts';
import { completeInZsh } from './zsh.ts';

/** The functions that write the completion scripts, by shell. */
const writers = { bash: completeInBash, zsh: completeInZsh, fish: completeInFish };

/** The shells that have a completion script. */
export const shells = Object.keys(writers) as (keyof typeof writers)[];

/** Gives the completion script for a shell. A person sources it in that shell. */
export function completionScript(shell: keyof typeof writers, program: Command): string {
  const vocabulary = readVocabulary(program);
  return writers[shell](vocabulary.program, vocabulary.commands);
}
