import type { CeremonyFolder } from '../ceremony/folder.ts';
import { importFileNames } from './file-names.ts';

type FileNames = ReturnType<typeof importFileNames>;
type FolderAndClock = { readonly folder: CeremonyFolder; readonly clock: () => Date };

/** Chooses the file names of the next wrapping key and import token of a run. */
export class PairNames {
  #next: FileNames | undefined;

  /**
   * Gives the names of the next pair for a KMS key. They stay the same until the file of the wrapping key is written, so that
   * the commands on the screen and the written files have the same names.
   */
  next(keyId: string, services: FolderAndClock): FileNames {
    const lastNames = this.#next;
    const areForKey = lastNames?.publicKeyFile.includes(keyId) === true;
    if (areForKey && !services.folder.has(lastNames.publicKeyFile)) return lastNames;
    this.#next = freeNames(keyId, services);
    return this.#next;
  }
}

/** Gives names with the present time, or with the next second for which there is no file of an earlier pair. */
function freeNames(keyId: string, { folder, clock }: FolderAndClock): FileNames {
  for (let moment = clock(); ; moment = new Date(moment.getTime() + 1000)) {
    const names = importFileNames(keyId, moment);
    if (!folder.has(names.publicKeyFile) && !folder.has(names.tokenFile)) return names;
  }
}
