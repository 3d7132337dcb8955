import type { Answer, ChoiceQuestion, Option } from '../../../../ceremony/question.ts';
import type { Action } from '../../action.ts';
import { rowAt } from '../choice-row.tsx';
import type { FieldResult } from '../field-result.ts';
import { openPick, type PickField } from '../pick/state.ts';

/** A choice of one option from a short list. The list component moves the cursor. */
export type ChoiceField = {
  readonly kind: 'choice';
  readonly question: ChoiceQuestion;
  readonly options: readonly Option[];
  /** The value of the row under the cursor; without it, the cursor is on the first row. */
  readonly rowValue: string | undefined;
  /** Whether the person has ticked the sentence of the question; `undefined` for a question without one. */
  readonly isTicked?: boolean;
};

/** In a list of more options than this, typed letters filter the list. In a shorter list, letters are commands. */
const longList = 12;

/**
 * Opens a short list with the cursor on the option that was chosen before or is recommended. For a long list, and for options
 * that come in pages, opens a pick field. A list with a sentence to tick counts as short, however long it is: in a pick field,
 * Space is a letter.
 */
export function openChoice(question: ChoiceQuestion, draft: Answer | undefined): ChoiceField | PickField {
  const { options } = question;
  const rowValue = typeof draft === 'string' ? draft : question.default;
  const isShort = typeof options !== 'function' && (options.length <= longList || question.tick !== undefined);
  if (!isShort) return openPick(question, rowValue);
  return { kind: 'choice', question, options, rowValue, ...(question.tick === undefined ? {} : { isTicked: false }) };
}

/**
 * Applies one action. Enter chooses the row under the cursor; Space ticks the sentence, when the question has one. A row that
 * needs the tick cannot be chosen by Enter alone, so that a key that is held down does not choose it.
 */
export function actOnChoice(field: ChoiceField, action: Action): FieldResult<ChoiceField> {
  const { question, options, rowValue, isTicked } = field;
  if (action.type === 'toggle' && isTicked !== undefined) return { field: { ...field, isTicked: !isTicked } };
  const row = action.type === 'accept' ? rowAt(options, rowValue) : undefined;
  if (row === undefined) return {};
  return isTicked === false && row.value === question.tick?.before
    ? { problem: 'Space ticks the sentence. Nothing goes on without the tick.' }
    : { chosen: row };
}
