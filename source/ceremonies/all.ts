import type { KeyferryCeremony } from '../steps/services.ts';
import { checkBackup } from './check-backup/check-backup.ts';
import { firstImport, firstImportAsInTheVideo } from './first-import/first-import.ts';
import { reimport } from './reimport/reimport.ts';

/** Every ceremony. The first one makes the folder from which the others start. */
export const ceremonies: readonly KeyferryCeremony[] = [firstImport, reimport, checkBackup];

/** Gives the first import; with the flag `--as-in-the-video`, in the order and words of the video. */
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
