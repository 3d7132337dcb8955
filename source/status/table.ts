import { workdirWords } from '../ceremony/folder.ts';
import { cells, clip, padTo } from '../terminal/cells.ts';
import { hangingLines, widest } from '../terminal/hanging-lines.ts';
import { printable } from '../terminal/printable.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import type { ListedKey } from './listed-key.ts';
import { backupWords, expiryWords, nameOf, stateWords } from './words.ts';

/** Between two columns. */
const gap = '  ';

/** Of a name, as much as tells keys apart: with less room for it, a column goes below. */
const leastName = 20;

/** The columns beside the name, and how many of them stand in the line of the key: the more, the wider the terminal. */
const columns = ['state', 'expiry', 'backup'] as const;

/**
 * Gives the table of keys, a line a key; below it stands the folder that knows of the key, and on a narrow terminal what does
 * not fit beside the name.
 */
export function tableOf(keys: readonly ListedKey[], now: Date, terminal: Terminal): readonly string[] {
  const { ellipsis, problem, caution } = symbolsFor(terminal);
  const safe = (text: string) => printable(text, terminal);
  const rows = keys.map((listed) => ({
    mark: markOf(listed, { problem, caution }),
    name: safe(nameOf(listed, ellipsis)),
    state: stateWords(listed.key.keyState),
    expiry: expiryWords(listed, now),
    backup: backupWords(listed),
    folder: listed.known === undefined ? undefined : safe(shownFolder(listed.known.folder)),
  }));
  const widthOf = (column: 'name' | (typeof columns)[number]) => Math.max(...rows.map((row) => cells(row[column])));
  const width = Math.min(widest, terminal.columns()) - 2;
  const roomBeside = (count: number) =>
    width - columns.slice(0, count).reduce((sum, column) => sum + gap.length + widthOf(column), 0);
  const wanted = Math.min(leastName, widthOf('name'));
  const beside = [3, 2, 1].find((count) => roomBeside(count) >= wanted) ?? 1;
  const forName = Math.max(8, Math.min(widthOf('name'), roomBeside(beside)));
  return rows.flatMap((row) => {
    const line = columns.slice(0, beside).map((column) => padTo(row[column], widthOf(column)));
    const below = [
      ...columns.slice(beside).map((column) => row[column]),
      ...(row.folder === undefined ? [] : [`folder ${row.folder}`]),
    ];
    return [
      `${row.mark} ${[padTo(clip(row.name, forName, ellipsis), forName), ...line].join(gap)}`.trimEnd(),
      ...(below.length === 0 ? [] : hangingLines('    ', below.join(', '), terminal)),
    ];
  });
}

function markOf({ due }: ListedKey, { problem, caution }: { problem: string; caution: string }): string {
  if (due.length === 0) return ' ';
  return due.some(({ what }) => what === 'PendingImport') ? problem : caution;
}

/** Gives a folder as a person in the current directory would write it. */
export function shownFolder(folder: string): string {
  return workdirWords(folder)[1] ?? '.';
}
