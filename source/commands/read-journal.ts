import { ceremonies } from '../ceremonies/all.ts';
import { firstImport } from '../ceremonies/first-import/first-import.ts';
import { DamagedJournalError, Journal } from '../ceremony/journal.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { KeyferryCeremony } from '../steps/services.ts';

/**
 * Reads the journal of a ceremony.
 * @param ceremony the ceremony that is expected there. When a damaged journal names another ceremony, the problem tells the
 * steps of that one.
 * @throws ProblemError when the journal cannot be read. That of a damaged journal names the damaged line, the last step that was
 * done, and the first KMS key in the file, if there is one.
 */
export function readJournal(ceremony: KeyferryCeremony, path: ConstructorParameters<typeof Journal>[0]): Journal {
  try {
    return new Journal(path);
  } catch (error) {
    throw error instanceof DamagedJournalError ? new ProblemError(describeDamage(error, ceremony)) : error;
  }
}

/** Gives the problem of a damaged journal. @param expected the ceremony to assume when the journal names no known one. */
function describeDamage({ problem, line, before, text }: DamagedJournalError, expected: KeyferryCeremony): Problem {
  const { steps } = ceremonies.find(({ id }) => id === before.ceremony) ?? expected;
  const lastDone = steps.findLast(({ id }) => before.done.has(id));
  const reached = lastDone === undefined ? 'no step was done' : `the last step that was done is "${lastDone.done}"`;
  // Looks for the ARN of a KMS key in the whole text, also after the damaged line: a key costs money and may be in use.
  const keyArn = /"keyArn":"(arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+)"/.exec(text)?.[1];
  // Only a first import makes a key.
  const naming = before.ceremony === firstImport.id ? 'It made' : 'The file names';
  const keyWords = keyArn === undefined ? 'The file names no KMS key.' : `${naming} this KMS key: ${keyArn}`;
  return {
    ...problem,
    state: `The lines before ${line} are whole: ${reached}. ${keyWords} The file stays as it is.`,
    next: [
      ...problem.next,
      ...(keyArn === undefined ? [] : [`Look at that key: aws kms describe-key --key-id ${keyArn}`]),
    ],
  };
}
