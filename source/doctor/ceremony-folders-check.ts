import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { singleQuote } from '../ceremony/shell-word.ts';
import type { Check } from './check.ts';
import { octal } from './octal.ts';

/** The folders to look at, and for whom. */
export type CeremonyFolders = {
  readonly paths: readonly string[];
  /** The one that the person named, which Keyferry has to use. */
  readonly named: string | undefined;
  /** The name of the journal in each. */
  readonly journal: string;
  /** The number of this user; absent on a system without user numbers. */
  readonly uid: number | undefined;
};

/** A folder or a journal that others can look into, or that is not the person's own. */
type Exposed = {
  readonly path: string;
  readonly mode: string;
  readonly why: string;
  readonly next: string;
  /** True when Keyferry refuses to work there. */
  readonly isRefused: boolean;
};

/** Checks that only their owner can enter the ceremonies' folders (0700) and read their journals (0600). */
export function checkCeremonyFolders({ paths, named, journal, uid }: CeremonyFolders): Check {
  const exposed = paths.flatMap((path) => [
    ...exposedFolder(path, uid),
    ...(existsSync(join(path, journal)) ? exposedFile(join(path, journal), uid) : []),
  ]);
  const facts = { folders: paths, exposed: exposed.map(({ path, mode }) => ({ path, mode })) };
  const id = 'ceremony-folders';
  if (paths.length === 0) return { id, state: 'fine', what: 'No ceremony was begun here yet.', facts };
  if (exposed.length === 0)
    return { id, state: 'fine', what: 'What ceremonies keep here is yours alone.', details: paths, facts };
  const isRefused = exposed.some((one) => one.isRefused && one.path === named);
  return {
    id,
    state: isRefused ? 'fails' : 'warning',
    what: isRefused
      ? 'Keyferry will not keep a ceremony in that folder.'
      : 'What a ceremony keeps here is not yours alone.',
    why: exposed.map(({ why }) => why).join(' '),
    next: exposed.map(({ next }) => next),
    facts,
  };
}

function exposedFolder(path: string, uid: number | undefined): readonly Exposed[] {
  const status = lstatSync(path);
  const mode = octal(status.mode & 0o777);
  if (!status.isDirectory()) {
    const next = 'Name a folder with --workdir; it is made with the right mode.';
    return [{ path, mode, why: `${path} is not a folder.`, next, isRefused: true }];
  }
  // Keyferry gives an empty folder the right mode by itself.
  if (readdirSync(path).length === 0) return [];
  return exposedTo(path, { mode, isOpen: (status.mode & 0o077) !== 0, owner: status.uid, uid, rightMode: '700' });
}

function exposedFile(path: string, uid: number | undefined): readonly Exposed[] {
  const { mode, uid: owner } = lstatSync(path);
  const found = { mode: octal(mode & 0o777), isOpen: (mode & 0o077) !== 0, owner, uid, rightMode: '600' };
  // Keyferry refuses a folder that others can open, but not a file.
  return exposedTo(path, found).map((one) => ({ ...one, isRefused: false }));
}

type Found = {
  readonly mode: string;
  readonly isOpen: boolean;
  readonly owner: number;
  readonly uid: number | undefined;
  /** The mode that it should have. */
  readonly rightMode: string;
};

function exposedTo(path: string, { mode, isOpen, owner, uid, rightMode }: Found): readonly Exposed[] {
  const isOthers = uid !== undefined && owner !== uid;
  const ofOthers = {
    path,
    mode,
    why: `${path} belongs to another user (${owner}).`,
    next: `Have it given to you: chown ${uid} ${singleQuote(path)}`,
    isRefused: false,
  };
  const open = {
    path,
    mode,
    why: `Others on this machine may look into ${path} (mode ${mode}).`,
    next: `Run: chmod ${rightMode} ${singleQuote(path)}`,
    isRefused: true,
  };
  return [...(isOthers ? [ofOthers] : []), ...(isOpen ? [open] : [])];
}
