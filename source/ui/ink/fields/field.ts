import { type Answer, given, type Question } from '../../../ceremony/question.ts';
import { SecretText } from '../../../ceremony/secret-text.ts';
import { type Edit, editOf, emptyEdit } from './editing.ts';
import type { Many } from './many.ts';
import { loading, type OptionList } from './option-list.ts';
import { isLong, openPick, type Pick, picked } from './pick.ts';

/** What a person has typed, ticked or pointed at, before it is an answer. */
export type FieldState =
  /** `instead` is the list that could not be shown, where a choice is typed in its place. */
  | { readonly kind: 'text'; readonly edit: Edit; readonly instead?: OptionList }
  | { readonly kind: 'choice'; readonly list: OptionList; readonly at: string | undefined }
  | Pick
  | Many
  | { readonly kind: 'confirm'; readonly ticked: boolean }
  | { readonly kind: 'phrase'; readonly edit: Edit; readonly since: number }
  /** The characters are in a buffer outside the state, which changes without it: a new state says that it has. */
  | { readonly kind: 'secret'; readonly secret: SecretText };

/** The field as it opens: with what was answered here before, or with the question's default. */
export function openField(question: Question, draft: Answer | undefined, now: number): FieldState {
  switch (question.kind) {
    case 'text':
    case 'file':
      return { kind: 'text', edit: editOf(typeof draft === 'string' ? draft : (question.default ?? '')) };
    case 'choice': {
      const at = typeof draft === 'string' ? draft : question.default;
      const list = listOf(question.options);
      return isLong(question) ? openPick(list, at) : { kind: 'choice', list, at };
    }
    case 'many': {
      const chosen = Array.isArray(draft) ? (draft as readonly string[]) : (question.default ?? []);
      return { kind: 'many', list: listOf(question.options), filter: emptyEdit, at: 0, chosen, warned: false };
    }
    case 'confirm':
      // What nothing goes on without is ticked by the person each time, also where it was ticked before.
      return { kind: 'confirm', ticked: question.mustTick !== true && (draft ?? question.default) === true };
    case 'phrase':
      return { kind: 'phrase', edit: emptyEdit, since: now };
    case 'secret':
      return { kind: 'secret', secret: new SecretText() };
  }
}

/** The answer that a field holds, whether or not it can be taken. */
export function answerIn(question: Question, field: FieldState): Answer {
  switch (field.kind) {
    case 'text':
      return field.edit.text;
    case 'choice':
      return field.at ?? '';
    case 'pick':
      return picked(field)?.value ?? '';
    case 'many':
      return field.chosen;
    case 'confirm':
      return field.ticked;
    case 'phrase':
      return field.edit.text === '' && question.kind === 'phrase' ? question.decline : field.edit.text.trim();
    case 'secret':
      return given;
  }
}

function listOf(options: Extract<Question, { kind: 'choice' }>['options']): OptionList {
  return typeof options === 'function' ? loading : { options, state: 'complete' };
}
