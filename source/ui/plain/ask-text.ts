import { suggestionFor } from '../../ceremony/interview.ts';
import type { FileQuestion, TextQuestion } from '../../ceremony/question.ts';
import type { Reply } from '../reply.ts';
import { type AskContext, askLines, takeAnswer } from './asking.ts';

/**
 * Asks for one line of text. Enter alone gives the text in brackets: the text that was typed before, what the question offers, or
 * the right text in place of a refused one. After an accepted text, prints what the question says of it, unless that is the same
 * text.
 */
export async function askText(context: AskContext<TextQuestion | FileQuestion>): Promise<Reply> {
  const { lineIo, asked } = context;
  const { question, draft } = asked;
  let current = typeof draft === 'string' ? draft : (question.offer ?? question.default);
  const example = question.placeholder === undefined ? '' : `, such as ${question.placeholder}`;
  const prompt = () => {
    if (current === undefined || current === '') return `${question.label}${example}:`;
    return `${question.label} [${question.shown?.(current) ?? current}]:`;
  };
  return askLines(context, {
    prompt,
    currentAnswer: () => current ?? '',
    async take(text) {
      // Two quotes mean the empty text, because Enter alone gives the text in brackets.
      const typed = text.trim() === '""' ? '' : text;
      const answer = text.trim() === '' ? (current ?? '') : typed;
      const reply = await takeAnswer(context, answer);
      // Enter alone then takes the text that is right in place of the refused one.
      if (reply === undefined) current = suggestionFor(question, answer) ?? current;
      const notice = reply === undefined ? undefined : question.notice?.(answer);
      if (notice !== undefined && notice !== '' && notice !== answer) lineIo.say(`= ${notice}`);
      return reply;
    },
  });
}
