import { type Gate, interrupt } from '../../terminal/keystrokes.ts';
import type { FieldState } from './fields/field.ts';
import { isText, mayEndEarly, modeOf } from './keys.ts';
import type { JourneyStore } from './store.ts';

/** A key that comes so soon after an act began was meant for the next question, because nobody can have seen the act yet. */
const unseenMs = 300;

/** Ctrl+Z. */
const suspendKey = '\u001A';

const escapeKey = '\u001B';

/** Keys that mean something while a step acts: Ctrl+Z, Ctrl+G, ?, Ctrl+O, c. Esc is one where the act may end early. */
const actingKeys: ReadonlySet<string> = new Set([suspendKey, '\u0007', '?', '\u000F', 'c']);

/**
 * Makes the gate that decides when the screen gets which key. Ctrl+C always passes. Every other key waits until the present state
 * is on the screen, and between two stages, unless a page or "Stop here?" is open then.
 *
 * A question that is on the screen gets all keys, and characters that are text together. A plan gets no key from before it
 * appeared, because nobody agrees to what is not visible. While an answer is checked, Esc and Ctrl+Z pass, and other keys wait.
 *
 * While a step acts, keys that were typed before anybody could see the act wait for the next question. Later keys pass when they
 * work during an act, or when a page or "Stop here?" is over the act. Others are dropped, because nobody types an answer to a
 * question that is not visible.
 *
 * {@link Gate} says what each result means.
 */
export function gateFor(store: JourneyStore): Gate {
  return ({ key, at }) => {
    if (key === interrupt) return 'hand';
    if (!store.isOnScreen) return 'hold';
    const journey = store.journey();
    const { stage, panel } = journey;
    const actingSince = panel?.actingSince ?? (stage.phase === 'acting' ? stage.since : undefined);
    if (actingSince !== undefined) {
      if (at - actingSince <= unseenMs) return 'hold';
      if (panel !== undefined || journey.stopping !== undefined || actingKeys.has(key)) return 'ahead';
      if (key === escapeKey && mayEndEarly(journey)) return 'ahead';
      return 'drop';
    }
    switch (modeOf(journey)) {
      case 'between':
        return 'hold';
      case 'verifying':
        return key === escapeKey || key === suspendKey ? 'hand' : 'hold';
      default:
        if (stage.phase === 'asking' && isPlan(stage.field) && at < stage.since) return 'drop';
        return isText(journey, key) ? 'text' : 'hand';
    }
  };
}

/** True for a list of choices with a sentence to tick before the act. */
const isPlan = ({ question }: FieldState) => question.kind === 'choice' && question.tick !== undefined;
