import type { PhraseQuestion } from '../../../../ceremony/question.ts';
import type { Action } from '../../action.ts';
import { type Edit, emptyEdit } from '../editing.ts';
import type { FieldResult } from '../field-result.ts';
import { editLine, pasteIntoLine, withoutNewline } from '../typed-line.ts';

/** A phrase that the person types exactly, so that nobody agrees by accident. */
export type PhraseField = {
  readonly kind: 'phrase';
  readonly question: PhraseQuestion;
  readonly edit: Edit;
  /** When the question appeared, in milliseconds, as `performance.now()` tells it. */
  readonly since: number;
};

/** In this time after the question appears, keys do nothing, so that nobody types the phrase ahead. */
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

/** Applies one action to the line. Enter answers with the phrase. While keys do nothing yet, no action does anything. */
export function actOnPhrase(field: PhraseField, action: Action, now: number): FieldResult<PhraseField> {
  if (isDeaf(field, now)) return {};
  return action.type === 'accept' ? { answer: phraseIn(field) } : editLine(lineOf(field), action);
}

/**
 * Pastes text into the line. Refuses a whole line, because the newline at its end is meant to send the answer. While keys do
 * nothing yet, pasting does nothing either, except that it still says why a text is refused.
 */
export function pasteIntoPhrase(field: PhraseField, text: string, now: number): FieldResult<PhraseField> {
  if (withoutNewline(text) !== text) return { problem: 'Type it, so that it cannot happen by accident.' };
  const result = pasteIntoLine(lineOf(field), text);
  return result.field !== undefined && isDeaf(field, now) ? {} : result;
}

/** True while keys do nothing yet. */
const isDeaf = ({ since }: PhraseField, now: number) => now - since < deafMs;

/** Gives the phrase as a line that can be edited. */
const lineOf = (field: PhraseField) => ({
  edit: field.edit,
  put: (edit: Edit): PhraseField => ({ ...field, edit }),
});
