import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { singleQuote } from '../ceremony/shell-word.ts';
import { isOpenToOthers } from '../disk/private-file.ts';
import type { Check } from './check.ts';
import { octal } from './octal.ts';

/** The folders to look at, and the user to whom they should belong. */
export type CeremonyFolders = {
  readonly paths: readonly string[];
  /** The path that the person named. Keyferry must use this folder and no other. */
  readonly named: string | undefined;
  /** The file name of the journal in each folder. */
  readonly journal: string;
  /** The number of this user; absent on a system without user numbers. */
  readonly uid: number | undefined;
};

/** What is wrong with a folder or a journal: others can look into it, it belongs to another user, or it is no folder. */
type Exposure = {
  readonly path: string;
  /** Its permission bits in octal, such as 0755. */
  readonly mode: string;
  readonly why: string;
  readonly next: string;
};

/**
 * Checks that the ceremonies' folders and journals belong to this user, and that only this user can enter the folders (0700) and
 * open the journals (0600). Fails when that is not so for the folder that the person named, and warns in any other case.
 */
export function checkCeremonyFolders({ paths, named, journal, uid }: CeremonyFolders): Check {
  const exposures = paths.flatMap((path) => [
    ...findFolderExposures(path, uid),
    ...(existsSync(join(path, journal)) ? findJournalExposures(join(path, journal), uid) : []),
  ]);
  const facts = { folders: paths, exposed: exposures.map(({ path, mode }) => ({ path, mode })) };
  const id = 'ceremony-folders';
  if (paths.length === 0) return { id, state: 'fine', what: 'No ceremony was begun here yet.', facts };
  if (exposures.length === 0)
    return { id, state: 'fine', what: 'What ceremonies keep here is yours alone.', details: paths, facts };
  // A ceremony refuses the named folder when it is exposed. A journal that others may read does not stop it.
  const isRefused = exposures.some(({ path }) => path === named);
  return {
    id,
    state: isRefused ? 'fails' : 'warning',
    what: isRefused
      ? 'Keyferry will not keep a ceremony in that folder.'
      : 'What a ceremony keeps here is not yours alone.',
    why: exposures.map(({ why }) => why).join(' '),
    next: exposures.map(({ next }) => next),
    facts,
  };
}

/** The permission bits of a file mode: of the owner, the group and all others. */
const permissionBits = 0o777;

/** Gives how a ceremony's folder is exposed: by its mode or its owner, or because it is no folder. Empty without an exposure. */
function findFolderExposures(path: string, uid: number | undefined): readonly Exposure[] {
  const status = lstatSync(path);
  const mode = octal(status.mode & permissionBits);
  if (!status.isDirectory()) {
    const next = 'Name a folder with --workdir; it is made with the right mode.';
    return [{ path, mode, why: `${path} is not a folder.`, next }];
  }
  // Keyferry gives an empty folder of this user the right mode by itself.
  const isOpen = isOpenToOthers(status.mode) && readdirSync(path).length > 0;
  return exposuresOf(path, { mode, isOpen, owner: status.uid, uid, rightMode: '700' });
}

/** Gives how a journal is exposed: by its mode or its owner. Empty when it is not. */
function findJournalExposures(path: string, uid: number | undefined): readonly Exposure[] {
  const { mode, uid: owner } = lstatSync(path);
  const isOpen = isOpenToOthers(mode);
  return exposuresOf(path, { mode: octal(mode & permissionBits), isOpen, owner, uid, rightMode: '600' });
}

/** Who owns a folder or a file, and who can open it. */
type Access = {
  readonly mode: string;
  /** True when others than the owner have a permission. */
  readonly isOpen: boolean;
  /** The number of the user who owns it. */
  readonly owner: number;
  /** The number of this user. */
  readonly uid: number | undefined;
  /** The mode that it should have, in octal. */
  readonly rightMode: string;
};

/** Gives one entry for each thing that is wrong: another owner, and a mode that lets others in. */
function exposuresOf(path: string, { mode, isOpen, owner, uid, rightMode }: Access): readonly Exposure[] {
  const isOfOtherUser = uid !== undefined && owner !== uid;
  const ownerExposure = {
    path,
    mode,
    why: `${path} belongs to another user (${owner}).`,
    next: `Have it given to you: chown ${uid} ${singleQuote(path)}`,
  };
  const modeExposure = {
    path,
    mode,
    why: `Others on this machine may look into ${path} (mode ${mode}).`,
    next: `Run: chmod ${rightMode} ${singleQuote(path)}`,
  };
  return [...(isOfOtherUser ? [ownerExposure] : []), ...(isOpen ? [modeExposure] : [])];
}
