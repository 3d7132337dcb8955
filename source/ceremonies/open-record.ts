import type { ClosingWay } from '../ceremony/conclusion.ts';
import type { CeremonyFolder } from '../ceremony/folder.ts';

/** Makes the action of the last page that shows the record. @param file the file name of the record in `folder`. */
export function openRecordWay(folder: CeremonyFolder, file: string): ClosingWay {
  return {
    key: 'r',
    does: 'open record',
    act: () => ({ title: file, lines: folder.read(file).toString('utf8').trimEnd().split('\n') }),
  };
}
