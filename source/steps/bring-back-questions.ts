import type { Answers, Option, Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { inspectKeyFile } from '../material/inspect.ts';
import { copiesHere, copyKind } from './copies.ts';
import { utc } from './dates.ts';
import { importChoices } from './disabled-key.ts';
import { dateQuestion, validToOf } from './expiry.ts';
import { type Facts, type Material, need } from './facts.ts';
import { isNeeded, missingOf, shortId } from './materials.ts';
import { openingQuestions } from './opening-questions.ts';
import type { Services } from './services.ts';

type Context = StepContext<Facts, Services>;

/**
 * Builds the questions of a reimport: when the materials should expire, which copies hold them, what opens these copies, and
 * whether to import now. Each later question appears when the ones before are answered.
 */
export function bringBackQuestions(context: Context): readonly Question[] {
  const { answers, services } = context;
  const questions = [expiryQuestion(context)];
  if (answers.expiry === 'date') questions.push(dateQuestion(services));
  const isExpiryKnown = answers.expiry === 'date' ? answers['valid-to'] !== undefined : answers.expiry !== undefined;
  const wanted = isExpiryKnown ? wantedMaterials(context) : [];
  if (wanted.length === 0) return questions;
  questions.push(copiesQuestion(wanted, context));
  if (answers.backups === undefined) return questions;
  const openings = openingQuestions(chosenCopies(answers, services), context);
  questions.push(...openings);
  return openings.every(({ id }) => id in answers) ? [...questions, proceedQuestion(wanted, context)] : questions;
}

/**
 * Gives the materials that the reimport imports: those that the key needs and KMS does not hold. When KMS holds all of them,
 * gives those whose expiry the answers change.
 */
export function wantedMaterials({ facts, answers, services }: Context): readonly Material[] {
  const { all } = need(facts, 'materials');
  const missing = missingOf(all);
  if (missing.length > 0 || answers.expiry === 'keep') return missing;
  const asked = askedExpiry(undefined, answers, services.clock()) ?? 'never';
  return all.filter((material) => isNeeded(material) && material.expiry !== asked);
}

/**
 * Gives the expiry that the answers ask for: ISO 8601, or null for never. With the answer `keep` that is the expiry that the
 * material has or had; without a material it is null.
 * @param now from when a number of days such as `90d` counts.
 */
export function askedExpiry(material: Material | undefined, answers: Answers, now: Date): string | null {
  if (answers.expiry !== 'keep') return validToOf(answers, now)?.toISOString() ?? null;
  return material === undefined || material.expiry === 'never' ? null : material.expiry;
}

/** Gives the absolute paths of the copies that the answers name. */
export function chosenCopies({ backups }: Answers, services: Services): readonly string[] {
  return Array.isArray(backups) ? [...new Set(backups.map((path) => services.folder.locate(String(path))))] : [];
}

function expiryQuestion({ facts, services }: Context): Question {
  const { all } = need(facts, 'materials');
  const reason = whyNotKept(all, services.clock());
  const isMissing = missingOf(all).length > 0;
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

/** Says why the missing materials cannot get the expiry that they had; undefined when they can. */
function whyNotKept(all: readonly Material[], now: Date): string | undefined {
  const missing = missingOf(all);
  if (missing.some(({ expiry }) => expiry === 'unknown')) return 'nobody here knows what it was';
  const past = missing.find(({ expiry }) => expiry !== 'never' && expiry <= now.toISOString());
  return past === undefined ? undefined : `it expired at ${utc(new Date(past.expiry))}`;
}

/** Says the one expiry of all materials; an empty text when they differ or when it is unknown. */
function expiryWords(all: readonly Material[]): string {
  const [first] = all;
  const isOne = all.every(({ expiry }) => expiry === first?.expiry);
  if (first === undefined || !isOne || first.expiry === 'unknown') return '';
  return first.expiry === 'never' ? 'it did not expire' : `until ${utc(new Date(first.expiry))}`;
}

const stateWords = {
  CURRENT: 'the current one',
  NON_CURRENT: 'decrypts older data',
  PENDING_ROTATION: 'waits for a rotation',
  PENDING_MULTI_REGION_IMPORT_AND_ROTATION: 'waits for other Regions',
};

function materialWords(material: Material): string {
  const { state, isImported, checkValue } = material;
  const value = checkValue === undefined ? '' : `, key check value ${checkValue}`;
  return `Material ${shortId(material)}: ${isImported ? 'there' : 'MISSING'}, ${stateWords[state]}${value}`;
}

function copiesQuestion(wanted: readonly Material[], { services }: Context): Question {
  const found = copiesHere(wanted, services);
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
  if (kind === 'passphrase') return 'under a passphrase';
  if (kind === 'recipients') return 'to recipients';
  if (typeof kind !== 'string') return kind.why;
  const { warning } = inspectKeyFile(services.folder.locate(path));
  return warning === undefined ? 'the plain key' : 'the plain key, open to others on this computer';
}

function copyProblem(path: string, services: Services): string | undefined {
  const kind = copyKind(services.folder.locate(path));
  return typeof kind === 'string' ? undefined : kind.why;
}

function proceedQuestion(wanted: readonly Material[], { facts }: Context): Question {
  const { keyState, wasDisabled } = need(facts, 'materials');
  const { alias, keyArn } = need(facts, 'key');
  const what = wanted.length === 1 ? `material ${shortId(wanted[0] as Material)}` : `${wanted.length} materials`;
  const disabled = !wasDisabled ? undefined : keyState === 'Disabled' ? 'is' : 'was';
  const { form, options, words } = importChoices(disabled, `Import ${what} now`);
  return {
    kind: 'choice',
    id: 'proceed',
    ask: `Import ${what} into ${alias} now?`,
    label: 'Import',
    form,
    options,
    default: 'import',
    help: `${words}The key is\n${keyArn}\nKMS refuses any other bytes, and then nothing changes.`,
  };
}
