import { resolve } from 'node:path';
import { expiry as ceremony } from '../ceremonies/expiry/expiry.ts';
import { type KnownKey, knownKeys, readKnownFolders } from '../ceremonies/known-keys.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { conductLater } from './conduct-later.ts';
import { laterFolder } from './later-folder.ts';
import { newFolder } from './open-ceremony.ts';
import type { InterfaceOptions } from './open-interface.ts';

type ExpiryOptions = InterfaceOptions & { readonly key?: string };

/** Leads a person through a change of an expiry. @returns the exit status. */
export function expiry(options: ExpiryOptions): Promise<number> {
  return conductLater(ceremony, options, () => folderFor(options));
}

/**
 * Gives the folder: without a named key as for each later ceremony; else `workdir`, the folder that knows the key, or a new one.
 * @throws ProblemError when `workdir` is of another key.
 */
function folderFor({ workdir, key }: ExpiryOptions): string {
  if (key === undefined) return laterFolder(ceremony.id, { ...(workdir === undefined ? {} : { workdir }) });
  const isNamed = ({ keyArn, alias }: KnownKey) => [keyArn, keyArn.split('/').at(-1), alias].includes(key.trim());
  if (workdir === undefined) return knownKeys(process.cwd()).find(isNamed)?.folder ?? newFolder({});
  const folder = resolve(workdir);
  const [other] = readKnownFolders(folder).keys.filter((known) => known.folder === folder);
  if (other === undefined || isNamed(other)) return folder;
  throw new ProblemError({
    kind: 'fixable',
    what: `Can't change the expiry of ${key} here: the folder is of another key.`,
    why: `${folder} is of ${other.alias}.`,
    state: 'Nothing was sent or changed.',
    next: ['Name another folder with --workdir, or leave --workdir out.'],
  });
}
