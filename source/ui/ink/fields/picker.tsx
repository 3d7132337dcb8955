import SelectInput from 'ink-select-input';
import { useMemo } from 'react';
import { Lines, say } from '../lines.tsx';
import { type ChoiceRow, choiceLayout, itemsOf, NoIndicator, Row } from './choice-row.tsx';
import { hiddenText, type OptionList, pageTop } from './option-list.ts';

type Props = {
  readonly rows: readonly ChoiceRow[];
  /** The index of the row under the cursor. */
  readonly rowIndex: number;
  readonly state: OptionList['state'];
  readonly width: number;
  /** Rows of the screen that the list may fill, with the row that counts those that are hidden. */
  readonly height: number;
};

/**
 * Draws a list that the person filters by typing. ink-select-input would take j, k and digits as commands. So ink-select-input
 * gets no keys here, and `rowIndex` says on which row the cursor is.
 */
export function Picker({ rows, rowIndex, state, width, height }: Props) {
  const fits = state !== 'loading' && rows.length <= height;
  const limit = fits ? rows.length : Math.max(1, Math.min(rows.length, height - 1));
  const first = pageTop(rowIndex, { window: limit, count: rows.length });
  const layout = useMemo(() => choiceLayout(rows, width, 'left out'), [rows, width]);
  if (rows.length === 0) return null;
  const below = rows.length - first - limit;
  return (
    <>
      <SelectInput
        items={itemsOf(rows.slice(first, first + limit), layout, rowIndex - first)}
        isFocused={false}
        indicatorComponent={NoIndicator}
        itemComponent={Row}
      />
      {fits ? null : <Lines lines={[say(`  ${hiddenText({ above: first, below, state })}`, 'aside')]} />}
    </>
  );
}
