import type { KeyferryCeremony } from '../steps/services.ts';
import { checkBackup } from './check-backup/check-backup.ts';
import { firstImport, firstImportAsInTheVideo } from './first-import/first-import.ts';

/** Every ceremony; the first one makes the folder that the others start from. */
export const ceremonies: readonly KeyferryCeremony[] = [firstImport, checkBackup];

/** The ceremony that this program begins with, as the flag of that name asks for it. */
export function firstCeremony({ asInTheVideo }: { readonly asInTheVideo?: boolean } = {}): KeyferryCeremony {
  return asInTheVideo === true ? firstImportAsInTheVideo : firstImport;
}

/**
 * The ceremony with this id.
 * @throws Error where there is none.
 */
export function ceremonyOf(id: string): KeyferryCeremony {
  const found = ceremonies.find((ceremony) => ceremony.id === id);
  if (found === undefined) throw new Error(`There is no ceremony "${id}".`);
  return found;
}
