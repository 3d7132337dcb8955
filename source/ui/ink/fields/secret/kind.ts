import { takeSecret } from '../../../../ceremony/interview.ts';
import { given } from '../../../../ceremony/question.ts';
import { back, enter, textKeys } from '../../common-keys.ts';
import { secretEdits, typing } from '../../edit-keys.ts';
import type { FieldKind } from '../field-kind.ts';
import { speakSecret } from './spoken.tsx';
import { actOnSecret, emptySecret, pasteIntoSecret, type SecretField } from './state.ts';
import { viewSecret } from './view.tsx';

/** The kind of field in which a person types a text that is never shown. */
export const secret: FieldKind<SecretField> = {
  answer: () => given,
  act: actOnSecret,
  paste: pasteIntoSecret,
  notice: ({ question, secret }) => question.notice?.(secret),
  handOver: ({ question, secret }) => takeSecret(question, secret),
  // When the repetition of a text is refused, the person types it again from the beginning.
  afterCheck: (field) => (field.question.repeats === undefined ? field : emptySecret(field)),
  // The text is not visible, so that nobody could correct a part of it.
  afterRefusal: emptySecret,
  close: ({ secret }) => secret.destroy(),
  keys: [enter('accept'), back, ...textKeys, typing, ...secretEdits],
  ask: 'above',
  help: 'above',
  view: viewSecret,
  speak: speakSecret,
};
