import { checkAnswer, suggestionFor } from '../../../../ceremony/interview.ts';
import type { Answer, ChoiceQuestion, FileQuestion, TextQuestion } from '../../../../ceremony/question.ts';
import { completionWords } from '../../../completion-words.ts';
import type { Action } from '../../action.ts';
import { type Edit, editOf } from '../editing.ts';
import type { FieldResult } from '../field-result.ts';
import type { OptionList } from '../option-list.ts';
import { completeEdit, editLine, pasteIntoLine } from '../typed-line.ts';

/** One line of text: an answer, the path of a file, or an option whose list is empty or could not be read. */
export type TextField = {
  readonly kind: 'text';
  readonly question: TextQuestion | FileQuestion | ChoiceQuestion;
  readonly edit: Edit;
  /** The names of the files that can complete the typed path. Tab sets them, and the next key removes them. */
  readonly names?: readonly string[];
  /** The list that is empty or could not be read. Set when the person types for that reason. */
  readonly instead?: OptionList;
};

/** Opens the field with the earlier answer, or with what the question offers. */
export function openText(question: TextQuestion | FileQuestion, draft: Answer | undefined): TextField {
  const offer = question.offer ?? question.default ?? '';
  return { kind: 'text', question, edit: editOf(typeof draft === 'string' ? draft : offer) };
}

/** Applies one action. Tab puts the right text in place of a wrong one, or completes a path. Enter answers with the text. */
export function actOnText(field: TextField, action: Action): FieldResult<TextField> {
  if (action.type === 'correct') {
    const instead = suggestionFor(field.question, field.edit.text);
    return instead === undefined ? {} : { field: { ...field, edit: editOf(instead) } };
  }
  if (action.type === 'complete') return completeText(field);
  return action.type === 'accept' ? { answer: field.edit.text } : editLine(lineOf(field), action);
}

/** Completes the path before the cursor, as far as the names of all matching files agree. Keeps these names, to show them. */
function completeText({ names: _, ...field }: TextField): FieldResult<TextField> {
  const { question, edit } = field;
  if (question.kind === 'choice' || question.complete === undefined) return {};
  const { edit: completed, names } = completeEdit(edit, question.complete);
  return { field: { ...field, edit: completed, ...(names === undefined ? {} : { names }) } };
}

/** Pastes text into the line. */
export function pasteIntoText(field: TextField, text: string): FieldResult<TextField> {
  return pasteIntoLine(lineOf(field), text);
}

/**
 * Gives a line about the typed text. After Tab: the names of files. For a text that Enter would take: what it means, such as a
 * date. For a text that Enter would refuse: why, and whether Tab can correct it. Gives `undefined` for the name of an option, and
 * when the question gives neither a notice nor a correction, as for an unfinished text.
 */
export function noticeOnText({ question, edit: { text }, names }: TextField): string | undefined {
  if (question.kind === 'choice') return undefined;
  if (names !== undefined) return completionWords(names);
  const notice = question.notice?.(text);
  const instead = suggestionFor(question, text);
  if (notice === undefined && instead === undefined) return undefined;
  const problem = checkAnswer(question, text.trim());
  if (problem === undefined) return notice;
  return `Enter would refuse this: ${problem}${instead === undefined ? '' : ' (Tab takes it)'}`;
}

/** Gives the text as a line that can be edited. */
function lineOf({ names: _, ...field }: TextField) {
  const { question, edit } = field;
  const longest = question.kind === 'choice' ? undefined : question.longest;
  return { edit, longest, put: (next: Edit): TextField => ({ ...field, edit: next }) };
}
