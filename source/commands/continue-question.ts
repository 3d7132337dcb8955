import { basename } from 'node:path';
import { firstImport } from '../ceremonies.ts';
import { nextStep } from '../ceremony/ceremony.ts';
import type { ChoiceQuestion, Option } from '../ceremony/question.ts';
import { problemLines } from '../ui/problem-lines.ts';
import type { Unfinished } from './open-ceremony.ts';

/** The answer that begins another ceremony. */
export const startAnew = 'new';

/** Which of the ceremonies that were begun here to continue, if any. */
export function continueQuestion(unfinished: readonly Unfinished[]): ChoiceQuestion {
  return {
    kind: 'choice',
    id: 'continue',
    ask: unfinished.length === 1 ? 'Continue where you stopped?' : 'Which one do you want to continue?',
    label: 'Ceremony',
    form: 'a folder, or new',
    options: [...unfinished.map(unfinishedOption), { value: startAnew, label: 'Begin a new one' }],
    help: 'Nothing that was done is done twice.',
  };
}

function unfinishedOption(found: Unfinished): Option {
  const name = basename(found.path);
  if ('problem' in found) {
    const panel = { title: name, lines: problemLines(found.problem) };
    return { value: found.path, label: `Why ${name} can't go on`, leads: { action: 'panel', panel } };
  }
  const step = nextStep(firstImport, found.journal);
  return { value: found.path, label: `Continue ${name}`, hint: `stopped at ${step?.title ?? 'the end'}` };
}
