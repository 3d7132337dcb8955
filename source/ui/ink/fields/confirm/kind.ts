import { type Binding, isLetter } from '../../binding.ts';
import { back, commandKeys, enter, toggle, whyKeys } from '../../common-keys.ts';
import type { FieldKind } from '../field-kind.ts';
import { speakConfirm } from './spoken.tsx';
import { actOnConfirm, type ConfirmField } from './state.ts';
import { viewConfirm } from './view.tsx';

/** The keys for people who type `yes` or `no`. Only the first letter of these words does something. */
const yesAndNo: readonly Binding[] = [
  { isPressed: isLetter('y'), action: { type: 'tick' }, key: 'y', does: 'set the tick' },
  { isPressed: isLetter('n'), action: { type: 'untick' }, key: 'n', does: 'remove the tick' },
];

/** The kind of field in which a person sets a tick or leaves it unset. */
export const confirm: FieldKind<ConfirmField> = {
  answer: ({ isTicked }) => isTicked,
  act: actOnConfirm,
  paste: () => ({}),
  keys: [toggle, ...yesAndNo, enter('accept'), back, ...commandKeys, ...whyKeys],
  ask: 'inside',
  help: 'above',
  view: viewConfirm,
  speak: speakConfirm,
};
