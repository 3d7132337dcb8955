import SelectInput from 'ink-select-input';
import { useMemo, useState } from 'react';
import { Lines, say } from '../lines.tsx';
import { type ChoiceRow, choiceLayout, indexOf, itemsOf, NoIndicator, Row } from './choice-row.tsx';
import { hiddenText } from './option-list.ts';

type Props = {
  readonly rows: readonly ChoiceRow[];
  /** The row under the cursor when the list begins; from then on the list moves it. */
  readonly at: string | undefined;
  readonly width: number;
  /** So many rows are shown. */
  readonly limit: number;
  readonly isFocused: boolean;
  readonly onPoint: (value: string) => void;
};

/** How many rows of a list fit into a height, with the line that says how many are left out. */
export function rowsWithin(height: number, rows: readonly ChoiceRow[], width: number): number {
  const { each } = choiceLayout(rows, width);
  return rows.length * each <= height ? rows.length : Math.max(1, Math.floor((height - 1) / each));
}

/**
 * Wraps ink-select-input, which shows the rows and moves the cursor, and works around three of its habits: it fails on an
 * empty list, so none is shown; it loses its place when its items or its limit change, so it must be given a `key` of
 * both, and starts again at `at`; digits choose rows without showing which, so it chooses nothing: Enter is a key of ours.
 */
export function ChoiceList({ rows, at, width, limit, isFocused, onPoint }: Props) {
  const start = indexOf(rows, at);
  const [first, setFirst] = useState(Math.max(0, start - limit + 1));
  const items = useMemo(() => itemsOf(rows, choiceLayout(rows, width)), [rows, width]);
  if (rows.length === 0) return null;
  return (
    <>
      <SelectInput
        items={items}
        initialIndex={start}
        limit={limit}
        isFocused={isFocused}
        indicatorComponent={NoIndicator}
        itemComponent={Row}
        onHighlight={({ value: { row } }) => {
          setFirst((before) => firstAfter(before, indexOf(rows, row.value), { limit, count: rows.length }));
          onPoint(row.value);
        }}
      />
      {limit < rows.length ? (
        <Lines lines={[say(`  ${moreText(first, { limit, count: rows.length })}`, 'quiet')]} />
      ) : null}
    </>
  );
}

type Window = { readonly limit: number; readonly count: number };

/** The first row that is shown: the list scrolls by one row at either edge, and round from the end to the beginning. */
function firstAfter(first: number, next: number, { limit, count }: Window): number {
  const offset = (next - first + count) % count;
  if (offset < limit) return first;
  return offset === limit ? (first + 1) % count : next;
}

function moreText(first: number, { limit, count }: Window): string {
  const below = count - first - limit;
  if (below < 0) return `${count} in all, from the first again`;
  return hiddenText({ above: first, below, state: 'complete' });
}
