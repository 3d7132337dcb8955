import { Textbox } from '../../spoken/parts.tsx';
import { shownEdit } from '../editing.ts';
import type { TextField } from './state.ts';

/** Renders the line being typed for a screen reader, with an example, or with why the person must type what is usually chosen. */
export function speakText({ question, edit, instead }: TextField) {
  const example = question.kind === 'choice' || edit.text !== '' ? undefined : question.placeholder;
  const exampleWords = example === undefined ? '' : `such as ${example}`;
  const why = instead?.state === 'refused' ? 'the list cannot be read' : 'there is nothing to choose from';
  const aside = instead === undefined ? exampleWords : `${why}; type ${question.form}`;
  return <Textbox label={question.label} edit={shownEdit(edit, question.shown)} aside={aside} />;
}
