import { back, enter, textKeys } from '../../common-keys.ts';
import { edits, typing } from '../../edit-keys.ts';
import type { FieldKind } from '../field-kind.ts';
import { speakText } from './spoken.tsx';
import { actOnText, noticeOnText, pasteIntoText, type TextField } from './state.ts';
import { cautionOnText, viewText } from './view.tsx';

/** The kind of field in which a person types one line of text. */
export const text: FieldKind<TextField> = {
  answer: ({ edit }) => edit.text,
  act: actOnText,
  paste: pasteIntoText,
  notice: noticeOnText,
  keys: [enter('accept'), back, ...textKeys, typing, ...edits],
  ask: 'above',
  help: 'below',
  view: viewText,
  caution: cautionOnText,
  speak: speakText,
};
