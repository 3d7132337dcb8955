import { basename } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answer, Answers, Option, Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { openingQuestion } from './backup-file.ts';
import { copiesHere, copyKind, openCopies } from './copies.ts';
import { dateQuestion, validToOf } from './expiry.ts';
import { type Facts, type Material, need } from './facts.ts';
import { shortId } from './materials.ts';
import { utc } from './moment.ts';
import type { Services } from './services.ts';

type Context = StepContext<Facts, Services>;

/** What a reimport asks: when the materials should expire, which copies hold them, what opens those, and whether to go on. */
export function bringBackQuestions(context: Context): readonly Question[] {
  const { answers, services } = context;
  const questions = [expiryQuestion(context)];
  if (answers.expiry === 'date') questions.push(dateQuestion(services));
  const isExpiryKnown = answers.expiry === 'date' ? answers['valid-to'] !== undefined : answers.expiry !== undefined;
  const wanted = isExpiryKnown ? wantedMaterials(context) : [];
  if (wanted.length === 0) return questions;
  questions.push(copiesQuestion(wanted, context));
  if (answers.backups === undefined) return questions;
  const openings = openingQuestions(context);
  questions.push(...openings);
  return openings.every(({ id }) => id in answers) ? [...questions, proceedQuestion(wanted, context)] : questions;
}

/**
 * The materials that are to be imported: those that KMS does not hold, and those that it holds with another expiry than the
 * one that was asked for.
 */
export function wantedMaterials({ facts, answers, services }: Context): readonly Material[] {
  const { all } = need(facts, 'materials');
  return all.filter((material) => {
    const asked = askedExpiry(material, answers, services);
    return !material.isImported || (asked !== undefined && (asked ?? 'never') !== material.expiry);
  });
}

/** When a material should expire: ISO 8601, or null for never; nothing where it keeps an expiry that nobody knows. */
export function askedExpiry({ expiry }: Material, answers: Answers, { clock }: Services): string | null | undefined {
  if (answers.expiry === 'keep') return expiry === 'unknown' ? undefined : expiry === 'never' ? null : expiry;
  return validToOf(answers, clock())?.toISOString() ?? null;
}

/** The absolute paths of the copies that were named. */
export function chosenCopies({ backups }: Answers, services: Services): readonly string[] {
  return Array.isArray(backups) ? [...new Set(backups.map((path) => services.folder.locate(String(path))))] : [];
}

function expiryQuestion({ facts, services }: Context): Question {
  const { all } = need(facts, 'materials');
  const reason = whyNotKept(all, services.clock());
  const isMissing = all.some(({ isImported }) => !isImported);
  const keep: Option = {
    value: 'keep',
    label: isMissing ? 'As it was' : 'Leave it as it is',
    hint: expiryWords(all),
    ...(reason === undefined ? {} : { disabled: reason }),
  };
  return {
    kind: 'choice',
    id: 'expiry',
    ask: isMissing ? 'Should the material that comes back expire?' : 'KMS has all material. Change when it expires?',
    label: 'Expiry',
    form: 'keep, never or date',
    options: [
      keep,
      { value: 'never', label: 'No, it stays until I delete it' },
      { value: 'date', label: 'Yes, on a date I choose' },
    ],
    ...(reason === undefined ? { default: 'keep' } : {}),
    help: `${all.map((material) => materialWords(material)).join('\n')}\nWhen material expires, everything under the key becomes unreadable at once, until the same bytes are imported again.`,
  };
}

/** Why the expiry that the missing material had cannot be said again. */
function whyNotKept(all: readonly Material[], now: Date): string | undefined {
  const missing = all.filter(({ isImported }) => !isImported);
  if (missing.some(({ expiry }) => expiry === 'unknown')) return 'nobody here knows what it was';
  const past = missing.find(({ expiry }) => expiry !== 'never' && expiry <= now.toISOString());
  return past === undefined ? undefined : `it expired at ${utc(new Date(past.expiry))}`;
}

function expiryWords(all: readonly Material[]): string {
  const [first] = all;
  const isOne = all.every(({ expiry }) => expiry === first?.expiry);
  if (first === undefined || !isOne || first.expiry === 'unknown') return '';
  return first.expiry === 'never' ? 'it did not expire' : `until ${utc(new Date(first.expiry))}`;
}

