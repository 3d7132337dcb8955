import { checkAnswer, takeSecret } from '../../../ceremony/interview.ts';
import type { Answer, Question } from '../../../ceremony/question.ts';
import type { Asking } from '../journey.ts';
import type { FieldState } from './field.ts';

/** Why an answer cannot be taken by itself; a secret that can be taken is handed over with it. */
export function problemWith({ question, field }: Asking, answer: Answer): string | undefined {
  return field.kind === 'secret' && question.kind === 'secret'
    ? takeSecret(question, field.secret)
    : checkAnswer(question, answer);
}

/** What a question says of what was typed so far. */
export function noticeOf(question: Question, field: FieldState): string | undefined {
  if (field.kind === 'secret' && question.kind === 'secret') return question.notice?.(field.secret);
  if (field.kind !== 'text' || (question.kind !== 'text' && question.kind !== 'file')) return undefined;
  return question.notice?.(field.edit.text);
}
