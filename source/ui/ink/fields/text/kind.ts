import { suggestionFor } from '../../../../ceremony/interview.ts';
import type { Binding } from '../../binding.ts';
import { back, complete as completeKey, enter, textKeys } from '../../common-keys.ts';
import { edits, typing } from '../../edit-keys.ts';
import type { FieldKind } from '../field-kind.ts';
import { speakText } from './spoken.tsx';
import { actOnText, noticeOnText, pasteIntoText, type TextField } from './state.ts';
import { cautionOnText, viewText } from './view.tsx';

/** The key that puts the right text in place of the typed one, when the question knows it. */
const correct: Binding = {
  isPressed: (_, key) => key.tab && !key.shift,
  action: { type: 'correct' },
  key: 'tab',
  does: 'correct it',
  rank: 8,
  isActive: ({ stage }) =>
    stage.phase === 'asking' &&
    stage.field.kind === 'text' &&
    suggestionFor(stage.field.question, stage.field.edit.text) !== undefined,
};

/** The key that completes the typed path. */
const complete: Binding = {
  ...completeKey,
  isActive: ({ stage }) =>
    stage.phase === 'asking' &&
    stage.field.kind === 'text' &&
    stage.field.question.kind !== 'choice' &&
    stage.field.question.complete !== undefined,
};

/** The kind of field in which a person types one line of text. */
export const text: FieldKind<TextField> = {
  answer: ({ edit }) => edit.text,
  act: actOnText,
  paste: pasteIntoText,
  notice: noticeOnText,
  keys: [enter('accept'), correct, complete, back, ...textKeys, typing, ...edits],
  ask: 'above',
  help: 'above',
  view: viewText,
  caution: cautionOnText,
  speak: speakText,
};
