import { Box, type Key, useInput } from 'ink';
import SelectInput, { type IndicatorProps, type ItemProps } from 'ink-select-input';
import { createContext, useContext, useMemo, useReducer, useRef } from 'react';
import { cells, padTo, wrap } from '../../../terminal/cells.ts';
import { type Line, Lines, say, useSymbols } from '../lines.tsx';

/** A row of a list: what it is called, a word about it, and why it cannot be chosen. */
export type ChoiceRow = {
  readonly value: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly disabled?: string | undefined;
};

type Props = {
  readonly rows: readonly ChoiceRow[];
  /** The row under the cursor. */
  readonly at: string | undefined;
  readonly width: number;
  /** Rows of the screen for all of it. */
  readonly height: number;
  readonly isFocused: boolean;
  readonly onPoint: (value: string) => void;
  readonly onChoose: (value: string) => void;
};

type Layout = {
  readonly width: number;
  /** Where hints begin, behind the longest label that has one. */
  readonly column: number;
  /** True where every row fits on one line, its hint beside it; else hints stand below. */
  readonly beside: boolean;
};

/** How the rows of a list stand at a width, and how many lines each takes. */
export function choiceLayout(rows: readonly ChoiceRow[], width: number): Layout & { readonly each: number } {
  const column = Math.max(0, ...rows.map((row) => (aside(row) === '' ? 0 : cells(row.label))));
  const wide = (row: ChoiceRow) => 2 + (aside(row) === '' ? cells(row.label) : column + 3 + cells(aside(row)));
  const layout = { width, column, beside: rows.every((row) => wide(row) <= width) };
  return { ...layout, each: Math.max(1, ...rows.map((row) => rowLines(row, layout).length)) };
}

const aside = ({ hint, disabled }: ChoiceRow) => disabled ?? hint ?? '';

function rowLines(row: ChoiceRow, { width, column, beside }: Layout, isSelected = false): readonly Line[] {
  const tone = row.disabled === undefined ? (isSelected ? 'accent' : undefined) : 'quiet';
  const more = aside(row);
  if (beside)
    return [more === '' ? say(row.label, tone) : [{ text: padTo(row.label, column + 3), tone }, { text: more }]];
  return [
    ...wrap(row.label, width - 2).map((line) => say(line, tone)),
    ...(more === '' ? [] : wrap(more, width - 4).map((line) => say(`  ${line}`))),
  ];
}

/** Where the window of a list stands: its own state, mirrored, because the list does not tell. */
type Window = { readonly first: number; readonly at: number };

/**
 * ink-select-input in our clothes. It never mounts empty; it starts again, on the same row, when its rows or its room
 * change, because it forgets its place when rows arrive; and only Enter chooses: it would also take digits, which choose
 * without showing what.
 */
export function ChoiceList({ rows, at, width, height, isFocused, onPoint, onChoose }: Props) {
  const { each } = choiceLayout(rows, width);
  const fits = rows.length * each <= height;
  const limit = fits ? rows.length : Math.max(1, Math.floor((height - 1) / each));
  if (rows.length === 0) return null;
  return (
    <MountedList
      key={`${rows.length}/${limit}/${rows[0]?.value}`}
      {...{ rows, at, width, height, isFocused, onPoint, onChoose, limit }}
    />
  );
}

const RowsContext = createContext<{ readonly rows: readonly ChoiceRow[]; readonly layout: Layout }>({
  rows: [],
  layout: { width: 80, column: 0, beside: true },
});

function MountedList({ rows, at, width, isFocused, onPoint, onChoose, limit }: Props & { readonly limit: number }) {
  const start = Math.max(
    0,
    rows.findIndex(({ value }) => value === at),
  );
  const [window, point] = useReducer(
    (window: Window, next: number): Window => ({
      at: next,
      first: firstAfter(window, next, { limit, count: rows.length }),
    }),
    { at: start, first: Math.max(0, start - limit + 1) },
  );
  const entered = useRef(false);
  // The list gives its item component nothing but the label, so the label is the number of the row.
  const items = useMemo(
    () => rows.map((row, index) => ({ key: row.value, label: String(index), value: row.value })),
    [rows],
  );
  const context = useMemo(() => ({ rows, layout: choiceLayout(rows, width) }), [rows, width]);
  const hidden = { above: window.first, below: rows.length - window.first - limit };
  return (
    <RowsContext value={context}>
      <KeyWitness
        isFocused={isFocused}
        onKey={(key) => {
          entered.current = key.return;
        }}
      />
      <SelectInput
        items={items}
        initialIndex={start}
        limit={limit}
        isFocused={isFocused}
        indicatorComponent={Indicator}
        itemComponent={Item}
        onHighlight={({ value, label }) => {
          point(Number(label));
          onPoint(value);
        }}
        onSelect={({ value }) => {
          if (entered.current) onChoose(value);
        }}
      />
      {limit < rows.length ? <Lines lines={[say(`  ${moreText(hidden, rows.length)}`, 'quiet')]} /> : null}
    </RowsContext>
  );
}

/** Stands before the list, so that its handler runs first: it sees which key the list is about to act on. */
function KeyWitness({ isFocused, onKey }: { readonly isFocused: boolean; readonly onKey: (key: Key) => void }) {
  useInput((_, key) => onKey(key), { isActive: isFocused });
  return null;
}

/** The list scrolls by one row at either edge of its window, and round from the end to the beginning. */
function firstAfter({ first }: Window, next: number, { limit, count }: { limit: number; count: number }): number {
  const offset = (next - first + count) % count;
  if (offset < limit) return first;
  return offset === limit ? (first + 1) % count : next;
}

function moreText({ above, below }: { readonly above: number; readonly below: number }, count: number): string {
  if (below < 0) return `${count} in all, from the first again`;
  const parts = [
    ...(above > 0 ? [`${above} more above`] : []),
    ...(below > 0 ? [`${below} ${above > 0 ? '' : 'more '}below`] : []),
  ];
  return parts.join(', ');
}

function Indicator({ isSelected = false }: IndicatorProps) {
  const { current } = useSymbols();
  return (
    <Box width={2} flexShrink={0}>
      <Lines lines={[say(isSelected ? current : ' ', 'accent')]} />
    </Box>
  );
}

function Item({ label, isSelected = false }: ItemProps) {
  const { rows, layout } = useContext(RowsContext);
  const row = rows[Number(label)];
  if (row === undefined) return null;
  return (
    <Box
      flexDirection="column"
      aria-role="radio"
      aria-state={{ checked: isSelected, disabled: row.disabled !== undefined }}
    >
      <Lines lines={rowLines(row, layout, isSelected)} />
    </Box>
  );
}
