import { shownFolder } from '../ceremony/folder.ts';
import { cells, clip, padTo } from '../terminal/cells.ts';
import { hangingLines, widest } from '../terminal/hanging-lines.ts';
import { printable } from '../terminal/printable.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import type { ListedKey } from './listed-key.ts';
import { backupWords, expiryWords, nameOf, stateWords } from './words.ts';

/** The space between two columns. */
const gap = '  ';

/** A column goes below the line of the key when it leaves less room for the name than this, in terminal cells. */
const wantedNameWidth = 20;

/** The name has at least this width, in terminal cells, also on a very narrow terminal. */
const leastNameWidth = 8;

/** The columns to the right of the name. */
const columns = ['state', 'expiry', 'backup'] as const;

type Column = 'name' | (typeof columns)[number];

/**
 * Gives the table of keys, one line for each key. Below that line are the columns for which a narrow terminal has no room
 * beside the name, and the folder that knows the key.
 */
export function tableOf(keys: readonly ListedKey[], now: Date, terminal: Terminal): readonly string[] {
  const { ellipsis, problem, caution } = symbolsFor(terminal);
  const rows = keys.map((listed) => ({
    mark: markOf(listed, { problem, caution }),
    name: printable(nameOf(listed, ellipsis), terminal),
    state: stateWords(listed.key.keyState),
    expiry: expiryWords(listed, now),
    backup: backupWords(listed),
    folder: listed.known === undefined ? undefined : shownFolder(listed.known.folder),
  }));
  const widthOf = (column: Column) => Math.max(...rows.map((row) => cells(row[column])));
  const { besideCount, nameWidth } = chooseLayout(widthOf, terminal);
  return rows.flatMap((row) => {
    const columnsBeside = columns.slice(0, besideCount).map((column) => padTo(row[column], widthOf(column)));
    const partsBelow = [
      ...columns.slice(besideCount).map((column) => row[column]),
      ...(row.folder === undefined ? [] : [`folder ${row.folder}`]),
    ];
    return [
      `${row.mark} ${[padTo(clip(row.name, nameWidth, ellipsis), nameWidth), ...columnsBeside].join(gap)}`.trimEnd(),
      ...(partsBelow.length === 0 ? [] : hangingLines('    ', partsBelow.join(', '), terminal)),
    ];
  });
}

/**
 * Chooses how many columns are beside the name, and how wide the name is, in terminal cells. Puts as many columns beside the name
 * as leave it its whole width, or `wantedNameWidth` when it is wider; at least one.
 * @param widthOf gives the width of the longest text in a column.
 */
function chooseLayout(widthOf: (column: Column) => number, terminal: Terminal) {
  // Two cells are for the mark and the space after it.
  const lineWidth = Math.min(widest, terminal.columns()) - 2;
  const roomForName = (count: number) =>
    lineWidth - columns.slice(0, count).reduce((sum, column) => sum + gap.length + widthOf(column), 0);
  const neededForName = Math.min(wantedNameWidth, widthOf('name'));
  const besideCount = [3, 2].find((count) => roomForName(count) >= neededForName) ?? 1;
  return { besideCount, nameWidth: Math.max(leastNameWidth, Math.min(widthOf('name'), roomForName(besideCount))) };
}

/** Gives the symbol before a key: a problem when its material is missing, a caution when something else is due. */
function markOf({ due }: ListedKey, { problem, caution }: { problem: string; caution: string }): string {
  if (due.length === 0) return ' ';
  return due.some(({ what }) => what === 'PendingImport') ? problem : caution;
}
