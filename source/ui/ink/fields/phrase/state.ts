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

/** A phrase cannot be typed ahead: for so long after it appears, keys do not count. */
const deafMs = 200;

/** An empty field. */
export const openPhrase = (question: PhraseQuestion, now: number): PhraseField => ({
  kind: 'phrase',
  question,
  edit: emptyEdit,
  since: now,
});

/** What was typed; nothing declines. */
export function phraseIn({ question, edit }: PhraseField): string {
  return edit.text === '' ? question.decline : edit.text.trim();
}

/** One action on the line. */
export function actOnPhrase(field: PhraseField, action: Action, now: number): FieldResult<PhraseField> {
  if (isDeaf(field, now)) return {};
  return action.type === 'accept' ? { answer: phraseIn(field) } : editLine(lineOf(field), action);
}

/** A paste into the line, which must not come with the Enter that would send it. */
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
