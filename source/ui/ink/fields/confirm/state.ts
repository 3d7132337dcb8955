import type { Answer, ConfirmQuestion } from '../../../../ceremony/question.ts';
import type { Action } from '../../action.ts';
import type { FieldResult } from '../field-result.ts';

/** A tick. */
export type ConfirmField = { readonly kind: 'confirm'; readonly question: ConfirmQuestion; readonly ticked: boolean };

/** What nothing goes on without is ticked by the person each time, also where it was ticked before. */
export function openConfirm(question: ConfirmQuestion, draft: Answer | undefined): ConfirmField {
  return {
    kind: 'confirm',
    question,
    ticked: question.mustTick !== true && (draft ?? question.default) === true,
  };
}

/** Space ticks it, or takes the tick away; Enter takes it as it is. */
export function actOnConfirm(field: ConfirmField, action: Action): FieldResult<ConfirmField> {
  const { question, ticked } = field;
  if (action.type === 'toggle') return { field: { ...field, ticked: !ticked } };
  if (action.type !== 'accept') return {};
  return question.mustTick === true && !ticked
    ? { problem: 'Space ticks it. Nothing goes on without the tick.' }
    : { answer: ticked };
}
