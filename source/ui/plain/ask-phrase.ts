import type { PhraseQuestion } from '../../ceremony/question.ts';
import type { Outcome } from '../outcome.ts';
import { askLines, type Putting, taken } from './asking.ts';

/** Asks to type a phrase exactly, to show that it is meant. What was typed before the question stood does not count. */
export async function askPhrase(putting: Putting<PhraseQuestion>): Promise<Outcome> {
  const { label, decline } = putting.asked.question;
  putting.lineIo.onPurpose();
  return askLines(putting, {
    prompt: () => `${label}, or Enter alone for ${decline}:`,
    standing: () => decline,
    take: (text) => taken(putting, text.trim() === '' ? decline : text.trim()),
  });
}
