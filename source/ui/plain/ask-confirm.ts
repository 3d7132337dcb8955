import type { ConfirmQuestion } from '../../ceremony/question.ts';
import type { Reply } from '../reply.ts';
import { type AskContext, askLines, takeAnswer } from './asking.ts';

const yes: readonly string[] = ['y', 'yes'];
const no: readonly string[] = ['n', 'no'];

/** Asks a yes-or-no question. Enter alone gives the answer in the prompt. A question that must be ticked takes only yes. */
export async function askConfirm(context: AskContext<ConfirmQuestion>): Promise<Reply> {
  const { lineIo, asked } = context;
  const { question, draft } = asked;
  const mustTick = question.mustTick === true;
  const current = mustTick ? false : (draft ?? question.default) === true;
  const prompt = mustTick ? 'Type yes to tick it:' : `yes or no, Enter for ${current ? 'yes' : 'no'}:`;
  return askLines(context, {
    prompt: () => prompt,
    currentAnswer: () => current,
    async take(text) {
      const word = text.trim().toLowerCase();
      if (yes.includes(word) || (no.includes(word) && !mustTick)) return takeAnswer(context, yes.includes(word));
      if (word === '' && !mustTick) return takeAnswer(context, current);
      lineIo.refused(mustTick ? 'Nothing goes on without the tick. Type yes.' : 'Type yes or no.', question.ask);
      return undefined;
    },
  });
}
