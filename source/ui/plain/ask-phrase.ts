import type { PhraseQuestion } from '../../ceremony/question.ts';
import type { Reply } from '../reply.ts';
import { askLines, type Putting, takeAnswer } from './asking.ts';

/** Asks to type a phrase exactly, to show that it is meant. Text typed before the question was shown does not count. */
export async function askPhrase(putting: Putting<PhraseQuestion>): Promise<Reply> {
  const { label, decline } = putting.asked.question;
  putting.lineIo.onPurpose();
  return askLines(putting, {
    prompt: () => `${label}, or Enter alone for ${decline}:`,
    standing: () => decline,
    take: (text) => takeAnswer(putting, text.trim() === '' ? decline : text.trim()),
  });
}
