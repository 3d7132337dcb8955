import type { Option, Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { utc } from './dates.ts';
import { dateQuestion } from './expiry.ts';
import { type Facts, type Material, need } from './facts.ts';
import { askedExpiry, importQuestions, materialWords } from './import-questions.ts';
import { expiryCommand } from './key-now.ts';
import { isNeeded, missingOf } from './materials.ts';
import type { Services } from './services.ts';

type Context = StepContext<Facts, Services>;

/**
 * Builds the questions of a reimport: when the materials should expire, which copies hold them, what opens these copies, and
 * whether to import now. Each later question appears when the ones before are answered. When nothing is to be imported, asks only
 * for the expiry.
 */
export function bringBackQuestions(context: Context): readonly Question[] {
  const { answers, services } = context;
  const questions = [expiryQuestion(context)];
  if (answers.expiry === 'date') questions.push(dateQuestion(services));
  // The answer `date` needs a second answer, the date itself.
  const isExpiryKnown = answers.expiry === 'date' ? answers['valid-to'] !== undefined : answers.expiry !== undefined;
  const wanted = isExpiryKnown ? wantedMaterials(context) : [];
  return wanted.length === 0 ? questions : [...questions, ...importQuestions(wanted, context)];
}

/**
 * Gives the materials that the reimport imports: those that the key needs and KMS does not hold. When KMS holds all of them,
 * gives those whose expiry the answers change.
 */
export function wantedMaterials({ facts, answers, services }: Context): readonly Material[] {
  const { all } = need(facts, 'materials');
  const missing = missingOf(all);
  if (missing.length > 0 || answers.expiry === 'keep') return missing;
  const newExpiry = askedExpiry(undefined, answers, services.clock()) ?? 'never';
  return all.filter((material) => isNeeded(material) && material.expiry !== newExpiry);
}

/** Asks when the materials should expire. When they cannot get back their expiry, that option is disabled and says why. */
export function expiryQuestion({ facts, services }: Pick<Context, 'facts' | 'services'>): Question {
  const { all } = need(facts, 'materials');
  const whyNotKeep = whyExpiryCannotStay(all, services.clock());
  const isAnyMissing = missingOf(all).length > 0;
  const otherCommandWords = isAnyMissing
    ? ''
    : `\nThe command for this, which asks before it makes an expiry sooner: ${expiryCommand(services)}`;
  const keep: Option = {
    value: 'keep',
    label: isAnyMissing ? 'As it was' : 'Leave it as it is',
    hint: expiryWords(all),
    ...(whyNotKeep === undefined ? {} : { disabled: whyNotKeep }),
  };
  return {
    kind: 'choice',
    id: 'expiry',
    ask: isAnyMissing ? 'Should the material that comes back expire?' : 'KMS has all material. Change when it expires?',
    label: 'Expiry',
    form: 'keep, never or date',
    options: [
      keep,
      { value: 'never', label: 'No, it stays until I delete it' },
      { value: 'date', label: 'Yes, on a date I choose' },
    ],
    ...(whyNotKeep === undefined ? { default: 'keep' } : {}),
    help: `${all.map((material) => materialWords(material)).join('\n')}\nWhen material expires, everything under the key becomes unreadable at once, until the same bytes are imported again.${otherCommandWords}`,
  };
}

/** Says why the missing materials cannot get back the expiry that they had; `undefined` when they can. */
function whyExpiryCannotStay(all: readonly Material[], now: Date): string | undefined {
  const missing = missingOf(all);
  if (missing.some(({ expiry }) => expiry === 'unknown')) return 'nobody here knows what it was';
  // ISO 8601 texts in UTC sort like the moments that they name.
  const expired = missing.find(({ expiry }) => expiry !== 'never' && expiry <= now.toISOString());
  return expired === undefined ? undefined : `it expired at ${utc(new Date(expired.expiry))}`;
}

/** Says when the materials expire, if all have the same known expiry; else gives an empty text. */
function expiryWords(all: readonly Material[]): string {
  const [first] = all;
  const haveSameExpiry = all.every(({ expiry }) => expiry === first?.expiry);
  if (first === undefined || !haveSameExpiry || first.expiry === 'unknown') return '';
  return first.expiry === 'never' ? 'it did not expire' : `until ${utc(new Date(first.expiry))}`;
}
