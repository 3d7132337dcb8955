import type { Key } from 'ink';
import type { Action } from './action.ts';
import { type Binding, isCtrl, isLetter } from './binding.ts';
import {
  allOfPage,
  back,
  choose,
  commandKeys,
  copy,
  enter,
  everyScreenKeys,
  keys,
  listKeys,
  listMoves,
  tutorial,
  whyKeys,
} from './common-keys.ts';
import type { FieldState, Kind } from './fields/field.ts';
import { kindOf } from './fields/kinds.ts';
import type { Journey } from './journey.ts';

/** The modes in which no field takes the keys. */
type OtherMode = 'verifying' | 'acting' | 'problem' | 'page' | 'panel' | 'stopping' | 'between';

/** The state of the screen that decides which keys work: the kind of the open field, or another mode. */
export type Mode = Kind | OtherMode;

/** True while a step acts that may end early. */
export const mayEndEarly = ({ stage }: Journey) => stage.phase === 'acting' && stage.onEnough !== undefined;

/** Gives the mode that a journey is in. */
export function modeOf(journey: Journey): Mode {
  return openFieldOf(journey)?.kind ?? otherMode(journey);
}

/** Gives the field that takes keys now, or `undefined` when none does. */
function openFieldOf({ stage, panel, stopping }: Journey): FieldState | undefined {
  return stopping !== undefined || panel !== undefined || stage.phase !== 'asking' || stage.isVerifying
    ? undefined
    : stage.field;
}

/** Gives the mode of a journey in which no field takes keys. */
function otherMode({ stage, panel, stopping }: Journey): OtherMode {
  if (stopping !== undefined) return 'stopping';
  if (panel !== undefined) return 'panel';
  if (stage.phase === 'closing') return 'page';
  // A question comes to this line only while its answer is checked.
  return stage.phase === 'asking' ? 'verifying' : stage.phase;
}

/** True when the list component handles the keys. */
export function listHasKeys(journey: Journey): boolean {
  const mode = modeOf(journey);
  return mode === 'choice' || mode === 'problem';
}

/** Makes a binding that scrolls a page. `direction` is -1 for up and 1 for down. */
const scroll = (
  isPressed: Binding['isPressed'],
  [by, direction]: ['line' | 'page' | 'all', 1 | -1],
  key: string,
  does: string,
): Binding => ({ isPressed, action: { type: 'scroll', by, direction }, key, does });

/** The keys of each mode in which no field takes keys. When a key has two bindings, the first one applies. */
const keysOfMode: Readonly<Record<OtherMode, readonly Binding[]>> = {
  problem: [listMoves, choose, ...listKeys],
  verifying: [{ ...back, does: 'change it', isActive: () => true }, ...everyScreenKeys],
  acting: [{ ...back, does: 'stop after this', isActive: mayEndEarly }, ...commandKeys, ...whyKeys],
  page: [{ ...copy, does: 'copy ARN', rank: 5 }, enter('leave'), allOfPage, ...everyScreenKeys],
  panel: [
    { ...scroll((_, key) => key.upArrow, ['line', -1], '↑↓', 'scroll'), rank: 4 },
    scroll((_, key) => key.downArrow, ['line', 1], 'down', 'a line down'),
    scroll((_, key) => key.pageUp, ['page', -1], 'page up', 'a page up'),
    scroll((input, key) => key.pageDown || input === ' ', ['page', 1], 'page down', 'a page down'),
    scroll((_, key) => key.home, ['all', -1], 'home', 'to the beginning'),
    scroll((_, key) => key.end, ['all', 1], 'end', 'to the end'),
    { isPressed: (_, key) => key.escape || key.return, action: { type: 'close' }, key: 'esc', does: 'close', rank: 9 },
    ...commandKeys,
    tutorial,
    keys,
    ...whyKeys,
  ],
  stopping: [
    {
      isPressed: (input, key) => key.return || isCtrl('c')(input, key),
      action: { type: 'leave' },
      key: 'enter',
      does: 'stop',
      rank: 9,
    },
    { isPressed: () => true, action: { type: 'stay' }, key: 'esc', does: 'go on', rank: 8 },
  ],
  between: everyScreenKeys,
};

/** Gives the keys of the actions that the last page offers: a letter for each. */
function actionKeysOf({ stage }: Journey): readonly Binding[] {
  if (stage.phase !== 'closing') return [];
  return (stage.actions ?? []).map(({ key, does }) => ({
    isPressed: isLetter(key),
    action: { type: 'page-action', key },
    key,
    does,
    rank: 6,
  }));
}

/** Gives all bindings of the present mode, also those that do not work at this moment. */
function keysIn(journey: Journey): readonly Binding[] {
  const field = openFieldOf(journey);
  if (field !== undefined) return kindOf(field).keys;
  const mode = otherMode(journey);
  return mode === 'page' ? [...actionKeysOf(journey), ...keysOfMode[mode]] : keysOfMode[mode];
}

/** Makes the test whether a binding works at this moment. */
const worksIn =
  (journey: Journey) =>
  ({ isActive }: Binding) =>
    isActive === undefined || isActive(journey);

/** Gives the bindings that work right now. */
export function bindingsOf(journey: Journey): readonly Binding[] {
  return keysIn(journey).filter(worksIn(journey));
}

/** Gives the action of a pressed key, or `undefined` when the key does nothing now or the list component handles it. */
export function actionFor(journey: Journey, input: string, key: Key): Action | undefined {
  const works = worksIn(journey);
  // Whether a binding works may need a look at a long list. So this is asked only of the bindings of the pressed key.
  const action = keysIn(journey).find((binding) => binding.isPressed(input, key) && works(binding))?.action;
  return typeof action === 'function' ? action(input) : action;
}

/** The flags of Ink for a character that was typed without Ctrl or Alt: none is set. */
const unmodified = {} as Key;

/** True when a field would take this character as text now, and not as a command. */
export function isText(journey: Journey, character: string): boolean {
  const action = actionFor(journey, character, unmodified);
  return action?.type === 'insert';
}
