import type { Binding } from '../../binding.ts';
import { back, enter, moves, textKeys } from '../../common-keys.ts';
import { edits, filtering } from '../../edit-keys.ts';
import type { FieldKind } from '../field-kind.ts';
import { nearsEnd } from '../option-list.ts';
import { speakPick } from './spoken.tsx';
import { actOnPick, optionAtCursor, type PickField, pasteIntoPick, pickRows, withList } from './state.ts';
import { viewPick } from './view.tsx';

const hasMatches: Binding['isActive'] = ({ stage }) =>
  stage.phase === 'asking' && stage.field.kind === 'pick' && pickRows(stage.field).length > 0;

/** The kind of field in which a person chooses one row of a long list. */
export const pick: FieldKind<PickField> = {
  answer: (field) => optionAtCursor(field)?.value ?? '',
  act: actOnPick,
  paste: pasteIntoPick,
  pages: {
    withList: withList,
    areWanted: (field) =>
      nearsEnd(field.list, { rowIndex: field.rowIndex, rowCount: pickRows(field).length }) ||
      (field.list.state === 'loading' && field.wanted !== undefined),
  },
  keys: [
    filtering,
    ...moves.map((each) => ({ ...each, isActive: hasMatches })),
    enter('choose'),
    back,
    ...textKeys,
    ...edits,
  ],
  ask: 'above',
  help: 'below',
  view: viewPick,
  speak: speakPick,
};
