import { given, type SecretQuestion } from '../../../../ceremony/question.ts';
import { SecretText } from '../../../../ceremony/secret-text.ts';
import type { Action } from '../../action.ts';
import type { FieldResult } from '../field-result.ts';
import { withoutNewline } from '../typed-line.ts';

/** A text that is typed unseen. Its buffer changes in place; so each action gives a new state object, which React draws. */
export type SecretField = { readonly kind: 'secret'; readonly question: SecretQuestion; readonly secret: SecretText };

/** Opens an empty field. */
export const openSecret = (question: SecretQuestion): SecretField => ({
  kind: 'secret',
  question,
  secret: new SecretText(),
});

/**
 * Applies one action: typing, deleting the last character, clearing, or Enter, which answers. There is no cursor in a text that
 * nobody sees.
 */
export function actOnSecret(field: SecretField, action: Action): FieldResult<SecretField> {
  const { secret } = field;
  switch (action.type) {
    case 'insert':
      return intoSecret(field, [...action.text]);
    case 'backspace':
      secret.removeLast();
      return { field: { ...field } };
    case 'kill-before':
    case 'kill-word':
      return { field: emptySecret(field) };
    default:
      return action.type === 'accept' ? { answer: given } : {};
  }
}

/** Destroys the text, and gives the empty field. */
export function emptySecret(field: SecretField): SecretField {
  field.secret.destroy();
  return { ...field };
}

/** Pastes text, completely or not at all. */
export function pasteIntoSecret(field: SecretField, text: string): FieldResult<SecretField> {
  return intoSecret(field, [withoutNewline(text)]);
}

/** Appends parts to the text, each of them whole or not at all. The result has the reason for the last part that was refused. */
function intoSecret(field: SecretField, parts: readonly string[]): FieldResult<SecretField> {
  const problem = parts.map((part) => field.secret.append(part)).findLast((each) => each !== undefined);
  return { field: { ...field }, ...(problem === undefined ? {} : { problem }) };
}
