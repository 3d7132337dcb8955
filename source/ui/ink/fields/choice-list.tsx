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
  const { linesPerRow } = choiceLayout(rows, width);
  return {
    want: rows.length * linesPerRow,
    least: Math.min(rows.length, linesPerRow > 1 ? 1 : 2) * linesPerRow + countLines,
    draw: (height) => <ChoiceList {...rest} {...{ rows, width, height }} />,
  };
}

/**
 * Draws a list with ink-select-input, which fails on an empty list. So nothing is drawn for an empty list. The component gets no
 * keys: behind the last row it would go to the first one, and its digit keys choose a row without showing which one.
 * React makes a new list when another number of rows fits, because then it scrolls anew. The caller gives this component another
 * React key for other rows.
 */
export function ChoiceList(props: Props) {
  const { rows, width, height } = props;
  const { linesPerRow } = choiceLayout(rows, width);
  const fitting = Math.max(1, Math.floor((height - countLines) / linesPerRow));
  const limit = rows.length * linesPerRow <= height ? rows.length : fitting;
  return rows.length === 0 ? null : <MovingList key={limit} {...props} limit={limit} />;
}

/** Draws a list of which `limit` rows are visible, with a line that counts the hidden rows. The cursor stops at both ends. */
function MovingList({ rows, rowValue, width, limit, isFocused, onPoint }: Props & { readonly limit: number }) {
  const count = rows.length;
  const rowIndex = indexOf(rows, rowValue);
  const [top, setTop] = useState(0);
  // The list scrolls no more than the cursor needs.
  const first = Math.max(rowIndex - limit + 1, Math.min(top, rowIndex));
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
        items={itemsOf(rows.slice(first, first + limit), layout, rowIndex - first)}
        isFocused={false}
        indicatorComponent={NoIndicator}
        itemComponent={Row}
      />
      {limit < count ? (
        <Lines
          lines={[say(`  ${hiddenText({ above: first, below: count - first - limit, state: 'complete' })}`, 'aside')]}
        />
      ) : null}
    </>
  );
}

/** The number of rows by which a key moves the cursor: one up, one down, or none. */
function stepOf(input: string, key: Key): -1 | 0 | 1 {
  if (key.upArrow || input === 'k') return -1;
  return key.downArrow || input === 'j' ? 1 : 0;
}
