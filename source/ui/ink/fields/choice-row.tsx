import { Box, useIsScreenReaderEnabled } from 'ink';
import type { ItemProps } from 'ink-select-input';
import { cells, clip, padTo, wrap } from '../../../terminal/cells.ts';
import { type Line, Lines, say, useSymbols } from '../lines.tsx';

/** A row of a list: what it is called, a word about it, and why it cannot be chosen. */
export type ChoiceRow = {
  readonly value: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly disabled?: string | undefined;
};

/** Gives the index of the row with the value `at`, or 0 when no row has this value. */
export function indexOf(rows: readonly ChoiceRow[], rowValue: string | undefined): number {
  return Math.max(
    0,
    rows.findIndex(({ value }) => value === rowValue),
  );
}

/** Gives the row under the cursor, or nothing in an empty list. */
export function rowAt<Row extends ChoiceRow>(rows: readonly Row[], rowValue: string | undefined): Row | undefined {
  return rows[indexOf(rows, rowValue)];
}

type Layout = {
  readonly width: number;
  /** The width of the longest label that has a hint: the hints begin in one column behind it. */
  readonly column: number;
  /**
   * Hints are beside the labels when every row fits on one line. Else they are below them. In long lists they are cut off at
   * the end of the line, or left out where that would leave too little of them.
   */
  readonly hints: 'beside' | 'below' | 'left out';
};

/** So many columns of a hint are worth showing. */
const leastHint = 20;

/** Gives the layout of the rows of a list at a width in columns, and how many lines each row takes. */
export function choiceLayout(
  rows: readonly ChoiceRow[],
  width: number,
  otherwise: 'below' | 'left out' = 'below',
): Layout & { readonly each: number } {
  const column = Math.max(0, ...rows.map((row) => (aside(row) === '' ? 0 : cells(row.label))));
  const wide = (row: ChoiceRow) => 2 + (aside(row) === '' ? cells(row.label) : column + 3 + cells(aside(row)));
  const canCut = otherwise === 'left out' && width - 2 - column - 3 >= leastHint;
  const hints = canCut || rows.every((row) => wide(row) <= width) ? 'beside' : otherwise;
  const layout = { width, column, hints } as const;
  if (hints === 'left out') return { ...layout, each: 1 };
  return { ...layout, each: Math.max(1, ...rows.map((row) => rowLines(row, layout).length)) };
}

const aside = ({ hint, disabled }: ChoiceRow) => disabled ?? hint ?? '';

function rowLines(
  row: ChoiceRow,
  { width, column, hints }: Layout,
  { isCurrent = false, ellipsis = '' } = {},
): readonly Line[] {
  const tone = row.disabled === undefined ? (isCurrent ? 'accent' : undefined) : 'quiet';
  const more = aside(row);
  if (hints === 'left out') return [say(clip(row.label, width - 2, ellipsis), tone)];
  if (hints === 'beside')
    return [
      more === ''
        ? say(clip(row.label, width - 2, ellipsis), tone)
        : [{ text: padTo(row.label, column + 3), tone }, { text: clip(more, width - 2 - column - 3, ellipsis) }],
    ];
  return [
    ...wrap(row.label, width - 2).map((line) => say(line, tone)),
    ...(more === '' ? [] : wrap(more, width - 4).map((line) => say(`  ${line}`))),
  ];
}

type ShownRow = {
  readonly row: ChoiceRow;
  readonly layout: Layout;
  /** Whether the cursor is on this row; without it, ink-select-input says so. */
  readonly isCurrent?: boolean;
};

/**
 * Gives the rows as items of ink-select-input, which hands each whole item to {@link Row}. The value is the same at every
 * width, because the list loses its place when a value changes.
 */
export function itemsOf(rows: readonly ChoiceRow[], layout: Layout, rowIndex?: number) {
  return rows.map((row, index) => {
    const shown: ShownRow = { row, layout, ...(rowIndex === undefined ? {} : { isCurrent: index === rowIndex }) };
    return { key: row.value, label: row.label, value: row.value, shown };
  });
}

/** Draws one row of a list with the mark of the cursor before it. */
export function Row({ isSelected = false, shown }: ItemProps & { readonly shown?: ShownRow }) {
  const { current, ellipsis } = useSymbols();
  const spoken = useIsScreenReaderEnabled();
  if (shown === undefined) return null;
  const { row, layout, isCurrent = isSelected } = shown;
  const said = [row.label.replaceAll(/ +/g, ' '), ...(aside(row) === '' ? [] : [aside(row)])].join(', ');
  const drawn = rowLines(row, layout, { isCurrent, ellipsis }).map(
    (line, index): Line => [
      isCurrent && index === 0 ? { text: `${current} `, tone: 'accent' } : { text: '  ' },
      ...line,
    ],
  );
  return (
    <Box aria-role="radio" aria-state={{ checked: isCurrent, disabled: row.disabled !== undefined }}>
      <Lines lines={spoken ? [say(said)] : drawn} />
    </Box>
  );
}

/** Draws nothing: {@link Row} draws the mark of the cursor itself. */
export const NoIndicator = () => null;
