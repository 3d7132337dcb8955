import type { Answer, ChoiceQuestion, Option } from '../../../../ceremony/question.ts';
import type { Action } from '../../action.ts';
import { rowAt } from '../choice-row.tsx';
import type { FieldResult } from '../field-result.ts';
import { openPick, type PickField } from '../pick/state.ts';

/** One of a short list; the list component moves the cursor. */
export type ChoiceField = {
  readonly kind: 'choice';
  readonly question: ChoiceQuestion;
  readonly options: readonly Option[];
  /** The row under the cursor, once one is known. */
  readonly at: string | undefined;
};

/** Lists longer than this are looked through by typing; in shorter ones letters are commands. */
const longList = 12;

/** The list with the cursor on what was chosen before or is recommended; a long one is a field of another kind. */
export function openChoice(question: ChoiceQuestion, draft: Answer | undefined): ChoiceField | PickField {
  const { options } = question;
  const at = typeof draft === 'string' ? draft : question.default;
  if (typeof options === 'function' || options.length > longList) return openPick(question, at);
  return { kind: 'choice', question, options, at };
}

/** Enter chooses the row under the cursor. */
export function actOnChoice({ options, at }: ChoiceField, action: Action): FieldResult<ChoiceField> {
  const row = action.type === 'accept' ? rowAt(options, at) : undefined;
  return row === undefined ? {} : { chosen: row };
}
