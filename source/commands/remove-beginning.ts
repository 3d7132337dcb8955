import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import type { Services } from '../steps/services.ts';

/**
 * Removes the journal of a closed ceremony that ended before it made anything: the person left it for another one, or its
 * answers were refused. Removes its folder too when Keyferry named the folder and nothing else is in it. A ceremony that has begun
 * an act with lasting effect stays as it is.
 */
export function removeBeginning({ journal, folder }: Services): void {
  if (journal.state.attempts.size > 0) return;
  rmSync(journal.path, { force: true });
  if (folder.mayRename && readdirSync(folder.path).length === 0) rmdirSync(folder.path);
}
