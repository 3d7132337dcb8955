import type { ConfirmQuestion } from '../../ceremony/question.ts';
import type { Outcome } from '../outcome.ts';
import { askLines, type Putting, taken } from './asking.ts';

/** Asks for a tick: yes, or no where that is possible. */
export async function askConfirm(putting: Putting<ConfirmQuestion>): Promise<Outcome> {
  const { lineIo, asked } = putting;
  const { question, draft } = asked;
  const must = question.mustTick === true;
  const standing = must ? false : (draft ?? question.default) === true;
  const prompt = must ? 'Type yes to tick it:' : `yes or no, Enter for ${standing ? 'yes' : 'no'}:`;
  return askLines(putting, {
    prompt: () => prompt,
    standing: () => standing,
    async take(text) {
      const word = text.trim().toLowerCase();
      if (word === 'yes' || word === 'no') return taken(putting, word === 'yes');
      if (word === '' && !must) return taken(putting, standing);
      lineIo.refused(must ? 'Nothing goes on without the tick. Type yes.' : 'Type yes or no.', question.ask);
      return undefined;
    },
  });
}
