import type { Answer, ConfirmQuestion } from '../../../../ceremony/question.ts';
import type { Action } from '../../action.ts';
import type { FieldResult } from '../field-result.ts';

/** A question with a tick. */
export type ConfirmField = { readonly kind: 'confirm'; readonly question: ConfirmQuestion; readonly isTicked: boolean };

/** Opens a yes-or-no field. A required tick must be set by the person each time, even if it was set before. */
export function openConfirm(question: ConfirmQuestion, draft: Answer | undefined): ConfirmField {
  return {
    kind: 'confirm',
    question,
    isTicked: question.mustTick !== true && (draft ?? question.default) === true,
  };
}

/** Applies one action. Space changes the tick, y sets it, n removes it. Enter answers, unless a required tick is missing. */
export function actOnConfirm(field: ConfirmField, action: Action): FieldResult<ConfirmField> {
  const { question, isTicked } = field;
  if (action.type === 'toggle') return { field: { ...field, isTicked: !isTicked } };
  if (action.type === 'tick' || action.type === 'untick')
    return { field: { ...field, isTicked: action.type === 'tick' } };
  if (action.type !== 'accept') return {};
  return question.mustTick === true && !isTicked
    ? { problem: 'Space ticks it. Nothing goes on without the tick.' }
    : { answer: isTicked };
}
