import { basename } from 'node:path';
import { nextStep } from '../ceremony/ceremony.ts';
import type { ChoiceQuestion, Option } from '../ceremony/question.ts';
import { problemLines } from '../ui/problem-lines.ts';
import type { Unfinished } from './open-ceremony.ts';

/** Which of the ceremonies that were begun here to continue, if any. */
export function continueQuestion(unfinished: readonly Unfinished[]): ChoiceQuestion {
  return {
    kind: 'choice',
    id: 'continue',
    ask: unfinished.length === 1 ? 'Continue where you stopped?' : 'Which one do you want to continue?',
    label: 'Ceremony',
    form: 'a folder, or new',
    options: [...unfinished.map(unfinishedOption), { value: 'new', label: 'Begin a new one' }],
    help: 'Nothing that was done is done twice.',
  };
}

/** The ceremony that an answer to {@link continueQuestion} means; none where a new one is to begin. */
export function chosenToContinue(unfinished: readonly Unfinished[], answer: string): Unfinished | undefined {
  return unfinished.find((found) => answerFor(found) === answer);
}

/** A folder may hold more than one: the first import is meant by its folder alone. */
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
