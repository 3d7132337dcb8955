import type { ClosingAction } from '../ceremony/conclusion.ts';
import type { CeremonyFolder } from '../ceremony/folder.ts';

/** Makes an action for the last page: its key `r` opens the record. @param file the file name of the record in `folder`. */
export function openRecordAction(folder: CeremonyFolder, file: string): ClosingAction {
  return {
    key: 'r',
    does: 'open record',
    act: () => ({ title: file, lines: folder.read(file).toString('utf8').trimEnd().split('\n') }),
  };
}
