import { shownEdit } from '../editing.ts';
import type { FieldPlace, FieldView } from '../field-kind.ts';
import { linesView } from '../lines-view.tsx';
import { textLines } from '../text-lines.ts';
import type { TextField } from './state.ts';

/** Draws the line being typed, after its label. */
export function viewText({ question, edit }: TextField, place: FieldPlace): FieldView {
  const placeholder = question.kind === 'choice' ? undefined : question.placeholder;
  const line = { label: question.label, edit: shownEdit(edit, question.shown), placeholder };
  return linesView(textLines(line, place.width, place.symbols), place);
}

/** Says why the person must type a name instead of choosing from a list; `undefined` for a field that replaces no list. */
export function cautionOnText({ question, instead }: TextField): string | undefined {
  if (instead === undefined) return undefined;
  const why =
    instead.state === 'refused'
      ? `The list cannot be read: ${instead.why ?? 'no answer'}.`
      : 'There is nothing to choose from.';
  return `${why} Type ${question.form}.`;
}
