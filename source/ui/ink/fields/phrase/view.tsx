import { shownEdit } from '../editing.ts';
import type { FieldPlace, FieldView } from '../field-kind.ts';
import { linesView } from '../lines-view.tsx';
import { textLines } from '../text-lines.ts';
import type { PhraseField } from './state.ts';

/** Draws the line being typed. While it is empty, also says which answer Enter alone gives. */
export function viewPhrase({ question, edit }: PhraseField, place: FieldPlace): FieldView {
  const placeholder = `enter alone: ${question.decline}`;
  const line = { label: question.label, edit: shownEdit(edit, question.shown), placeholder };
  return linesView(textLines(line, place.width, place.symbols), place);
}
