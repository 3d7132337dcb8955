import { basename } from 'node:path';
import { nextStep } from '../ceremony/ceremony.ts';
import type { ChoiceQuestion, Option } from '../ceremony/question.ts';
import { problemLines } from '../ui/problem-lines.ts';
import type { Unfinished } from './open-ceremony.ts';

/** Builds the question that asks which unfinished ceremony to continue, or whether to begin a new one. */
export function continueQuestion(unfinished: readonly Unfinished[]): ChoiceQuestion {
  return {
    kind: 'choice',
    id: 'continue',
    ask: unfinished.length === 1 ? 'Continue where you stopped?' : 'Which one do you want to continue?',
    label: 'Ceremony',
    form: 'a folder, or new',
    options: [...unfinishedRows(unfinished), { value: 'new', label: 'Begin a new one' }],
    help: 'Nothing that was done is done twice.',
  };
}

/** Gives a row of a list for each unfinished ceremony. {@link findChosenCeremony} reads the answers. */
export const unfinishedRows = (unfinished: readonly Unfinished[]): readonly Option[] =>
  unfinished.map(unfinishedOption);

/** Gives the ceremony that an answer to {@link continueQuestion} names, or `undefined` when the answer is `new`. */
export function findChosenCeremony(unfinished: readonly Unfinished[], answer: string): Unfinished | undefined {
  return unfinished.find((found) => answerFor(found) === answer);
}

/** Gives the answer that means this ceremony: the folder, and for a later ceremony also its id, as a folder may hold several. */
function answerFor({ path, ceremony }: Unfinished): string {
  return ceremony.startsFrom.from === 'new folder' ? path : `${path} ${ceremony.id}`;
}

function unfinishedOption(found: Unfinished): Option {
  const value = answerFor(found);
  const isFirst = found.ceremony.startsFrom.from === 'new folder';
  const name = isFirst ? basename(found.path) : `${basename(found.path)}: ${found.ceremony.title}`;
  if ('problem' in found) {
    const panel = { title: name, lines: problemLines(found.problem) };
    return { value, label: `Why ${name} can't go on`, leads: { action: 'panel', panel } };
  }
  const step = nextStep(found.ceremony, found.journal);
  return { value, label: `Continue ${name}`, hint: `stopped at ${step?.title ?? 'the end'}` };
}
