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
};

/** In a list of more options than this, typed letters filter the list. In a shorter list, letters are commands. */
const longList = 12;

/**
 * Opens a short list with the cursor on the option that was chosen before or is recommended. For a long list, and for options
 * that come in pages, opens a pick field.
 */
export function openChoice(question: ChoiceQuestion, draft: Answer | undefined): ChoiceField | PickField {
  const { options } = question;
  const rowValue = typeof draft === 'string' ? draft : question.default;
  if (typeof options === 'function' || options.length > longList) return openPick(question, rowValue);
  return { kind: 'choice', question, options, rowValue };
}

/** Applies one action. Enter chooses the row under the cursor. */
export function actOnChoice({ options, rowValue }: ChoiceField, action: Action): FieldResult<ChoiceField> {
  const row = action.type === 'accept' ? rowAt(options, rowValue) : undefined;
  return row === undefined ? {} : { chosen: row };
}
