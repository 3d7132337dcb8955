import { type Key, useInput } from 'ink';
import SelectInput from 'ink-select-input';
import { useMemo, useReducer, useRef } from 'react';
import { Lines, say } from '../lines.tsx';
import { type ChoiceRow, choiceLayout, Indicator, Item, RowsContext } from './choice-row.tsx';
import { hiddenText } from './option-list.ts';

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
  return hiddenText({ above, below, state: 'complete' });
}
