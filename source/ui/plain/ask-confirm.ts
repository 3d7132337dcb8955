import type { ConfirmQuestion } from '../../ceremony/question.ts';
import type { Reply } from '../reply.ts';
import { type AskContext, askLines, takeAnswer } from './asking.ts';

const yes: readonly string[] = ['y', 'yes'];
const no: readonly string[] = ['n', 'no'];

/** The prompt when a sentence must be ticked, and what is said when it was not. */
export const tickPrompt = 'Type yes to tick it:';
export const noTickWords = 'Nothing goes on without the tick. Type yes.';

/** Tells whether a line means yes. */
export const isYes = (line: string) => yes.includes(line.trim().toLowerCase());

/** Asks a yes-or-no question. Enter alone gives the answer in the prompt. A question that must be ticked takes only yes. */
export async function askConfirm(context: AskContext<ConfirmQuestion>): Promise<Reply> {
  const { lineIo, asked } = context;
  const { question, draft } = asked;
  const mustTick = question.mustTick === true;
  const current = mustTick ? false : (draft ?? question.default) === true;
  const prompt = mustTick ? tickPrompt : `yes or no, Enter for ${current ? 'yes' : 'no'}:`;
  return askLines(context, {
    prompt: () => prompt,
    currentAnswer: () => current,
    async take(text) {
      const word = text.trim().toLowerCase();
      if (yes.includes(word) || (no.includes(word) && !mustTick)) return takeAnswer(context, yes.includes(word));
      if (word === '' && !mustTick) return takeAnswer(context, current);
      lineIo.refuse(mustTick ? noTickWords : 'Type yes or no.', question.ask);
      return undefined;
    },
  });
}
