import type { Key } from 'ink';
import { type Action, type Binding, ctrl, typed } from './binding.ts';
import { edits, filtering, secretEdits, typing } from './edit-keys.ts';
import { pickRows } from './fields/pick.ts';
import { identifierOn } from './identifier.ts';
import type { Journey } from './journey.ts';

/** What the screen is doing, as far as keys are concerned. */
export type Mode =
  | 'list'
  | 'pick'
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

/** The mode that a journey is in. */
export function modeOf({ stage, panel, stopping }: Journey): Mode {
  if (stopping) return 'stopping';
  if (panel !== undefined) return 'panel';
  if (stage.phase === 'closing') return 'page';
  if (stage.phase !== 'asking') return stage.phase;
  if (stage.verifying) return 'verifying';
  return stage.field.kind === 'choice' ? 'list' : stage.field.kind === 'confirm' ? 'tick' : stage.field.kind;
}

const canGoBack = ({ stage }: Journey) => stage.phase === 'asking' && stage.back !== undefined;
const hasCommands = ({ commands }: Journey) => commands().length > 0;
const hasStep = ({ step }: Journey) => step !== undefined;
const hasMatches = ({ stage }: Journey) =>
  stage.phase === 'asking' && stage.field.kind === 'pick' && pickRows(stage.field).length > 0;
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

/** Job control of the shell: in raw mode the terminal does not do it by itself. */
const suspend: Binding = {
  pressed: ctrl('z'),
  action: { type: 'suspend' },
  key: 'ctrl+z',
  does: 'to the shell; fg comes back',
};
const everywhere: readonly Binding[] = [stop, suspend];

const move = (pressed: Binding['pressed'], by: number, key: string, does: string): Binding => ({
  pressed,
  action: { type: 'move', by },
  key,
  does,
});
const moves: readonly Binding[] = [
  { ...move((_, key) => key.upArrow, -1, '↑↓', 'move'), rank: 2 },
  move((_, key) => key.downArrow, 1, 'down', 'one down'),
  move((_, key) => key.pageUp, -8, 'page up', 'eight up'),
  move((_, key) => key.pageDown, 8, 'page down', 'eight down'),
];
/** The list component has its own handlers for these. */
const listMoves: Binding = {
  pressed: (input, key) => key.upArrow || key.downArrow || input === 'j' || input === 'k',
  key: '↑↓',
  does: 'move',
  rank: 2,
  when: hasRows,
};
const choose: Binding = { ...enter('choose'), when: hasRows };

const scroll = (
  pressed: Binding['pressed'],
  [by, way]: ['line' | 'page' | 'all', 1 | -1],
  key: string,
  does: string,
): Binding => ({ pressed, action: { type: 'scroll', by, way }, key, does });

const table: Readonly<Record<Mode, readonly Binding[]>> = {
  list: [listMoves, choose, back, commands, copy, why, whyToo, ...everywhere],
  pick: [
    filtering,
    ...moves.map((each) => ({ ...each, when: hasMatches })),
    enter('choose'),
    back,
    whyInText,
    ...everywhere,
    ...edits,
  ],
  problem: [listMoves, choose, commands, copy, why, whyToo, ...everywhere],
  text: [enter('accept'), back, whyInText, ...everywhere, typing, ...edits],
  many: [
    ...moves,
    { pressed: typed(' '), action: { type: 'toggle' }, key: 'space', does: 'tick', rank: 10 },
    filtering,
    enter('accept'),
    back,
    whyInText,
    ...everywhere,
    ...edits,
  ],
  tick: [
    { pressed: typed(' '), action: { type: 'toggle' }, key: 'space', does: 'tick', rank: 10 },
    enter('accept'),
    back,
    commands,
    why,
    whyToo,
    ...everywhere,
  ],
  phrase: [enter('accept'), back, whyInText, ...everywhere, typing, ...edits],
  secret: [enter('accept'), back, whyInText, ...everywhere, typing, ...secretEdits],
  verifying: [{ ...back, does: 'change it', when: () => true }, ...everywhere],
  acting: [commands, why, whyToo, ...everywhere],
  page: [{ ...copy, does: 'copy ARN', rank: 5 }, enter('leave'), ...everywhere],
  panel: [
    { ...scroll((_, key) => key.upArrow, ['line', -1], '↑↓', 'scroll'), rank: 2 },
    scroll((_, key) => key.downArrow, ['line', 1], 'down', 'a line down'),
    scroll((_, key) => key.pageUp, ['page', -1], 'page up', 'a page up'),
    scroll((input, key) => key.pageDown || input === ' ', ['page', 1], 'page down', 'a page down'),
    scroll((_, key) => key.home, ['all', -1], 'home', 'to the beginning'),
    scroll((_, key) => key.end, ['all', 1], 'end', 'to the end'),
    { pressed: (_, key) => key.escape || key.return, action: { type: 'close' }, key: 'esc', does: 'close', rank: 9 },
    commands,
    why,
    whyToo,
    ...everywhere,
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
  between: [...everywhere],
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
  const action = bindingsOf(journey).find(({ pressed }) => pressed(input, key))?.action;
  return typeof action === 'function' ? action(input) : action;
}

/** A character by itself: no flag is set. */
const unmodified = {} as Key;

/** True where a character is text now, and not a command. */
export function isText(journey: Journey, character: string): boolean {
  const heard = table[modeOf(journey)].find(({ pressed }) => pressed(character, unmodified));
  return heard === typing || heard === filtering;
}
