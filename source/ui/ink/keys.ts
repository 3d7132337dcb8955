import type { Key } from 'ink';
import type { EditAction } from './fields/editing.ts';
import { identifierOn } from './identifier.ts';
import type { Journey } from './journey.ts';

/** What a key asks for. */
export type Action =
  | EditAction
  | { readonly type: 'move'; readonly by: number }
  | { readonly type: 'scroll'; readonly by: 'line' | 'page' | 'all'; readonly way: 1 | -1 }
  | { readonly type: 'way'; readonly key: string }
  | { readonly type: 'toggle' | 'accept' | 'back' | 'why' | 'commands' | 'close' | 'stop' | 'leave' | 'stay' | 'copy' };

/** What the screen is doing, as far as keys are concerned. */
export type Mode =
  | 'list'
  | 'text'
  | 'many'
  | 'tick'
  | 'phrase'
  | 'secret'
  | 'verifying'
  | 'acting'
  | 'problem'
  | 'page'
  | 'panel'
  | 'stopping'
  | 'between';

/** A key and what it does. `action` is missing where the list component acts on the key itself. */
export type Binding = {
  readonly pressed: (input: string, key: Key) => boolean;
  readonly action?: Action;
  readonly key: string;
  readonly does: string;
  /** Of the footer's hints the lowest go first when it is narrow; without one the key stands in the help alone. */
  readonly rank?: number;
  readonly when?: (journey: Journey) => boolean;
};

/** The mode that a journey is in. */
export function modeOf({ stage, panel, stopping }: Journey): Mode {
  if (stopping) return 'stopping';
  if (panel !== undefined) return 'panel';
  if (stage.phase === 'closing') return 'page';
  if (stage.phase !== 'asking') return stage.phase;
  if (stage.verifying) return 'verifying';
  return stage.field.kind === 'choice' ? 'list' : stage.field.kind === 'confirm' ? 'tick' : stage.field.kind;
}

const typed = (letter: string) => (input: string, key: Key) => input === letter && !key.ctrl && !key.meta;
const ctrl = (letter: string) => (input: string, key: Key) => key.ctrl && input === letter;
const canGoBack = ({ stage }: Journey) => stage.phase === 'asking' && stage.back !== undefined;
const hasCommands = ({ commands }: Journey) => commands().length > 0;
const hasStep = ({ step }: Journey) => step !== undefined;
const hasRows = ({ stage }: Journey) =>
  stage.phase === 'problem' ||
  (stage.phase === 'asking' && stage.field.kind === 'choice' && stage.field.list.options.length > 0);

const enter = (does: string): Binding => ({
  pressed: (_, key) => key.return,
  action: { type: 'accept' },
  key: 'enter',
  does,
  rank: 9,
});
const back: Binding = {
  pressed: (_, key) => key.escape,
  action: { type: 'back' },
  key: 'esc',
  does: 'back',
  rank: 7,
  when: canGoBack,
};
const why: Binding = { pressed: typed('?'), action: { type: 'why' }, key: '?', does: 'why', rank: 6, when: hasStep };
/** Where letters are text, the key that nano has for help. */
const whyInText: Binding = { ...why, pressed: ctrl('g'), key: 'ctrl+g' };
/** It works everywhere, but where ? does the same the footer does not say so. */
const { rank: _, ...whyToo }: Binding = whyInText;
const commands: Binding = {
  pressed: typed('c'),
  action: { type: 'commands' },
  key: 'c',
  does: 'commands',
  rank: 3,
  when: hasCommands,
};
/** Copies the identifier that stands alone on the screen. */
const copy: Binding = {
  pressed: typed('y'),
  action: { type: 'copy' },
  key: 'y',
  does: 'copy',
  rank: 1,
  when: (journey) => identifierOn(journey) !== undefined,
};
const stop: Binding = { pressed: ctrl('c'), action: { type: 'stop' }, key: 'ctrl+c', does: 'stop', rank: 4 };

const edits: readonly Binding[] = [
  edit((_, key) => key.leftArrow, 'left', '←', 'one character left'),
  edit((_, key) => key.rightArrow, 'right', '→', 'one character right'),
  edit((input, key) => key.home || ctrl('a')(input, key), 'home', 'home, ctrl+a', 'to the beginning'),
  edit((input, key) => key.end || ctrl('e')(input, key), 'end', 'end, ctrl+e', 'to the end'),
  edit((_, key) => key.backspace, 'backspace', 'backspace', 'delete before the cursor'),
  edit((_, key) => key.delete, 'delete', 'delete', 'delete under the cursor'),
  edit(ctrl('w'), 'kill-word', 'ctrl+w', 'delete the word before the cursor'),
  edit(ctrl('u'), 'kill-before', 'ctrl+u', 'delete to the beginning'),
  edit(ctrl('k'), 'kill-after', 'ctrl+k', 'delete to the end'),
];

