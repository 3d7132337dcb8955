import type { Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { spanInWords, utc } from './dates.ts';
import { dateQuestion } from './expiry.ts';
import { type Facts, type Material, need } from './facts.ts';
import { askedExpiry, importQuestions, materialWords } from './import-questions.ts';
import { isNeeded, shortId } from './materials.ts';
import type { Services } from './services.ts';

type Context = StepContext<Facts, Services>;

/**
 * Builds the questions of a change of an expiry: when the material should expire; where that is sooner than now, whether that
 * is meant; then those of the import. Each later question appears when the ones before are answered.
 */
export function changeExpiryQuestions(context: Context): readonly Question[] {
  const { answers, services } = context;
  const questions = [expiryQuestion(context)];
  if (answers.expiry === 'date') questions.push(dateQuestion(services));
  const isExpiryKnown = answers.expiry === 'date' ? answers['valid-to'] !== undefined : answers.expiry !== undefined;
  const wanted = isExpiryKnown ? materialsToChange(context) : [];
  if (wanted.length === 0) return questions;
  const shorten = shortenQuestion(wanted, context);
  if (shorten !== undefined) questions.push(shorten);
  return shorten !== undefined && answers.shorten !== true
    ? questions
    : [...questions, ...importQuestions(wanted, context)];
}

/** Gives the materials whose expiry the answers change. Material that waits for a rotation keeps its own. */
export function materialsToChange({ facts, answers, services }: Context): readonly Material[] {
  const asked = askedExpiry(undefined, answers, services.clock()) ?? 'never';
  return need(facts, 'materials').all.filter((material) => isNeeded(material) && material.expiry !== asked);
}

function expiryQuestion({ facts }: Context): Question {
  const { all } = need(facts, 'materials');
  const now = new Set(all.filter(isNeeded).map(({ expiry }) => expiry));
  const [one = 'unknown'] = now;
  const isOne = now.size === 1 && one !== 'unknown';
  const isNever = isOne && one === 'never';
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
        ...(isOne && !isNever ? { hint: `now ${utc(new Date(one))}` } : {}),
      },
    ],
    help: `${all.map(nowWords).join('\n')}\nWhen material expires, everything under the key becomes unreadable at once, until the same bytes are imported again.`,
  };
}

/** Says when a material expires now. */
function nowWords(material: Material): string {
  const kept = isNeeded(material) ? '' : '. It keeps that';
  return `${materialWords(material)}: ${expiryText(material)}${kept}.`;
}

function expiryText({ expiry }: Material): string {
  if (expiry === 'unknown') return 'nobody here knows when it expires';
  return expiry === 'never' ? 'it does not expire' : `it expires at ${utc(new Date(expiry))}`;
}

/** Asks whether the person means it, where material would expire sooner than now; `undefined` where none would. */
function shortenQuestion(wanted: readonly Material[], { answers, services }: Context): Question | undefined {
  const asked = askedExpiry(undefined, answers, services.clock());
  if (asked === null) return undefined;
  const sooner = wanted.filter(({ expiry }) => expiry === 'never' || (expiry !== 'unknown' && expiry > asked));
  const [first] = sooner;
  if (first === undefined) return undefined;
  const isAll = sooner.length === wanted.length && sooner.every(({ expiry }) => expiry === first.expiry);
  return {
    kind: 'confirm',
    id: 'shorten',
    ask: `${isAll ? soonerWords(first, asked) : `For ${sooner.length} of ${wanted.length} materials this is sooner than now.`} That is what I want.`,
    label: 'Sooner',
    form: 'true, where the material is meant to expire sooner than it does now',
    mustTick: true,
    help: `${sooner.map((material) => `Material ${shortId(material)}: ${expiryText(material)} now.${isAll ? '' : ` ${soonerWords(material, asked)}`}`).join('\n')}\nFrom ${utc(new Date(asked))} on, everything under the key is unreadable until the same bytes are imported again.`,
  };
}

/** Says how much sooner than now a material would expire. @param asked ISO 8601. */
function soonerWords({ expiry }: Material, asked: string): string {
  if (expiry === 'never') return 'This ends what does not expire now.';
  return `This is ${spanInWords(Date.parse(expiry) - Date.parse(asked))} sooner than now.`;
}
