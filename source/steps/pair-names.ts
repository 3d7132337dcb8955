import type { CeremonyFolder } from '../ceremony/folder.ts';
import { importFileNames } from './file-names.ts';

type FileNames = ReturnType<typeof importFileNames>;
type Place = { readonly folder: CeremonyFolder; readonly clock: () => Date };

/** The names of the files of a run's next wrapping key and import token. */
export class PairNames {
  #next: FileNames | undefined;

  /**
   * Gives the names that the next pair gets: the same for the commands that are shown and for the files that are written.
   */
  next(keyId: string, place: Place): FileNames {
    const before = this.#next;
    if (before?.publicKeyFile.includes(keyId) === true && !place.folder.has(before.publicKeyFile)) return before;
    this.#next = freeNames(keyId, place);
    return this.#next;
  }
}

/** Names by the second; a pair that was fetched in the same one, and of which a part may be there, keeps its own. */
function freeNames(keyId: string, { folder, clock }: Place): FileNames {
  for (let at = clock(); ; at = new Date(at.getTime() + 1000)) {
    const names = importFileNames(keyId, at);
    if (!folder.has(names.publicKeyFile) && !folder.has(names.tokenFile)) return names;
  }
}
