import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { diskReason } from '../disk/reason.ts';
import type { Check } from './check.ts';
import { octal } from './octal.ts';

/** Checks whether Keyferry can write to a folder, or can make it when it does not exist, and whether the umask is fit. */
export function checkFolder(path: string, umask: number): Check {
  const existing = nearestExisting(path);
  const facts = { path, umask: octal(umask) };
  const failure = explainUnfitUmask(umask) ?? explainUnwritable(existing);
  if (failure !== undefined)
    return { id: 'folder', state: 'fails', what: `Keyferry cannot work in ${existing}`, ...failure, facts };
  const what = existing === path ? `The folder can be written: ${path}` : `The folder can be made: ${path}`;
  return { id: 'folder', state: 'fine', what, details: [`umask ${octal(umask)}`], facts };
}

type Failure = { readonly why: string; readonly next: readonly string[] };

/**
 * Says why a umask is unfit; `undefined` when it is fit. A umask that has bits of 0700 takes rights from the owner of each new
 * folder or file.
 */
function explainUnfitUmask(umask: number): Failure | undefined {
  if ((umask & 0o700) === 0) return undefined;
  const why = `The umask ${octal(umask)} takes rights from yourself: what Keyferry writes it could not read again.`;
  return { why, next: ['Set it in this shell: umask 077'] };
}

/** Says why nothing can be made in this folder; `undefined` when it can be. */
function explainUnwritable(path: string): Failure | undefined {
  try {
    // After the path of a file, `/.` is not valid. So this fails for a file too.
    accessSync(`${path}/.`, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return { why: diskReason(error), next: ['Go to another folder, or name one with --workdir.'] };
  }
}

/** Gives the path itself when it exists, otherwise the nearest folder above it that exists. */
function nearestExisting(path: string): string {
  const isRoot = dirname(path) === path;
  return existsSync(path) || isRoot ? path : nearestExisting(dirname(path));
}
