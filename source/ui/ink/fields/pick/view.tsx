import { Box } from 'ink';
import { Lines } from '../../lines.tsx';
import { aroundOptions } from '../around-options.ts';
import type { FieldPlace, FieldView } from '../field-kind.ts';
import { countText, listHeight } from '../option-list.ts';
import { Picker } from '../picker.tsx';
import { textLines } from '../text-lines.ts';
import { type PickField, pickRows, typedName } from './state.ts';

/** Draws the filter, the rows, and the number of rows that are not shown. */
export function viewPick(field: PickField, place: FieldPlace): FieldView {
  return {
    ...listHeight(pickRows(field).length, place.isTall),
    // One line each for the filter, an option, and the number of hidden options. With fewer, no option would be seen.
    least: 3,
    draw: (rows) => drawPick(field, place, rows),
  };
}

/** Draws the field on this number of rows. */
function drawPick(field: PickField, { width, symbols }: FieldPlace, rows: number) {
  const { options, state } = field.list;
  const shown = pickRows(field);
  const right = options.length === 0 ? [] : [countText(field.list, { shown: shown.length, all: options.length })];
  const filter = textLines({ label: 'Filter', edit: field.filter, right }, width, symbols);
  const { above, below, room } = aroundOptions(filter, noteOn(field), { width, rows });
  return (
    <Box flexDirection="column">
      <Lines lines={above} />
      <Picker rows={shown} rowIndex={field.rowIndex} state={state} width={width} height={room} />
      <Lines lines={below} />
    </Box>
  );
}

/** Gives the note in place of the rows, when no row matches the filter; otherwise `undefined`. */
export function noteOn(field: PickField): string | undefined {
  const { options, state } = field.list;
  if (pickRows(field).length > 0) return undefined;
  if (state === 'loading') return options.length === 0 ? 'Reading the list' : 'Reading on';
  if (typedName(field) !== undefined) return 'Not in the list. Enter takes it as it stands.';
  return 'Nothing matches.';
}
