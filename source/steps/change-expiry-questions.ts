import type { Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { spanInWords, utc } from './dates.ts';
import { dateQuestion, expiryClause } from './expiry.ts';
import { type Facts, type Material, need } from './facts.ts';
import { askedExpiry, importQuestions, materialWords } from './import-questions.ts';
import { isNeeded, shortId } from './materials.ts';
import type { Services } from './services.ts';

type Context = StepContext<Facts, Services>;

/**
 * Builds the questions of a change of an expiry: when the material should expire; if that is sooner than now, whether the
 * person means it; then the questions of the import. Each later question appears when the ones before are answered. When no
 * material gets another expiry, asks only for the expiry.
 */
export function changeExpiryQuestions(context: Context): readonly Question[] {
  const { answers, services } = context;
  const questions = [expiryQuestion(context)];
  if (answers.expiry === 'date') questions.push(dateQuestion(services));
  // The answer `date` needs a second answer, the date itself.
  const isExpiryKnown = answers.expiry === 'date' ? answers['valid-to'] !== undefined : answers.expiry !== undefined;
  const wanted = isExpiryKnown ? materialsToChange(context) : [];
  if (wanted.length === 0) return questions;
  const soonerQuestion = shortenQuestion(wanted, context);
  if (soonerQuestion !== undefined) questions.push(soonerQuestion);
  // A sooner expiry must be confirmed before the questions of the import come.
  return soonerQuestion !== undefined && answers.shorten !== true
    ? questions
    : [...questions, ...importQuestions(wanted, context)];
}

/** Gives the materials whose expiry the answers change. Material that waits for a rotation keeps its expiry. */
export function materialsToChange({ facts, answers, services }: Context): readonly Material[] {
  const newExpiry = askedExpiry(undefined, answers, services.clock()) ?? 'never';
  return need(facts, 'materials').all.filter((material) => isNeeded(material) && material.expiry !== newExpiry);
}

/** Asks when the materials should expire, and says when they expire now. */
function expiryQuestion({ facts }: Context): Question {
  const { all } = need(facts, 'materials');
  const expiriesNow = new Set(all.filter(isNeeded).map(({ expiry }) => expiry));
  const [firstExpiry = 'unknown'] = expiriesNow;
  const haveSameExpiry = expiriesNow.size === 1 && firstExpiry !== 'unknown';
  const isNever = haveSameExpiry && firstExpiry === 'never';
  return {
    kind: 'choice',
    id: 'expiry',
    ask: 'When should the material expire?',
    label: 'Expiry',
    form: 'never or date',
    options: [
      { value: 'never', label: 'Never: it stays until I delete it', ...(isNever ? { hint: 'as it is now' } : {}) },
      {
        value: 'date',
        label: 'On a date that I choose',
        ...(haveSameExpiry && !isNever ? { hint: `now ${utc(new Date(firstExpiry))}` } : {}),
      },
    ],
    help: `${all.map(expiryNowWords).join('\n')}\nWhen material expires, everything under the key becomes unreadable at once, until the same bytes are imported again.`,
  };
}

/** Says when a material expires now, and for material that waits for a rotation, that it keeps this expiry. */
function expiryNowWords(material: Material): string {
  const keepWords = isNeeded(material) ? '' : '. It keeps that';
  return `${materialWords(material)}: ${presentExpiryWords(material)}${keepWords}.`;
}

/** Says whether and when a material expires, as a part of a sentence. */
function presentExpiryWords({ expiry }: Material): string {
  return expiry === 'unknown' ? 'nobody here knows when it expires' : `it ${expiryClause(expiry)}`;
}

/** Asks whether the person wants material to expire sooner than it does now; `undefined` when none would. */
function shortenQuestion(wanted: readonly Material[], { answers, services }: Context): Question | undefined {
  const newExpiry = askedExpiry(undefined, answers, services.clock());
  // Null is "never", which is not sooner than anything.
  if (newExpiry === null) return undefined;
  // ISO 8601 texts in UTC sort like the moments that they name.
  const sooner = wanted.filter(({ expiry }) => expiry === 'never' || (expiry !== 'unknown' && expiry > newExpiry));
  const [first] = sooner;
  if (first === undefined) return undefined;
  const isSameForAll = sooner.length === wanted.length && sooner.every(({ expiry }) => expiry === first.expiry);
  const whatIsSooner = isSameForAll
    ? soonerWords(first, newExpiry)
    : `For ${sooner.length} of ${wanted.length} materials this is sooner than now.`;
  const lines = sooner.map((material) => {
    // What all materials have in common is in the question itself.
    const howMuchSooner = isSameForAll ? '' : ` ${soonerWords(material, newExpiry)}`;
    return `Material ${shortId(material)}: ${presentExpiryWords(material)} now.${howMuchSooner}`;
  });
  return {
    kind: 'confirm',
    id: 'shorten',
    ask: `${whatIsSooner} That is what I want.`,
    label: 'Sooner',
    form: 'true, where the material is meant to expire sooner than it does now',
    mustTick: true,
    help: `${lines.join('\n')}\nFrom ${utc(new Date(newExpiry))} on, everything under the key is unreadable until the same bytes are imported again.`,
  };
}

/** Says how much sooner than now a material would expire. @param newExpiry ISO 8601. */
function soonerWords({ expiry }: Material, newExpiry: string): string {
  if (expiry === 'never') return 'This ends what does not expire now.';
  return `This is ${spanInWords(Date.parse(expiry) - Date.parse(newExpiry))} sooner than now.`;
}
