import type { PhraseQuestion } from '../../ceremony/question.ts';
import type { Reply } from '../reply.ts';
import { type AskContext, askLines, takeAnswer } from './asking.ts';

/** Asks the person to type a phrase exactly, so that nobody agrees by accident. Drops lines that were typed ahead at a terminal. */
export async function askPhrase(context: AskContext<PhraseQuestion>): Promise<Reply> {
  const { label, decline } = context.asked.question;
  context.lineIo.dropTypedAhead();
  return askLines(context, {
    prompt: () => `${label}, or Enter alone for ${decline}:`,
    currentAnswer: () => decline,
    take: (text) => takeAnswer(context, text.trim() === '' ? decline : text.trim()),
  });
}
