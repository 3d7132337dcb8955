import { Box, useIsScreenReaderEnabled } from 'ink';
import type { ItemProps } from 'ink-select-input';
import { cells, clip, padTo, wrap } from '../../../terminal/cells.ts';
import { type Line, Lines, say, useSymbols } from '../lines.tsx';
import type { Tone } from '../tones.ts';

/** A row of a list. */
export type ChoiceRow = {
  readonly value: string;
  readonly label: string;
  /** A few words beside the label. */
  readonly hint?: string | undefined;
  /** Why the row cannot be chosen; shown in place of the hint. */
  readonly disabled?: string | undefined;
};

/** Gives the index of the row with this value, or 0 when no row has the value. */
export function indexOf(rows: readonly ChoiceRow[], rowValue: string | undefined): number {
  return Math.max(
    0,
    rows.findIndex(({ value }) => value === rowValue),
  );
}

/** Gives the row with this value; without such a row the first row; `undefined` for an empty list. */
export function rowAt<Row extends ChoiceRow>(rows: readonly Row[], rowValue: string | undefined): Row | undefined {
  return rows[indexOf(rows, rowValue)];
}

/** How the rows of a list are drawn. Widths are in columns. */
type Layout = {
  readonly width: number;
  /** The width of the longest label that has a hint. All hints begin in one column after it. */
  readonly column: number;
  /**
   * `beside`: each hint is beside its label, on one line. `table`: the labels are short names, and a long hint goes on in a column
   * of its own. `below`: each hint is below its label. `left out`: there are no hints. A list that is filtered has no hints below
   * labels: there, hints beside them may be cut off, and are left out when too little of them would remain.
   */
  readonly hints: 'beside' | 'table' | 'below' | 'left out';
};

/** The widest labels and the narrowest hints of a table, in columns. */
const table = { label: 12, hint: 30 };

/** A hint that is cut off must keep this number of columns. */
const leastHint = 20;

/** The columns before a label, for the cursor. */
const cursorWidth = 2;

/** The columns between a label and its hint. */
const gapWidth = 3;

/**
 * Gives the layout of the rows of a list at a width in columns, how many lines the longest row takes, and how many each takes.
 * @param fallback what becomes of hints that do not fit beside the labels. `below`: they go below the labels, or into a table
 * where there is room for one. `left out`: they are cut off, or left out where too little of them would remain.
 */
export function choiceLayout(
  rows: readonly ChoiceRow[],
  width: number,
  fallback: 'below' | 'left out' = 'below',
): Layout & { readonly linesPerRow: number; readonly heights: readonly number[] } {
  const column = Math.max(0, ...rows.map((row) => (aside(row) === '' ? 0 : cells(row.label))));
  const widthOf = (row: ChoiceRow) =>
    cursorWidth + (aside(row) === '' ? cells(row.label) : column + gapWidth + cells(aside(row)));
  const room = hintWidth({ width, column });
  const canCut = fallback === 'left out' && room >= leastHint;
  const isTable = fallback === 'below' && column > 0 && column <= table.label && room >= table.hint;
  const isOneLineEach = canCut || rows.every((row) => widthOf(row) <= width);
  const hintsElsewhere = isTable ? 'table' : fallback;
  const hints = isOneLineEach ? 'beside' : hintsElsewhere;
  const layout = { width, column, hints } as const;
  const heights = hints === 'left out' ? rows.map(() => 1) : rows.map((row) => rowLines(row, layout).length);
  return { ...layout, linesPerRow: Math.max(1, ...heights), heights };
}

/** Gives the width of hints beside labels. */
const hintWidth = ({ width, column }: Pick<Layout, 'width' | 'column'>) => width - cursorWidth - column - gapWidth;

/** Gives the text beside a label: why the row cannot be chosen, or else its hint. */
const aside = ({ hint, disabled }: ChoiceRow) => disabled ?? hint ?? '';

/** Gives the tone of the text beside a label; `undefined` for a usual hint. */
export function toneOfAside({ hint, disabled }: Pick<ChoiceRow, 'hint' | 'disabled'>): Tone | undefined {
  if (disabled !== undefined) return 'reason';
  return hint === 'recommended' ? 'advice' : undefined;
}

/** Gives the lines of a row, without the two columns of the cursor. */
function rowLines(
  row: ChoiceRow,
  { width, column, hints }: Layout,
  { isCurrent = false, ellipsis = '' } = {},
): readonly Line[] {
  const currentTone = isCurrent ? 'current' : undefined;
  const tone = row.disabled === undefined ? currentTone : 'aside';
  const asideText = aside(row);
  const rowWidth = width - cursorWidth;
  if (hints === 'left out') return [say(clip(row.label, rowWidth, ellipsis), tone)];
  if (hints === 'table' && asideText !== '')
    return wrap(asideText, hintWidth({ width, column })).map((line, index) => [
      { text: padTo(index === 0 ? row.label : '', column + gapWidth), tone },
      { text: line },
    ]);
  if (hints === 'beside')
    return [
      asideText === ''
        ? say(clip(row.label, rowWidth, ellipsis), tone)
        : [
            { text: padTo(row.label, column + gapWidth), tone },
            { text: clip(asideText, hintWidth({ width, column }), ellipsis), tone: toneOfAside(row) },
          ],
    ];
  // The second line of a label begins further right, so that it does not look like another row. So does the hint below it.
  const indent = '  ';
  const indentedWidth = rowWidth - indent.length;
  const label = cells(row.label) <= rowWidth ? [row.label] : wrap(row.label, indentedWidth);
  return [
    ...label.map((line, index) => say(index === 0 ? line : indent + line, tone)),
    ...(asideText === '' ? [] : wrap(asideText, indentedWidth).map((line) => say(indent + line, toneOfAside(row)))),
  ];
}

type ShownRow = {
  readonly row: ChoiceRow;
  readonly layout: Layout;
  /** True when the cursor is on this row. When absent, ink-select-input tells it. */
  readonly isCurrent?: boolean;
};

/**
 * Gives the rows as items of ink-select-input, which hands each whole item to {@link Row}. The value of an item is the same at
 * every width, because the cursor of the list is wrong after a value changes.
 * @param rowIndex the row under the cursor, when ink-select-input does not move the cursor.
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
  const isSpoken = useIsScreenReaderEnabled();
  if (shown === undefined) return null;
  const { row, layout, isCurrent = isSelected } = shown;
  const sentence = [row.label.replaceAll(/ +/g, ' '), ...(aside(row) === '' ? [] : [aside(row)])].join(', ');
  const drawn = rowLines(row, layout, { isCurrent, ellipsis }).map(
    (line, index): Line => [
      isCurrent && index === 0 ? { text: `${current} `, tone: 'current' } : { text: '  ' },
      ...line,
    ],
  );
  return (
    <Box aria-role="radio" aria-state={{ checked: isCurrent, disabled: row.disabled !== undefined }}>
      <Lines lines={isSpoken ? [say(sentence)] : drawn} />
    </Box>
  );
}

/** Takes the place of the mark that ink-select-input would draw. Draws nothing, because {@link Row} draws the mark. */
export const NoIndicator = () => null;
