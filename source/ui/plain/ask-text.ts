import type { FileQuestion, TextQuestion } from '../../ceremony/question.ts';
import type { Reply } from '../reply.ts';
import { askLines, type Putting, takeAnswer } from './asking.ts';

/** Asks for one line of text. Enter alone gives the text in brackets: what was typed before, or the default. */
export async function askText(putting: Putting<TextQuestion | FileQuestion>): Promise<Reply> {
  const { lineIo, asked } = putting;
  const { question, draft } = asked;
  const current = typeof draft === 'string' ? draft : question.default;
  const example = question.placeholder === undefined ? '' : `, such as ${question.placeholder}`;
  const prompt = `${question.label}${current === undefined || current === '' ? example : ` [${question.shown?.(current) ?? current}]`}:`;
  return askLines(putting, {
    prompt: () => prompt,
    currentAnswer: () => current ?? '',
    async take(text) {
      // Two quotes mean the empty text, because Enter alone gives the text in brackets.
      const answer = text === '' ? (current ?? '') : text.trim() === '""' ? '' : text;
      const outcome = await takeAnswer(putting, answer);
      const notice = outcome === undefined ? undefined : question.notice?.(answer);
      if (notice !== undefined && notice !== '' && notice !== answer) lineIo.say(`= ${notice}`);
      return outcome;
    },
  });
}
