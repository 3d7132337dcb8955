import type { FieldKind } from '../field-kind.ts';
import { nearsEnd } from '../option-list.ts';
import { manyKeys } from './keys.ts';
import { speakMany } from './spoken.tsx';
import { actOnMany, type ManyField, pasteIntoMany, shownRows } from './state.ts';
import { viewMany } from './view.tsx';

/** The kind of field in which a person chooses several rows of a list. */
export const many: FieldKind<ManyField> = {
  answer: ({ chosen }) => chosen,
  act: actOnMany,
  paste: pasteIntoMany,
  pages: {
    withList: (field, list) => ({ ...field, list }),
    areWanted: (field) => nearsEnd(field.list, { rowIndex: field.rowIndex, rowCount: shownRows(field).length }),
  },
  afterRefusal: (field, chosen = field.chosen) => ({ ...field, chosen }),
  keys: manyKeys,
  ask: 'above',
  help: 'above',
  view: viewMany,
  speak: speakMany,
};
