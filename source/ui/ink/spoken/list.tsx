import { ChoiceList } from '../fields/choice-list.tsx';
import type { ChoiceRow } from '../fields/choice-row.tsx';
import type { SpokenPlace } from '../fields/field-kind.ts';
import { Items } from './parts.tsx';

/** A width in columns at which no line is wrapped, because a screen reader reads whole lines. */
export const spokenWidth = 1000;

/** The rows beside a list that stay free for the question, its notes and the filter. */
export const rowsBesideList = 4;

type Props = SpokenPlace & { readonly list: readonly ChoiceRow[]; readonly rowValue: string | undefined };

/** Draws a list in which a person chooses one row. */
export function SpokenList({ list, rowValue, rows, ...hold }: Props) {
  return (
    <Items>
      <ChoiceList
        {...hold}
        rows={list}
        rowValue={rowValue}
        width={spokenWidth}
        height={Math.max(4, rows - rowsBesideList)}
      />
    </Items>
  );
}
