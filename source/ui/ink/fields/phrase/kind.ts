import { back, enter, textKeys } from '../../common-keys.ts';
import { edits, typing } from '../../edit-keys.ts';
import type { FieldKind } from '../field-kind.ts';
import { speakPhrase } from './spoken.tsx';
import { actOnPhrase, type PhraseField, pasteIntoPhrase, phraseIn } from './state.ts';
import { viewPhrase } from './view.tsx';

/** The kind of field in which a person types a phrase exactly. */
export const phrase: FieldKind<PhraseField> = {
  answer: phraseIn,
  act: actOnPhrase,
  paste: pasteIntoPhrase,
  keys: [enter('accept'), back, ...textKeys, typing, ...edits],
  ask: 'above',
  help: 'above',
  view: viewPhrase,
  speak: speakPhrase,
};
