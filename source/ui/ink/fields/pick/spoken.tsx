import { rowsBesideList, spokenWidth } from '../../spoken/list.tsx';
import { Items, Say, Textbox } from '../../spoken/parts.tsx';
import type { SpokenPlace } from '../field-kind.ts';
import { countText } from '../option-list.ts';
import { Picker } from '../picker.tsx';
import { type PickField, pickRows } from './state.ts';
import { noteOn } from './view.tsx';

/** Renders the rows and the filter of a long list for a screen reader. */
export function speakPick(field: PickField, place: SpokenPlace) {
  const { list, rowIndex, filter } = field;
  const rows = pickRows(field);
  const note = noteOn(field);
  const height = place.rows - rowsBesideList;
  return (
    <>
      <Items>
        <Picker rows={rows} rowIndex={rowIndex} state={list.state} width={spokenWidth} height={height} />
      </Items>
      <Say lines={note === undefined ? [] : [note]} />
      <Textbox label="Filter" edit={filter} aside={countText(list, { shown: rows.length, all: list.options.length })} />
    </>
  );
}
