import { basename } from 'node:path';
import { factsOf, nextStep } from '../ceremony/ceremony.ts';
import type { Journal } from '../ceremony/journal.ts';
import type { ChoiceQuestion, Option } from '../ceremony/question.ts';
import { utc } from '../steps/dates.ts';
import { type Facts, isPractice } from '../steps/facts.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { problemLines } from '../ui/problem-lines.ts';
import type { Unfinished } from './unfinished-ceremonies.ts';

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

/** Gives the row of an unfinished ceremony. When its journal cannot be read, the row shows the problem. */
function unfinishedOption(found: Unfinished): Option {
  const value = answerFor(found);
  const isLater = found.ceremony.startsFrom.from !== 'new folder';
  const name = isLater ? `${basename(found.path)}: ${found.ceremony.title}` : basename(found.path);
  if ('problem' in found) {
    const panel = { title: name, lines: problemLines(found.problem) };
    return { value, label: `Why ${name} can't go on`, leads: { action: 'panel', panel } };
  }
  return { value, label: `Continue ${name}`, hint: whereStopped(found) };
}

/**
 * Says at which step a ceremony stopped and, as far as its journal tells, in which account and when:
 * `stopped at Wrap, account 111122223333, 2026-11-25 14:02 UTC`.
 */
function whereStopped({ ceremony, journal }: { ceremony: KeyferryCeremony; journal: Journal }): string {
  const step = nextStep(ceremony, journal)?.title ?? 'the end';
  const { connection } = factsOf<Facts>(journal);
  const account =
    connection === undefined ? [] : [isPractice(connection) ? 'practice AWS' : `account ${connection.accountId}`];
  const times = journal.lines.slice(-1).map(({ at }) => utc(new Date(at)));
  return [`stopped at ${step}`, ...account, ...times].join(', ');
}
