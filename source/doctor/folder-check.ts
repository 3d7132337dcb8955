import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { diskReason } from '../disk/reason.ts';
import type { Check } from './check.ts';
import { octal } from './octal.ts';

/** Checks whether Keyferry can write to the folder or, if it does not exist, make it below the nearest folder that does. */
export function checkFolder(path: string, umask: number): Check {
  const writable = lastThere(path);
  const facts = { path, umask: octal(umask) };
  const broken = brokenBy(umask) ?? unwritable(writable);
  if (broken !== undefined)
    return { id: 'folder', state: 'fails', what: `Keyferry cannot work in ${writable}`, ...broken, facts };
  const what = writable === path ? `The folder can be written: ${path}` : `The folder can be made: ${path}`;
  return { id: 'folder', state: 'fine', what, details: [`umask ${octal(umask)}`], facts };
}

type Reason = { readonly why: string; readonly next: readonly string[] };

/** Says why a umask is unfit: it takes the owner's own rights from the folders (0700) and files (0600) that are made. */
function brokenBy(umask: number): Reason | undefined {
  if ((umask & 0o700) === 0) return undefined;
  const why = `The umask ${octal(umask)} takes rights from yourself: what Keyferry writes it could not read again.`;
  return { why, next: ['Set it in this shell: umask 077'] };
}

function unwritable(path: string): Reason | undefined {
  try {
    // `/.` makes this fail for a file.
    accessSync(`${path}/.`, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return { why: diskReason(error), next: ['Go to another folder, or name one with --workdir.'] };
  }
}

function lastThere(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : lastThere(dirname(path));
}