const stateWords = {
  CURRENT: 'encrypts now',
  NON_CURRENT: 'decrypts older data',
  PENDING_ROTATION: 'waits for a rotation',
  PENDING_MULTI_REGION_IMPORT_AND_ROTATION: 'waits for other Regions',
};

function materialWords(material: Material): string {
  const { state, isImported, checkValue } = material;
  const value = checkValue === undefined ? '' : `, key check value ${checkValue}`;
  return `Material ${shortId(material)}: ${isImported ? 'there' : 'MISSING'}, ${stateWords[state]}${value}`;
}

function copiesQuestion(wanted: readonly Material[], { facts, services }: Context): Question {
  const found = copiesHere(wanted, facts, services);
  const several = wanted.length > 1;
  return {
    kind: 'many',
    id: 'backups',
    ask: several ? `Which files hold the ${wanted.length} materials?` : 'Which file holds a copy of the key?',
    label: several ? 'Copies' : 'Copy',
    form: 'paths of backups (.key.age) or of key files of 32 bytes',
    least: 1,
    typed: 'path of a backup or a key file',
    options: found.map((path) => ({ value: path, label: path, hint: hintOf(path, services) })),
    default: found,
    check: (path) => copyProblem(path, services),
    help: `${wanted.map((material) => materialWords(material)).join('\n')}\nNothing is sent before the copies are opened and compared.`,
  };
}

function hintOf(path: string, services: Services): string {
  const kind = copyKind(services.folder.locate(path));
  return kind === 'passphrase' ? 'under a passphrase' : kind === 'recipients' ? 'to recipients' : 'the plain key';
}

function copyProblem(path: string, services: Services): string | undefined {
  const kind = copyKind(services.folder.locate(path));
  return typeof kind === 'string' ? undefined : kind.why;
}

/** What opens the copies: one passphrase for all that are under one, one identity file for the others. */
function openingQuestions(context: Context): readonly Question[] {
  const { answers, services } = context;
  const paths = chosenCopies(answers, services);
  const kinds = new Map(paths.map((path) => [path, copyKind(path)]));
  const openings = (['passphrase', 'recipients'] as const).flatMap((by) => {
    const [first] = paths.filter((path) => kinds.get(path) === by);
    if (first === undefined) return [];
    const opened = paths.filter((path) => kinds.get(path) === by);
    return [openingQuestion({ by, file: basename(first) }, services, `It opens\n${opened.join('\n')}`)];
  });
  const last = openings.at(-1);
  // As soon as all that opens them is known, the copies are opened: nobody agrees to anything before.
  return openings.map((question) => (question === last ? opensNow(question, context) : question));
}

function opensNow(question: Question, { answers, services }: Context): Question {
  const verify = async (answer: Answer) => {
    try {
      await openCopies(chosenCopies(answers, services), { ...answers, [question.id]: answer }, services);
      return undefined;
    } catch (error) {
      if (error instanceof ProblemError) return error.problem.why;
      throw error;
    }
  };
  return { ...question, verify };
}

function proceedQuestion(wanted: readonly Material[], { facts }: Context): Question {
  const { keyState } = need(facts, 'materials');
  const { keyArn } = need(facts, 'key');
  const isDisabled = keyState === 'Disabled';
  const what = wanted.length === 1 ? `material ${shortId(wanted[0] as Material)}` : `${wanted.length} materials`;
  return {
    kind: 'choice',
    id: 'proceed',
    ask: `Import ${what} now?`,
    label: 'Import',
    form: isDisabled ? 'import or leave-enabled' : 'import',
    options: isDisabled
      ? [
          { value: 'import', label: 'Import it, then disable the key again' },
          { value: 'leave-enabled', label: 'Import it, and leave the key enabled' },
        ]
      : [{ value: 'import', label: `Import ${what} now` }],
    default: 'import',
    help: `${isDisabled ? 'The key is Disabled. An import enables it: whoever may use it can, until it is disabled again.\n' : ''}The key is\n${keyArn}\nOther bytes than those it had are refused and change nothing.`,
  };
}
