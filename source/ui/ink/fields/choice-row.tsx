import { Box, useIsScreenReaderEnabled } from 'ink';
import type { IndicatorProps, ItemProps } from 'ink-select-input';
import { createContext, useContext } from 'react';
import { cells, clip, padTo, wrap } from '../../../terminal/cells.ts';
import { type Line, Lines, say, useSymbols } from '../lines.tsx';

/** A row of a list: what it is called, a word about it, and why it cannot be chosen. */
export type ChoiceRow = {
  readonly value: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly disabled?: string | undefined;
};

type Layout = {
  readonly width: number;
  /** Where hints begin, behind the longest label that has one. */
  readonly column: number;
  /** Hints stand beside where every row fits on one line, else below; long lists keep to one line and leave them out. */
  readonly hints: 'beside' | 'below' | 'left out';
};

/** How the rows of a list stand at a width, and how many lines each takes. */
export function choiceLayout(
  rows: readonly ChoiceRow[],
  width: number,
  otherwise: 'below' | 'left out' = 'below',
): Layout & { readonly each: number } {
  const column = Math.max(0, ...rows.map((row) => (aside(row) === '' ? 0 : cells(row.label))));
  const wide = (row: ChoiceRow) => 2 + (aside(row) === '' ? cells(row.label) : column + 3 + cells(aside(row)));
  const hints = rows.every((row) => wide(row) <= width) ? 'beside' : otherwise;
  const layout = { width, column, hints } as const;
  if (hints === 'left out') return { ...layout, each: 1 };
  return { ...layout, each: Math.max(1, ...rows.map((row) => rowLines(row, layout).length)) };
}

const aside = ({ hint, disabled }: ChoiceRow) => disabled ?? hint ?? '';

function rowLines(
  row: ChoiceRow,
  { width, column, hints }: Layout,
  { isSelected = false, ellipsis = '' } = {},
): readonly Line[] {
  const tone = row.disabled === undefined ? (isSelected ? 'accent' : undefined) : 'quiet';
  const more = aside(row);
  if (hints === 'left out') return [say(clip(row.label, width - 2, ellipsis), tone)];
  if (hints === 'beside')
    return [more === '' ? say(row.label, tone) : [{ text: padTo(row.label, column + 3), tone }, { text: more }]];
  return [
    ...wrap(row.label, width - 2).map((line) => say(line, tone)),
    ...(more === '' ? [] : wrap(more, width - 4).map((line) => say(`  ${line}`))),
  ];
}

/** The rows of the list, and how they stand. */
export const RowsContext = createContext<{ readonly rows: readonly ChoiceRow[]; readonly layout: Layout }>({
  rows: [],
  layout: { width: 80, column: 0, hints: 'beside' },
});

/** The mark beside the row under the cursor. */
export function Indicator({ isSelected = false }: IndicatorProps) {
  const { current } = useSymbols();
  if (useIsScreenReaderEnabled()) return null;
  return (
    <Box width={2} flexShrink={0}>
      <Lines lines={[isSelected ? say(current, 'accent') : say(' ')]} />
    </Box>
  );
}

/** A row. The list gives it nothing but a label, so the label is the number of the row. */
export function Item({ label, isSelected = false }: ItemProps) {
  const { rows, layout } = useContext(RowsContext);
  const { ellipsis } = useSymbols();
  const spoken = useIsScreenReaderEnabled();
  const row = rows[Number(label)];
  if (row === undefined) return null;
  const said = [row.label.replaceAll(/ +/g, ' '), ...(aside(row) === '' ? [] : [aside(row)])].join(', ');
  return (
    <Box
      flexDirection="column"
      aria-role="radio"
      aria-state={{ checked: isSelected, disabled: row.disabled !== undefined }}
    >
      <Lines lines={spoken ? [say(said)] : rowLines(row, layout, { isSelected, ellipsis })} />
    </Box>
  );
}
