import { ChoiceList } from '../fields/choice-list.tsx';
import type { ChoiceRow } from '../fields/choice-row.tsx';
import type { SpokenPlace } from '../fields/field-kind.ts';
import { Items } from './parts.tsx';

/** Lines are as long as they need to be: whoever hears them does not see them wrapped. */
export const spokenWidth = 1000;

type Props = SpokenPlace & { readonly list: readonly ChoiceRow[]; readonly at: string | undefined };

/** A list of which one row is chosen. */
export function SpokenList({ list, at, rows, ...hold }: Props) {
  return (
    <Items>
      <ChoiceList {...hold} rows={list} at={at} width={spokenWidth} height={Math.max(4, rows - 4)} />
    </Items>
  );
}
