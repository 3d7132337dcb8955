import { back, choose, listKeys, listMoves, tickSentence } from '../../common-keys.ts';
import { rowAt } from '../choice-row.tsx';
import type { FieldKind } from '../field-kind.ts';
import { speakChoice } from './spoken.tsx';
import { actOnChoice, type ChoiceField } from './state.ts';
import { viewChoice } from './view.tsx';

/** The kind of field in which a person chooses one row of a short list. */
export const choice: FieldKind<ChoiceField> = {
  answer: ({ options, rowValue }) => rowAt(options, rowValue)?.value ?? '',
  act: actOnChoice,
  paste: () => ({}),
  keys: [listMoves, tickSentence, choose, back, ...listKeys],
  ask: 'above',
  help: 'below',
  view: viewChoice,
  speak: speakChoice,
};
