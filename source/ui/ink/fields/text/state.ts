import type { Answer, ChoiceQuestion, FileQuestion, TextQuestion } from '../../../../ceremony/question.ts';
import type { Action } from '../../action.ts';
import { type Edit, editOf } from '../editing.ts';
import type { FieldResult } from '../field-result.ts';
import type { OptionList } from '../option-list.ts';
import { editLine, pasteIntoLine } from '../typed-line.ts';

/** One line of text: an answer, the path of a file, or an option whose list is empty or could not be read. */
export type TextField = {
  readonly kind: 'text';
  readonly question: TextQuestion | FileQuestion | ChoiceQuestion;
  readonly edit: Edit;
  /** The list that is empty or could not be read. Set when the person types for that reason. */
  readonly instead?: OptionList;
};

/** Opens the field with the earlier answer, or with the question's default. */
export function openText(question: TextQuestion | FileQuestion, draft: Answer | undefined): TextField {
  return { kind: 'text', question, edit: editOf(typeof draft === 'string' ? draft : (question.default ?? '')) };
}

/** Applies one action to the line. */
export function actOnText(field: TextField, action: Action): FieldResult<TextField> {
  return action.type === 'accept' ? { answer: field.edit.text } : editLine(lineOf(field), action);
}

/** Pastes text into the line. */
export function pasteIntoText(field: TextField, text: string): FieldResult<TextField> {
  return pasteIntoLine(lineOf(field), text);
}

/** Gives a line about the typed text, such as the date that the text means. */
export function noticeOnText({ question, edit }: TextField): string | undefined {
  return question.kind === 'choice' ? undefined : question.notice?.(edit.text);
}

/** Gives the text as a line that can be edited. */
function lineOf(field: TextField) {
  const { question, edit } = field;
  const longest = question.kind === 'choice' ? undefined : question.longest;
  return { edit, longest, put: (next: Edit): TextField => ({ ...field, edit: next }) };
}
