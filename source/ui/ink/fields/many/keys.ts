import { type Binding, isCtrl } from '../../binding.ts';
import { back, complete, enter, moves, textKeys, toggle } from '../../common-keys.ts';
import { adding, edits, filtering } from '../../edit-keys.ts';
import type { Journey } from '../../journey.ts';
import { enterDoes, hasRows, isFiltered, isOnlyTyped, type ManyField, shownRows } from './state.ts';

/** Makes a condition about the list on the screen. */
const when =
  (isMet: (field: ManyField) => boolean) =>
  ({ stage }: Journey) =>
    stage.phase === 'asking' && stage.field.kind === 'many' && isMet(stage.field);

const enters = (['accept', 'add', 'tick', 'show in the list'] as const).map(
  (does): Binding => ({ ...enter(does), isActive: when((field) => enterDoes(field) === does) }),
);

/**
 * True when all rows can be ticked at once: for several rows of a list that does not come in pages. The people of an account come
 * in pages, and nobody ticks all of them.
 */
const canTickAll = when((field) => typeof field.question.options !== 'function' && shownRows(field).length > 1);

const tickKeys: readonly Binding[] = [
  {
    isPressed: isCtrl('t'),
    action: { type: 'tick-all' },
    key: 'ctrl+t',
    does: 'tick all',
    rank: 1,
    isActive: canTickAll,
  },
  {
    isPressed: isCtrl('n'),
    action: { type: 'tick-none' },
    key: 'ctrl+n',
    does: 'untick all',
    rank: 0,
    isActive: canTickAll,
  },
];

/** The keys of a list in which several rows are chosen. Space is text as soon as the filter has text. */
export const manyKeys: readonly Binding[] = [
  ...moves.map((each) => ({ ...each, isActive: when(hasRows) })),
  { ...toggle, isActive: when((field) => hasRows(field) && !isFiltered(field)) },
  { ...filtering, isActive: when((field) => !isOnlyTyped(field)) },
  { ...adding, isActive: when(isOnlyTyped) },
  { ...complete, isActive: when(({ question }) => question.complete !== undefined) },
  ...enters,
  back,
  ...tickKeys,
  ...textKeys,
  ...edits,
];
