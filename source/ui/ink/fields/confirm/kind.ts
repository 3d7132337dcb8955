import { back, commands, enter, toggle, whyKeys } from '../../common-keys.ts';
import type { FieldKind } from '../field-kind.ts';
import { speakConfirm } from './spoken.tsx';
import { actOnConfirm, type ConfirmField } from './state.ts';
import { viewConfirm } from './view.tsx';

/** The kind of field in which a person sets a tick or leaves it unset. */
export const confirm: FieldKind<ConfirmField> = {
  answer: ({ isTicked }) => isTicked,
  act: actOnConfirm,
  paste: () => ({}),
  keys: [toggle, enter('accept'), back, commands, ...whyKeys],
  ask: 'inside',
  help: 'above',
  view: viewConfirm,
  speak: speakConfirm,
};
