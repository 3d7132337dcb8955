import { checklistColumns, type TerminalSession } from './terminal-session.ts';
import type { Screens } from './walk.ts';

/** What a walk cost the person: screens, keys (without typed texts), screens that took Enter alone, and words to read. */
export type Cost = {
  readonly screens: number;
  readonly keys: number;
  readonly bareEnters: number;
  readonly words: number;
};

/** A list that is still read shows fewer words than a person reads in the end. */
const isRead = /^(?!.*Reading the list)/s;

/**
 * Answers screens in their order, and counts. A screen is everything on it but header, checklist and footer: title, why,
 * question, notes, options, plan.
 * @param screens what each shows, and what is typed there. A typed text counts as no key, and what ends it does.
 */
export async function walkAndCount(session: TerminalSession, screens: Screens): Promise<Cost> {
  let [keys, bareEnters, words] = [0, 0, 0];
  for (const [shows, typed] of screens) {
    await session.shows(shows);
    await session.shows(isRead);
    words += wordsOf(session.screen(), session.emulator.cols).length;
    // A list takes letters as keys; a text of more than one letter is typed.
    const ends = typed.replace(/^[\w -]{2,}/, '');
    keys += ends.length;
    if (typed === '\r') bareEnters += 1;
    session.send(typed);
  }
  return { screens: screens.length, keys, bareEnters, words };
}

/** Gives the words of the body of a screen. */
function wordsOf(rows: readonly string[], columns: number): readonly string[] {
  const isRule = (row: string) => /^─+$/.test(row.trim());
  const first = rows.findIndex(isRule);
  const last = rows.findLastIndex(isRule);
  const footer = rows.findLastIndex((row) => row.trim() !== '');
  const body = rows.slice(first + 1, last > first ? last : footer);
  const beside = columns >= 80 ? checklistColumns : 0;
  return body.flatMap((row) => row.slice(beside).split(/\s+/)).filter((word) => /[\p{L}\p{N}]/u.test(word));
}
