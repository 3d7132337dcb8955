import type { CeremonyFolder } from '../ceremony/folder.ts';
import { importFileNames } from './file-names.ts';

type FileNames = ReturnType<typeof importFileNames>;
type Place = { readonly folder: CeremonyFolder; readonly clock: () => Date };

/** Chooses the file names of the next wrapping key and import token of a run. */
export class PairNames {
  #next: FileNames | undefined;

  /**
   * Gives the names of the next pair. They stay the same until the key file is written, so that the shown commands and the
   * written files have the same names.
   */
  next(keyId: string, place: Place): FileNames {
    const before = this.#next;
    if (before?.publicKeyFile.includes(keyId) === true && !place.folder.has(before.publicKeyFile)) return before;
    this.#next = freeNames(keyId, place);
    return this.#next;
  }
}

/** Gives names with the time of now, or of the next second for which no file of an earlier pair exists. */
function freeNames(keyId: string, { folder, clock }: Place): FileNames {
  for (let at = clock(); ; at = new Date(at.getTime() + 1000)) {
    const names = importFileNames(keyId, at);
    if (!folder.has(names.publicKeyFile) && !folder.has(names.tokenFile)) return names;
  }
}
