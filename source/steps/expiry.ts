import type { Answers, Question } from '../ceremony/question.ts';
import { expiryProblem, isNoDay, momentInWords, parseMoment, suggestedMoment } from './dates.ts';
import type { Services } from './services.ts';

/** Builds the question that asks when the material should expire. The answer is a date or a number of days. */
export function dateQuestion({ clock }: Services): Question {
  return {
    kind: 'text',
    id: 'valid-to',
    ask: 'When should the material expire?',
    label: 'Expires',
    form: 'a date and time within 365 days, such as 2027-03-01 11:59 UTC, or days such as 90d',
    placeholder: '90d',
    check: (text) => expiryProblem(text, clock()),
    notice: (text) => {
      const moment = parseMoment(text, clock());
      if (moment === undefined) return isNoDay(text) ? '' : undefined;
      return momentInWords(moment, clock());
    },
    suggest: suggestedMoment,
    help: 'At that minute KMS deletes its copy. Have your copy ready before then, and import it again to go on.',
  };
}

/** True when the material should expire, and the answers have no valid date yet: there is no command for that. */
export function lacksDate(answers: Answers, now: Date): boolean {
  return answers.expiry === 'date' && validToOf(answers, now) === undefined;
}

/**
 * Gives the expiry from the answers; `undefined` when the material should never expire, or when the date is not valid.
 * @param now from when a number of days such as `90d` counts.
 */
export function validToOf(answers: Answers, now: Date): Date | undefined {
  return answers.expiry === 'date' ? parseMoment(String(answers['valid-to'] ?? ''), now) : undefined;
}
