import { say } from '../../lines.tsx';
import { listView } from '../choice-list.tsx';
import type { FieldPlace, FieldView } from '../field-kind.ts';
import { linesView } from '../lines-view.tsx';
import type { ChoiceField } from './state.ts';

/** Draws the rows, or a line that says that the list is empty. */
export function viewChoice({ options, rowValue }: ChoiceField, place: FieldPlace): FieldView {
  if (options.length === 0) return linesView([say('There is nothing to choose from.', 'note')], place);
  return listView({ ...place, rows: options, rowValue });
}
