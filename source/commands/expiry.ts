import { resolve } from 'node:path';
import { expiry as ceremony } from '../ceremonies/expiry/expiry.ts';
import { isNamed, knownKeys } from '../ceremonies/known-keys.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { conductLaterCeremony } from './conduct-later.ts';
import { findFolderThatKnows } from './folder-that-knows.ts';
import { laterFolder } from './later-folder.ts';
import { newFolder } from './open-ceremony.ts';
import type { InterfaceOptions } from './open-interface.ts';

/** The flags of the command. `key` is the id, the ARN or an alias of the KMS key. */
type ExpiryOptions = InterfaceOptions & { readonly key?: string };

/** Leads a person through a change of an expiry. @returns the exit status. */
export function expiry(options: ExpiryOptions): Promise<number> {
  return conductLaterCeremony(ceremony, options, () => chooseFolder(options));
}

/**
 * Gives the folder of the ceremony. Without a named key, {@link laterFolder} chooses it. With one, it is `workdir`; else the
 * folder that knows the key; else a new folder.
 * @throws ProblemError when `workdir` is of another key, or when folders here know several keys by that name.
 */
function chooseFolder({ key, ...place }: ExpiryOptions): string {
  if (key === undefined) return laterFolder(ceremony.id, place);
  const { workdir } = place;
  if (workdir === undefined) {
    const commandWithFolder = ownCommand(ceremony.id, '--workdir', 'FOLDER');
    return findFolderThatKnows(key, place, commandWithFolder) ?? newFolder({});
  }
  const folder = resolve(workdir);
  // The key of the oldest ceremony comes first. A later encryption may have used another one.
  const keyOfFolder = knownKeys(folder).find((known) => known.folder === folder);
  if (keyOfFolder === undefined || isNamed(keyOfFolder, key)) return folder;
  throw new ProblemError({
    kind: 'fixable',
    what: `Can't change the expiry of ${key} here: the folder is of another key.`,
    why: `${folder} is of ${keyOfFolder.alias}.`,
    state: 'Nothing was sent or changed.',
    next: ['Name another folder with --workdir, or leave --workdir out.'],
  });
}
