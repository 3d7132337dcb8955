import SelectInput from 'ink-select-input';
import { useMemo, useState } from 'react';
import { Lines, say } from '../lines.tsx';
import { type ChoiceRow, choiceLayout, indexOf, itemsOf, NoIndicator, Row } from './choice-row.tsx';
import type { FieldView, ListHold } from './field-kind.ts';
import { hiddenText } from './option-list.ts';

type Props = ListHold & {
  readonly rows: readonly ChoiceRow[];
  /** The value of the row under the cursor when the list is first drawn. After that the list moves the cursor itself. */
  readonly rowValue: string | undefined;
  readonly width: number;
  /** Rows of the screen that the list may fill, with the row that counts those that are hidden. */
  readonly height: number;
};

/** The line below the visible rows, which counts those that are hidden. */
const countLines = 1;

/** Makes the view of a list whose cursor the component ink-select-input moves. */
export function listView({ rows, width, ...rest }: Omit<Props, 'height'>): FieldView {
  const { linesPerRow } = choiceLayout(rows, width);
  return {
    want: rows.length * linesPerRow,
    least: Math.min(rows.length, linesPerRow > 1 ? 1 : 2) * linesPerRow + countLines,
    draw: (height) => <ChoiceList {...rest} {...{ rows, width, height }} />,
  };
}

/**
 * Draws a list with ink-select-input, which shows the rows and moves the cursor. This component avoids three faults of
 * ink-select-input:
 *
 * - It fails on an empty list. So nothing is drawn for an empty list.
 * - Its cursor is wrong when other rows come, and when another number of rows fits. So React must make a new list in both cases,
 *   which it does for a new React key. The new list begins at `rowValue`. The caller gives this component another React key for
 *   other rows; the React key of `MovingList` is the number of rows that fit.
 * - When the person presses a digit, it chooses a row without showing which one. So its choices are ignored, and Keyferry
 *   handles Enter itself.
 */
export function ChoiceList(props: Props) {
  const { rows, width, height } = props;
  const { linesPerRow } = choiceLayout(rows, width);
  const fitting = Math.max(1, Math.floor((height - countLines) / linesPerRow));
  const limit = rows.length * linesPerRow <= height ? rows.length : fitting;
  return rows.length === 0 ? null : <MovingList key={limit} {...props} limit={limit} />;
}

/** Draws a list of which `limit` rows are visible, with a line that counts the hidden rows. */
function MovingList({ rows, rowValue, width, limit, isFocused, onPoint }: Props & { readonly limit: number }) {
  const count = rows.length;
  const start = indexOf(rows, rowValue);
  const [first, setFirst] = useState(Math.max(0, start - limit + 1));
  const items = useMemo(() => itemsOf(rows, choiceLayout(rows, width)), [rows, width]);
  return (
    <>
      <SelectInput
        items={items}
        initialIndex={start}
        limit={limit}
        isFocused={isFocused}
        indicatorComponent={NoIndicator}
        itemComponent={Row}
        onHighlight={({ value }) => {
          setFirst((before) => firstAfter(before, indexOf(rows, value), { limit, count }));
          onPoint(value);
        }}
      />
      {limit < count ? <Lines lines={[say(`  ${moreText(first, { limit, count })}`, 'quiet')]} /> : null}
    </>
  );
}

/** The number of visible rows, and of all rows. */
type Window = { readonly limit: number; readonly count: number };

/**
 * Gives the index of the first visible row after the cursor has moved to the row `next`. The list scrolls by one row at either
 * edge. It is a circle: behind the last row come the first rows again.
 * @param first the index of the first visible row before.
 */
function firstAfter(first: number, next: number, { limit, count }: Window): number {
  const offset = (next - first + count) % count;
  if (offset < limit) return first;
  return offset === limit ? (first + 1) % count : next;
}

/** Says how many rows are hidden. Where the last row and the first row are both visible, says how many rows there are. */
function moreText(first: number, { limit, count }: Window): string {
  const below = count - first - limit;
  if (below < 0) return `${count} in all, from the first again`;
  return hiddenText({ above: first, below, state: 'complete' });
}
