import SelectInput from 'ink-select-input';
import { useMemo } from 'react';
import { Lines, say } from '../lines.tsx';
import { type ChoiceRow, choiceLayout, Indicator, Item, RowsContext } from './choice-row.tsx';
import { hiddenText, type OptionList, pageTop } from './option-list.ts';

type Props = {
  readonly rows: readonly ChoiceRow[];
  /** The row under the cursor. */
  readonly at: number;
  readonly state: OptionList['state'];
  readonly width: number;
  /** Rows of the screen for all of it. */
  readonly height: number;
};

/**
 * The same list where letters filter: ink-select-input would take j, k and digits for itself, so here it shows rows and
 * hears no keys. It starts again wherever the cursor goes, because it cannot be told.
 */
export function Picker({ rows, at, state, width, height }: Props) {
  const fits = state !== 'loading' && rows.length <= height;
  const limit = fits ? rows.length : Math.max(1, Math.min(rows.length, height - 1));
  const first = pageTop(at, { window: limit, count: rows.length });
  const context = useMemo(() => {
    const shown = rows.slice(first, first + limit);
    return { rows: shown, layout: choiceLayout(rows, width, 'left out') };
  }, [rows, first, limit, width]);
  if (rows.length === 0) return null;
  const below = rows.length - first - limit;
  return (
    <RowsContext value={context}>
      <SelectInput
        key={`${first}/${at}/${limit}`}
        items={context.rows.map(({ value }, index) => ({ key: value, label: String(index), value }))}
        initialIndex={at - first}
        isFocused={false}
        indicatorComponent={Indicator}
        itemComponent={Item}
      />
      {fits ? null : <Lines lines={[say(`  ${hiddenText({ above: first, below, state })}`, 'quiet')]} />}
    </RowsContext>
  );
}
