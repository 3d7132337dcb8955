import type { Journal } from '../ceremony/journal.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { checkBackup } from './check-backup/check-backup.ts';
import { checkOffline } from './check-backup/check-offline.ts';
import { encrypt } from './encrypt/encrypt.ts';
import { expiry } from './expiry/expiry.ts';
import { firstImport, firstImportAsInTheVideo } from './first-import/first-import.ts';
import { guidedFirstImport } from './first-import/guided.ts';
import { importExisting } from './import-existing/import-existing.ts';
import { reimport } from './reimport/reimport.ts';
import { reimportWrapped } from './reimport/reimport-wrapped.ts';

/**
 * Every ceremony. The first two begin in a new folder and record a key; the others start from such a recorded key, and some of them
 * also from a key that the person names.
 */
export const ceremonies: readonly KeyferryCeremony[] = [
  firstImport,
  importExisting,
  reimport,
  reimportWrapped,
  expiry,
  checkBackup,
  checkOffline,
  encrypt,
];

/** The ceremonies that start from what another one has recorded in a folder. */
export const laterCeremonies = ceremonies.filter(({ startsFrom }) => startsFrom.from === 'recorded');

/** Gives the form of a ceremony in which a person is led through it. Only the first import has another form for that. */
export function guidedForm(ceremony: KeyferryCeremony): KeyferryCeremony {
  return ceremony.id === firstImport.id ? guidedFirstImport : ceremony;
}

/** Gives the first import for an answers file; with the flag `--as-in-the-video`, in the order and words of the video. */
export function firstCeremony({ asInTheVideo }: { readonly asInTheVideo?: boolean } = {}): KeyferryCeremony {
  return asInTheVideo === true ? firstImportAsInTheVideo : firstImport;
}

/**
 * Gives the ceremony with which a folder was begun, as the folder's `journal.jsonl` names it. Gives the first import when that
 * journal is empty, or names no ceremony with which this version begins a folder.
 */
export function ceremonyBegunWith({ state }: Pick<Journal, 'state'>): KeyferryCeremony {
  return (
    ceremonies.find(({ id, startsFrom }) => id === state.ceremony && startsFrom.from === 'new folder') ?? firstImport
  );
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
