import { checkAnswer } from '../../../ceremony/interview.ts';
import type { Answer, Question } from '../../../ceremony/question.ts';
import { choice } from './choice/kind.ts';
import { openChoice } from './choice/state.ts';
import { confirm } from './confirm/kind.ts';
import { openConfirm } from './confirm/state.ts';
import type { FieldState, Kind } from './field.ts';
import type { FieldKind } from './field-kind.ts';
import { many } from './many/kind.ts';
import { openMany } from './many/state.ts';
import { phrase } from './phrase/kind.ts';
import { openPhrase } from './phrase/state.ts';
import { pick } from './pick/kind.ts';
import { secret } from './secret/kind.ts';
import { openSecret } from './secret/state.ts';
import { text } from './text/kind.ts';
import { openText } from './text/state.ts';

const kinds: { readonly [Each in Kind]: FieldKind<FieldState<Each>> } = {
  text,
  choice,
  pick,
  many,
  confirm,
  phrase,
  secret,
};

/** Gives everything that the screen needs to know about fields of this kind. */
export function kindOf<Of extends Kind>({ kind }: FieldState<Of>): FieldKind<FieldState<Of>> {
  return kinds[kind];
}

/**
 * Opens the field of a question. The field contains the draft or, without a draft, what the question offers. A phrase and a secret
 * are always typed anew, and a required tick is always set anew.
 * @param draft the last answer or content of this field.
 * @param now the time in milliseconds, as `performance.now()` tells it.
 */
export function openField(question: Question, draft: Answer | undefined, now: number): FieldState {
  switch (question.kind) {
    case 'text':
    case 'file':
      return openText(question, draft);
    case 'choice':
      return openChoice(question, draft);
    case 'many':
      return openMany(question, draft);
    case 'confirm':
      return openConfirm(question, draft);
    case 'phrase':
      return openPhrase(question, now);
    case 'secret':
      return openSecret(question);
  }
}

/**
 * Checks the answer of a field without AWS and the disk. Hands a valid secret to the question.
 * @returns why the answer is refused, or `undefined` when it is valid.
 */
export function problemWith(field: FieldState, answer: Answer): string | undefined {
  const { handOver } = kindOf(field);
  return handOver === undefined ? checkAnswer(field.question, answer) : handOver(field);
}
