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
  // Whoever types a text once more begins anew, and does not see what stands there already.
  afterCheck: (field) => (field.question.repeats === undefined ? field : emptySecret(field)),
  // Nobody could see what is wrong in the text, to mend it.
  afterRefusal: emptySecret,
  close: ({ secret }) => secret.destroy(),
  keys: [enter('accept'), back, ...textKeys, typing, ...secretEdits],
  ask: 'above',
  help: 'above',
  view: viewSecret,
  speak: speakSecret,
};
