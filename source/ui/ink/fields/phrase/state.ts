import type { PhraseQuestion } from '../../../../ceremony/question.ts';
import type { Action } from '../../action.ts';
import { type Edit, emptyEdit } from '../editing.ts';
import type { FieldResult } from '../field-result.ts';
import { editLine, pasteIntoLine, withoutNewline } from '../typed-line.ts';

/** A phrase that is typed exactly, to show that it is meant. */
export type PhraseField = {
  readonly kind: 'phrase';
  readonly question: PhraseQuestion;
  readonly edit: Edit;
  /** When it appeared, as `performance.now()` tells it. */
  readonly since: number;
};

/** In the first 200 ms after the question appears, keys do not count, so that nobody types the phrase ahead. */
const deafMs = 200;

/** Opens an empty field. @param now the time in milliseconds. */
export const openPhrase = (question: PhraseQuestion, now: number): PhraseField => ({
  kind: 'phrase',
  question,
  edit: emptyEdit,
  since: now,
});

/** Gives the typed phrase; an empty text declines. */
export function phraseIn({ question, edit }: PhraseField): string {
  return edit.text === '' ? question.decline : edit.text.trim();
}

/** Applies one action to the line. */
export function actOnPhrase(field: PhraseField, action: Action, now: number): FieldResult<PhraseField> {
  if (isDeaf(field, now)) return {};
  return action.type === 'accept' ? { answer: phraseIn(field) } : editLine(lineOf(field), action);
}

/** Pastes text into the line. Text with a line end is refused, because the line end would send the answer. */
export function pasteIntoPhrase(field: PhraseField, text: string, now: number): FieldResult<PhraseField> {
  if (withoutNewline(text) !== text) return { problem: 'Type it, so that it cannot happen by accident.' };
  const result = pasteIntoLine(lineOf(field), text);
  return result.field !== undefined && isDeaf(field, now) ? {} : result;
}

const isDeaf = ({ since }: PhraseField, now: number) => now - since < deafMs;

const lineOf = (field: PhraseField) => ({
  edit: field.edit,
  put: (edit: Edit): PhraseField => ({ ...field, edit }),
});
