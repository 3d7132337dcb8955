import { Textbox } from '../../spoken/parts.tsx';
import { shownEdit } from '../editing.ts';
import type { PhraseField } from './state.ts';

/** Renders the line being typed for a screen reader. */
export function speakPhrase({ question, edit }: PhraseField) {
  const aside = `enter alone: ${question.decline}`;
  return <Textbox label={question.label} edit={shownEdit(edit, question.shown)} aside={aside} />;
}
