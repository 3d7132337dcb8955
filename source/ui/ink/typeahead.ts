import { type Gate, interrupt } from '../../terminal/keystrokes.ts';
import { isText, modeOf } from './keys.ts';
import type { JourneyStore } from './store.ts';

/** A key within this time after an act began was pressed before the person could see the act: it is for the next question. */
const unseenMs = 300;

const suspendKey = '\u001A';

/** Keys that mean something while a step acts: Ctrl+C, Ctrl+Z, Ctrl+G, ?, c. */
const actingKeys: ReadonlySet<string> = new Set([interrupt, suspendKey, '\u0007', '?', 'c']);

/**
 * Makes the gate that decides when the screen takes which key. A question takes all keys, once it is drawn. While an answer
 * is checked, Esc, Ctrl+C and Ctrl+Z pass, and other keys wait for the outcome. While a step acts, keys typed before it
 * began wait for the next question; keys typed during the act are dropped unless they mean something there, because nobody
 * meant them for a question that was not visible. Characters of a text go to their field together.
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
      if (panel !== undefined || journey.stopping !== undefined || actingKeys.has(key)) return 'ahead';
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
