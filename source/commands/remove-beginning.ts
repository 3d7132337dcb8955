import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import type { Services } from '../steps/services.ts';

/**
 * Removes the journal of a closed ceremony that the person left for another one before it made anything, and its folder where
 * Keyferry named the folder and nothing else is in it. A ceremony that has begun an act with lasting effect stays as it is.
 */
export function removeBeginning({ journal, folder }: Services): void {
  if (journal.state.attempts.size > 0) return;
  rmSync(journal.path, { force: true });
  if (folder.mayRename && readdirSync(folder.path).length === 0) rmdirSync(folder.path);
}
