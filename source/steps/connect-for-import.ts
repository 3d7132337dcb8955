import { isChinaRegion } from '../aws/region.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Question } from '../ceremony/question.ts';
import { connectToWrap } from './connect-to-wrap.ts';
import type { KeyferryStep } from './services.ts';

/**
 * Why a 256-bit key cannot be imported in a China Region. KMS developer guide, "Create a KMS key with imported key material",
 * requirements for imported key material.
 */
const whyNotInChina =
  'In the China Regions the symmetric keys of KMS are SM4 keys of 16 bytes. Keyferry brings keys of 32 bytes, which KMS refuses there.';

/** The step {@link connectToWrap} for ceremonies that bring a key of 32 bytes: such a key cannot be imported in every Region. */
export const connectForImport: KeyferryStep = {
  ...connectToWrap,

  questions: (context) => connectToWrap.questions(context).map(refuseChina),

  act(context) {
    const { answers, services } = context;
    const region = services.preset.region ?? String(answers.region);
    if (!isChinaRegion(region)) return connectToWrap.act(context);
    throw new ProblemError({
      kind: 'fixable',
      what: `Can't bring a 256-bit key to ${region}.`,
      why: whyNotInChina,
      state: 'Nothing was made or changed.',
      next: ['Choose a Region outside of China.'],
      ...(services.preset.region === undefined
        ? { remedies: [{ action: 'ask-again', label: 'Choose another Region', question: 'region' }] }
        : {}),
      repeats: true,
    });
  },
};

/** Gives the question for the Region with a check that refuses China Regions, and any other question unchanged. */
function refuseChina(question: Question): Question {
  if (question.kind !== 'text' || question.id !== 'region') return question;
  return {
    ...question,
    check: (text: string) => (isChinaRegion(text.trim()) ? whyNotInChina : question.check?.(text)),
  };
}
