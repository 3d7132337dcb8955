import type { PhraseQuestion } from '../../ceremony/question.ts';
import type { Reply } from '../reply.ts';
import { askLines, type Putting, takeAnswer } from './asking.ts';

/** Asks the person to type a phrase exactly, so that nobody agrees by accident. Drops lines that were typed too early. */
export async function askPhrase(putting: Putting<PhraseQuestion>): Promise<Reply> {
  const { label, decline } = putting.asked.question;
  putting.lineIo.dropTypedAhead();
  return askLines(putting, {
    prompt: () => `${label}, or Enter alone for ${decline}:`,
    currentAnswer: () => decline,
    take: (text) => takeAnswer(putting, text.trim() === '' ? decline : text.trim()),
  });
}
