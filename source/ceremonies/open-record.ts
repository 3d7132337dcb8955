import type { ClosingWay } from '../ceremony/conclusion.ts';
import type { CeremonyFolder } from '../ceremony/folder.ts';

/** The way from the last page to the record that the ceremony has written into its folder. */
export function openRecordWay(folder: CeremonyFolder, file: string): ClosingWay {
  return {
    key: 'r',
    does: 'open record',
    act: () => ({ title: file, lines: folder.read(file).toString('utf8').trimEnd().split('\n') }),
  };
}
