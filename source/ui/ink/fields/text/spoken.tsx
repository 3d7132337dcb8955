import { Textbox } from '../../spoken/parts.tsx';
import { shownEdit } from '../editing.ts';
import type { TextField } from './state.ts';

/** Renders the line being typed for a screen reader. */
export function speakText({ question, edit, instead }: TextField) {
  const aside = instead === undefined ? '' : `the list cannot be read; type ${question.form}`;
  return <Textbox label={question.label} edit={shownEdit(edit, question.shown)} aside={aside} />;
}
