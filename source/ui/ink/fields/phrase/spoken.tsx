import { Textbox } from '../../spoken/parts.tsx';
import { shownEdit } from '../editing.ts';
import type { PhraseField } from './state.ts';

/** The line being typed, as it is read out. */
export function speakPhrase({ question, edit }: PhraseField) {
  const aside = `enter alone: ${question.decline}`;
  return <Textbox label={question.label} edit={shownEdit(edit, question.shown)} aside={aside} />;
}