/** What is typed unseen is taken back from its end, or cleared. */
const secretEdits: readonly Binding[] = [
  edit((_, key) => key.backspace, 'backspace', 'backspace', 'delete the last character'),
  edit((input, key) => ctrl('u')(input, key) || ctrl('w')(input, key), 'kill-before', 'ctrl+u, ctrl+w', 'delete all'),
];

function edit(
  pressed: Binding['pressed'],
  type: Exclude<EditAction['type'], 'insert'>,
  key: string,
  does: string,
): Binding {
  return { pressed, action: { type }, key, does };
}

const move = (pressed: Binding['pressed'], by: number, key: string, does: string): Binding => ({
  pressed,
  action: { type: 'move', by },
  key,
  does,
});
const moves: readonly Binding[] = [
  { ...move((_, key) => key.upArrow, -1, '↑↓', 'move'), rank: 2 },
  move((_, key) => key.downArrow, 1, '↓', 'down'),
  move((_, key) => key.pageUp, -8, 'page up', 'eight up'),
  move((_, key) => key.pageDown, 8, 'page down', 'eight down'),
];
/** The list component has its own handlers for these; digits, which it would take too, are kept from it. */
const listMoves: Binding = {
  pressed: (input, key) => key.upArrow || key.downArrow || input === 'j' || input === 'k',
  key: '↑↓',
  does: 'move',
  rank: 2,
  when: hasRows,
};
const choose: Binding = { pressed: (_, key) => key.return, key: 'enter', does: 'choose', rank: 9, when: hasRows };

const scroll = (
  pressed: Binding['pressed'],
  [by, way]: ['line' | 'page' | 'all', 1 | -1],
  key: string,
  does: string,
): Binding => ({ pressed, action: { type: 'scroll', by, way }, key, does });

const table: Readonly<Record<Mode, readonly Binding[]>> = {
  list: [listMoves, choose, back, commands, copy, why, whyToo, stop],
  problem: [listMoves, choose, commands, copy, why, whyToo, stop],
  text: [enter('accept'), back, whyInText, stop, ...edits],
  many: [
    ...moves,
    { pressed: typed(' '), action: { type: 'toggle' }, key: 'space', does: 'tick', rank: 10 },
    enter('accept'),
    back,
    whyInText,
    stop,
    ...edits,
  ],
  tick: [
    { pressed: typed(' '), action: { type: 'toggle' }, key: 'space', does: 'tick', rank: 10 },
    enter('accept'),
    back,
    commands,
    why,
    whyToo,
    stop,
  ],
  phrase: [enter('accept'), back, whyInText, stop, ...edits],
  secret: [enter('accept'), back, whyInText, stop, ...secretEdits],
  verifying: [{ ...back, does: 'change it', when: () => true }, stop],
  acting: [commands, why, whyToo, stop],
  page: [{ ...copy, does: 'copy ARN', rank: 5 }, enter('leave'), stop],
  panel: [
    { ...scroll((_, key) => key.upArrow, ['line', -1], '↑↓', 'scroll'), rank: 2 },
    scroll((_, key) => key.downArrow, ['line', 1], '↓', 'down'),
    scroll((_, key) => key.pageUp, ['page', -1], 'page up', 'a page up'),
    scroll((input, key) => key.pageDown || input === ' ', ['page', 1], 'page down', 'a page down'),
    scroll((_, key) => key.home, ['all', -1], 'home', 'to the beginning'),
    scroll((_, key) => key.end, ['all', 1], 'end', 'to the end'),
    { pressed: (_, key) => key.escape || key.return, action: { type: 'close' }, key: 'esc', does: 'close', rank: 9 },
    commands,
    why,
    whyToo,
    stop,
  ],
  stopping: [
    {
      pressed: (input, key) => key.return || ctrl('c')(input, key),
      action: { type: 'leave' },
      key: 'enter',
      does: 'stop',
      rank: 9,
    },
    { pressed: () => true, action: { type: 'stay' }, key: 'esc', does: 'go on', rank: 8 },
  ],
  between: [stop],
};

/** What the last page offers, each under its own letter. */
function waysOf({ stage }: Journey): readonly Binding[] {
  if (stage.phase !== 'closing') return [];
  return (stage.ways ?? []).map(({ key, does }) => ({
    pressed: typed(key),
    action: { type: 'way', key },
    key,
    does,
    rank: 6,
  }));
}

/** The bindings that work right now. */
export function bindingsOf(journey: Journey): readonly Binding[] {
  const bound = table[modeOf(journey)].filter(({ when }) => when === undefined || when(journey));
  return modeOf(journey) === 'page' ? [...waysOf(journey), ...bound] : bound;
}

/** What a key means now, or nothing. */
export function actionFor(journey: Journey, input: string, key: Key): Action | undefined {
  const bound = bindingsOf(journey).find(({ pressed }) => pressed(input, key));
  if (bound !== undefined) return bound.action;
  const mode = modeOf(journey);
  const isText = mode === 'text' || mode === 'many' || mode === 'phrase' || mode === 'secret';
  return isText && input !== '' && !key.ctrl && !key.meta && !/\p{Cc}/u.test(input)
    ? { type: 'insert', text: input }
    : undefined;
}
