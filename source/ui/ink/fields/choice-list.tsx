import { type Key, useInput } from 'ink';
import SelectInput from 'ink-select-input';
import { useMemo, useState } from 'react';
import { Lines, say } from '../lines.tsx';
import { type ChoiceRow, choiceLayout, indexOf, itemsOf, NoIndicator, Row } from './choice-row.tsx';
import type { FieldView, ListHold } from './field-kind.ts';
import { hiddenText } from './option-list.ts';

type Props = ListHold & {
  readonly rows: readonly ChoiceRow[];
  /** The value of the row under the cursor; without it, the cursor is on the first row. */
  readonly rowValue: string | undefined;
  readonly width: number;
  /** Rows of the screen that the list may fill, with the row that counts those that are hidden. */
  readonly height: number;
};

/** The line below the visible rows, which counts those that are hidden. */
const countLines = 1;

/** Makes the view of a list in which a person moves the cursor with the arrow keys, j and k. */
export function listView({ rows, width, ...rest }: Omit<Props, 'height'>): FieldView {
  const { linesPerRow, heights } = choiceLayout(rows, width);
  // The list is of use with two rows of one line each, or with one row of several lines. When these are not all of its rows, the
  // line that counts the others is below them.
  const leastRows = linesPerRow > 1 ? 1 : 2;
  const want = sumOf(heights);
  return {
    want,
    least: Math.min(want, leastRows * linesPerRow + countLines),
    draw: (height) => <ChoiceList {...rest} {...{ rows, width, height }} />,
  };
}

/**
 * Draws a list with ink-select-input, which fails on an empty list. So nothing is drawn for an empty list. ink-select-input gets no
 * key presses: after the last row it would go to the first one, and its digit keys choose a row without showing which one.
 * When the room for the rows changes, so does the React key of the list: React makes a new list, which scrolls from the beginning.
 * For other rows, the caller gives ChoiceList another React key.
 */
export function ChoiceList(props: Props) {
  const { rows, width, height } = props;
  const { heights } = choiceLayout(rows, width);
  const room = sumOf(heights) <= height ? Number.POSITIVE_INFINITY : height - countLines;
  return rows.length === 0 ? null : <MovingList key={room} {...props} heights={heights} room={room} />;
}

type Moving = Props & {
  /** The lines that each row takes. */
  readonly heights: readonly number[];
  /** The lines for rows; infinite when all of them fit. */
  readonly room: number;
};

/** Draws the rows that fit the room, with a line that counts the hidden rows. The cursor stops at both ends. */
function MovingList({ rows, rowValue, width, heights, room, isFocused, onPoint }: Moving) {
  const count = rows.length;
  const rowIndex = indexOf(rows, rowValue);
  const [top, setTop] = useState(0);
  // The list scrolls no more than the cursor needs.
  let first = Math.min(top, rowIndex);
  while (first < rowIndex && sumOf(heights.slice(first, rowIndex + 1)) > room) first += 1;
  let end = rowIndex + 1;
  while (end < count && sumOf(heights.slice(first, end + 1)) <= room) end += 1;
  const layout = useMemo(() => choiceLayout(rows, width), [rows, width]);
  useInput(
    (input, key) => {
      const step = stepOf(input, key);
      const next = rows[rowIndex + step];
      if (step === 0 || next === undefined) return;
      setTop(first);
      onPoint(next.value);
    },
    { isActive: isFocused },
  );
  return (
    <>
      <SelectInput
        items={itemsOf(rows.slice(first, end), layout, rowIndex - first)}
        isFocused={false}
        indicatorComponent={NoIndicator}
        itemComponent={Row}
      />
      {first > 0 || end < count ? (
        <Lines lines={[say(`  ${hiddenText({ above: first, below: count - end, state: 'complete' })}`, 'aside')]} />
      ) : null}
    </>
  );
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

/** The number of rows by which a key moves the cursor: one up, one down, or none. */
function stepOf(input: string, key: Key): -1 | 0 | 1 {
  if (key.upArrow || input === 'k') return -1;
  return key.downArrow || input === 'j' ? 1 : 0;
}
