import type { KeyferryCeremony } from '../steps/services.ts';
import { checkBackup } from './check-backup/check-backup.ts';
import { firstImport, firstImportAsInTheVideo } from './first-import/first-import.ts';
import { reimport } from './reimport/reimport.ts';

/** Every ceremony; the first one makes the folder that the others start from. */
export const ceremonies: readonly KeyferryCeremony[] = [firstImport, reimport, checkBackup];

/** Gives the first import: in the order and words of the video when the flag `--as-in-the-video` is set. */
export function firstCeremony({ asInTheVideo }: { readonly asInTheVideo?: boolean } = {}): KeyferryCeremony {
  return asInTheVideo === true ? firstImportAsInTheVideo : firstImport;
}

/**
 * Gives the ceremony with this id.
 * @throws Error when no ceremony has this id.
 */
export function ceremonyOf(id: string): KeyferryCeremony {
  const found = ceremonies.find((ceremony) => ceremony.id === id);
  if (found === undefined) throw new Error(`There is no ceremony "${id}".`);
  return found;
}
