import type { Answers, Question } from '../ceremony/question.ts';
import { momentInWords, utc } from './dates.ts';
import { expiryProblem, momentForms, parseMoment, readMoment, suggestedMoment } from './moment-text.ts';
import type { Services } from './services.ts';

// Pages: KMS developer guide, "Special considerations for imported key material".

/** Builds the question that asks when the material should expire. The answer is a moment as {@link readMoment} reads it. */
export function dateQuestion({ clock }: Services): Question {
  return {
    kind: 'text',
    id: 'valid-to',
    ask: 'When should the material expire?',
    label: 'Expires',
    form: `a time within 365 days: ${momentForms}`,
    placeholder: '90d',
    check: (text) => expiryProblem(text, clock()),
    notice: (text) => {
      const read = readMoment(text, clock());
      // A day that does not exist is refused immediately. Any other text may be unfinished.
      if (read.kind === 'no-such-day') return '';
      if (read.kind !== 'moment') return undefined;
      const words = momentInWords(read.moment, clock());
      return read.isZoneGiven ? words : `Read as UTC: ${words}`;
    },
    suggest: suggestedMoment,
    help: `At that minute KMS deletes its copy. Have your copy ready before then, and import it again to go on.\nForms: ${momentForms}. Without a zone it is UTC.`,
  };
}

/**
 * Says when a material expires, as the end of a sentence about it: `expires at 2027-03-01 11:59 UTC`.
 * @param expiry ISO 8601; null or `never` for never.
 */
export function expiryClause(expiry: string | null): string {
  return expiry === null || expiry === 'never' ? 'does not expire' : `expires at ${utc(new Date(expiry))}`;
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

/**
 * How far two moments of one expiry may be apart, in milliseconds. `90d` counts from the moment of the request, which is a
 * little later than the intent in the journal, and KMS keeps whole seconds.
 */
const expiryToleranceMs = 2000;

/**
 * Tells whether an expiry is the one that was asked for, within {@link expiryToleranceMs}. An answer such as `90d` means a later
 * moment in each try. So every expiry from the one of the first try to the one of now is right.
 * @param expiry ISO 8601, or null for never.
 * @param asked the expiry that the first try asked for, and the one that a try would ask for now, in the same form.
 */
export function isAskedExpiry(
  expiry: string | null,
  { first, latest }: { readonly first: string | null; readonly latest: string | null },
): boolean {
  if (expiry === null || first === null || latest === null) return expiry === first;
  const moment = Date.parse(expiry);
  // The clock may have been set back since the first try.
  const [from, to] = [Date.parse(first), Date.parse(latest)].sort((one, other) => one - other) as [number, number];
  return moment >= from - expiryToleranceMs && moment <= to + expiryToleranceMs;
}
