import { type Gate, interrupt } from '../../terminal/keystrokes.ts';
import { isText, modeOf } from './keys.ts';
import type { JourneyStore } from './store.ts';

/** So soon after an act began, a key was pressed before anyone could see it: it belongs to the next question. */
const unseenMs = 300;

const suspendKey = '\u001A';

/** Keys that mean something while a step acts: Ctrl+C, Ctrl+Z, Ctrl+G, ?, c. */
const actingKeys: ReadonlySet<string> = new Set([interrupt, suspendKey, '\u0007', '?', 'c']);

/**
 * When the screen takes which key. A question takes all, but only once it stands; while an answer is checked, Esc and
 * Ctrl+C go through and the rest waits for the outcome; while a step acts, what was typed before it began waits for the
 * next question, and what was pressed at a screen that was at work is let go unless it means something there: nobody
 * meant it for a question to come. Characters of a text go to their field together.
 */
export function gateFor(store: JourneyStore): Gate {
  return ({ key, at }) => {
    if (key === interrupt) return 'hand';
    if (!store.settled) return 'hold';
    const journey = store.journey();
    const { stage, panel } = journey;
    const since = panel?.actingSince ?? (stage.phase === 'acting' ? stage.since : undefined);
    if (since !== undefined) {
      if (at - since <= unseenMs) return 'hold';
      if (panel !== undefined || journey.stopping || actingKeys.has(key)) return 'ahead';
      return 'drop';
    }
    switch (modeOf(journey)) {
      case 'between':
        return 'hold';
      case 'verifying':
        return key === '\u001B' || key === suspendKey ? 'hand' : 'hold';
      default:
        return isText(journey, key) ? 'text' : 'hand';
    }
  };
}
