import type { FileQuestion, TextQuestion } from '../../ceremony/question.ts';
import type { Reply } from '../reply.ts';
import { type AskContext, askLines, takeAnswer } from './asking.ts';

/** Asks for one line of text. Enter alone gives the text in brackets: the text that was typed before, or the default. */
export async function askText(context: AskContext<TextQuestion | FileQuestion>): Promise<Reply> {
  const { lineIo, asked } = context;
  const { question, draft } = asked;
  const current = typeof draft === 'string' ? draft : question.default;
  const example = question.placeholder === undefined ? '' : `, such as ${question.placeholder}`;
  const isEmpty = current === undefined || current === '';
  const aside = isEmpty ? example : ` [${question.shown?.(current) ?? current}]`;
  const prompt = `${question.label}${aside}:`;
  return askLines(context, {
    prompt: () => prompt,
    currentAnswer: () => current ?? '',
    async take(text) {
      // Two quotes mean the empty text, because Enter alone gives the text in brackets.
      const typed = text.trim() === '""' ? '' : text;
      const answer = text === '' ? (current ?? '') : typed;
      const reply = await takeAnswer(context, answer);
      const notice = reply === undefined ? undefined : question.notice?.(answer);
      if (notice !== undefined && notice !== '' && notice !== answer) lineIo.say(`= ${notice}`);
      return reply;
    },
  });
}
