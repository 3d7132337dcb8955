import { type Gate, interrupt } from '../../terminal/keystrokes.ts';
import { isText, modeOf } from './keys.ts';
import type { JourneyStore } from './store.ts';

/** A key this soon after an act began was meant for the next question: the person had not seen the act yet. */
const unseenMs = 300;

const suspendKey = '\u001A';

/** Keys that mean something while a step acts: Ctrl+C, Ctrl+Z, Ctrl+G, ?, c. */
const actingKeys: ReadonlySet<string> = new Set([interrupt, suspendKey, '\u0007', '?', 'c']);

/**
 * Makes the gate that decides when the screen gets which key. A question gets all keys when it is on the screen. While an
 * answer is checked, only Esc, Ctrl+C and Ctrl+Z pass; other keys wait. While a step acts, keys typed before it began wait
 * for the next question. Keys typed during the act are dropped, except those that work then: nobody types an answer to a
 * question that is not visible. The characters of a text go to their field together.
 */
export function gateFor(store: JourneyStore): Gate {
  return ({ key, at }) => {
    if (key === interrupt) return 'hand';
    if (!store.isOnScreen) return 'hold';
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
