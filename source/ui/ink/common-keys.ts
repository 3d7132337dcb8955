import type { Binding } from './binding.ts';
import { isCtrl, isLetter } from './binding.ts';
import { identifierOn } from './identifier.ts';
import type { Journey } from './journey.ts';

const canGoBack = ({ stage }: Journey) => stage.phase === 'asking' && stage.back !== undefined;
const hasCommands = ({ commands }: Journey) => commands().length > 0;
const hasStep = ({ step }: Journey) => step !== undefined;
/** True when the screen has a list whose cursor the list component moves. */
const hasRows = ({ stage }: Journey) =>
  stage.phase === 'problem' ||
  (stage.phase === 'asking' && stage.field.kind === 'choice' && stage.field.options.length > 0);

/** Makes a binding of Enter. `does` says what Enter does on this screen. */
export const enter = (does: string): Binding => ({
  isPressed: (_, key) => key.return,
  action: { type: 'accept' },
  key: 'enter',
  does,
  rank: 9,
});
/** The key that goes back one question or step. */
export const back: Binding = {
  isPressed: (_, key) => key.escape,
  action: { type: 'back' },
  key: 'esc',
  does: 'back',
  rank: 7,
  isActive: canGoBack,
};
const why: Binding = {
  isPressed: isLetter('?'),
  action: { type: 'why' },
  key: '?',
  does: 'why',
  rank: 6,
  isActive: hasStep,
};
/** The key that opens the whole last page, on a screen that has no room for it. The footer does not show this key. */
export const allOfPage: Binding = { isPressed: isLetter('?'), action: { type: 'why' }, key: '?', does: 'show all' };
/** The key that opens the page of `?` where letters are text. The editor nano has this key for help too. */
const whyInText: Binding = { ...why, isPressed: isCtrl('g'), key: 'ctrl+g' };
/** Ctrl+G for screens on which `?` works too. It has no rank, so that the footer does not show it. */
const { rank: _whyRank, ...whyToo }: Binding = whyInText;
/** The key that opens the page of commands. */
const commands: Binding = {
  isPressed: isLetter('c'),
  action: { type: 'commands' },
  key: 'c',
  does: 'commands',
  rank: 2,
  isActive: hasCommands,
};
/** The key that opens the page of commands where letters are text. */
const commandsInText: Binding = { ...commands, isPressed: isCtrl('o'), key: 'ctrl+o' };
/** Ctrl+O for screens on which `c` works too. It has no rank, so that the footer does not show it. */
const { rank: _commandsRank, ...commandsToo }: Binding = commandsInText;
/** The keys that open the page of commands where letters are commands. */
export const commandKeys: readonly Binding[] = [commands, commandsToo];
/** The key that copies the identifier on the screen. */
export const copy: Binding = {
  isPressed: isLetter('y'),
  action: { type: 'copy' },
  key: 'y',
  does: 'copy',
  rank: 1,
  isActive: (journey) => identifierOn(journey) !== undefined,
};
/** The key that opens the page of keys from another page. */
export const keys: Binding = { isPressed: isLetter('k'), action: { type: 'keys' }, key: 'k', does: 'keys', rank: 3 };
/** The key that opens the page about the tutorial from another page. */
export const tutorial: Binding = {
  isPressed: isLetter('t'),
  action: { type: 'tutorial' },
  key: 't',
  does: 'tutorial',
  rank: 1,
  isActive: ({ step }) => step?.lesson !== undefined,
};
const stop: Binding = { isPressed: isCtrl('c'), action: { type: 'stop' }, key: 'ctrl+c', does: 'stop', rank: 4 };

/** The key that gives the terminal to the shell. In raw mode, the terminal does not handle Ctrl+Z itself. */
const suspend: Binding = {
  isPressed: isCtrl('z'),
  action: { type: 'suspend' },
  key: 'ctrl+z',
  does: 'to the shell; fg comes back',
};
/** Keys that work on every screen, but not while "Stop here?" waits for an answer. */
export const everyScreenKeys: readonly Binding[] = [stop, suspend];

/** Makes a binding that moves the cursor of a list by a number of rows. */
const move = (isPressed: Binding['isPressed'], by: number, key: string, does: string): Binding => ({
  isPressed,
  action: { type: 'move', by },
  key,
  does,
});
/** Keys that move the cursor of a list in which letters are the filter. */
export const moves: readonly Binding[] = [
  { ...move((_, key) => key.upArrow, -1, '↑↓', 'move'), rank: 2 },
  move((_, key) => key.downArrow, 1, 'down', 'one down'),
  move((_, key) => key.pageUp, -8, 'page up', 'eight up'),
  move((_, key) => key.pageDown, 8, 'page down', 'eight down'),
];
/** Keys that the list itself handles. They stop at the first and the last row. */
export const listMoves: Binding = {
  isPressed: (input, key) => key.upArrow || key.downArrow || input === 'j' || input === 'k',
  key: '↑↓',
  does: 'move',
  rank: 3,
  isActive: hasRows,
};
/** The key that chooses the row under the cursor. */
export const choose: Binding = { ...enter('choose'), isActive: hasRows };

/** The key that ticks or unticks the row under the cursor. */
export const toggle: Binding = {
  isPressed: isLetter(' '),
  action: { type: 'toggle' },
  key: 'space',
  does: 'tick',
  rank: 10,
};

/** The key that completes the typed path, as in a shell. */
export const complete: Binding = {
  isPressed: (_, key) => key.tab && !key.shift,
  action: { type: 'complete' },
  key: 'tab',
  does: 'complete',
  rank: 5,
};

/** The key that ticks the sentence of a choice. */
export const tickSentence: Binding = {
  ...toggle,
  isActive: ({ stage }) =>
    stage.phase === 'asking' && stage.field.kind === 'choice' && stage.field.isTicked !== undefined,
};

/** The last keys of a screen on which letters are commands. */
export const whyKeys: readonly Binding[] = [why, whyToo, ...everyScreenKeys];
/** The last keys of a screen with a list on which letters are commands. */
export const listKeys: readonly Binding[] = [...commandKeys, copy, ...whyKeys];
/** The last keys of a screen on which letters are text. */
export const textKeys: readonly Binding[] = [commandsInText, whyInText, ...everyScreenKeys];
