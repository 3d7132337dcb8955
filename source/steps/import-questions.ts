import type { Answers, Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { inspectKeyFile } from '../material/inspect.ts';
import { copiesHere, copyKind } from './copies.ts';
import { importChoices } from './disabled-key.ts';
import { validToOf } from './expiry.ts';
import { type Facts, type Material, need } from './facts.ts';
import { shortId } from './materials.ts';
import { openingQuestions } from './opening-questions.ts';
import { keyElsewhere } from './secret-key-fact.ts';
import type { Services } from './services.ts';

// Pages: KMS developer guide, "Reimport key material".

type Context = StepContext<Facts, Services>;

/**
 * Builds the questions of an import of materials that the key has had: which copies hold them, what opens these copies, and
 * whether to import now. Each later question appears when the ones before are answered.
 */
export function importQuestions(wanted: readonly Material[], context: Context): readonly Question[] {
  const { answers, services } = context;
  const copies = copiesQuestion(wanted, context);
  if (answers.backups === undefined) return [copies];
  const openings = openingQuestions(chosenCopies(answers, services), context);
  const areAllAnswered = openings.every(({ id }) => id in answers);
  return [copies, ...openings, ...(areAllAnswered ? [proceedQuestion(wanted, context)] : [])];
}

/**
 * Gives the expiry that the answers ask for: ISO 8601, or null for never and for a date that is not valid. The answer `keep` asks
 * for the expiry that the material has or had. Without a material, `keep` gives null.
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

/** What a material in each state does for the key. */
const stateWords = {
  CURRENT: 'the current one',
  NON_CURRENT: 'decrypts older data',
  PENDING_ROTATION: 'waits for a rotation',
  PENDING_MULTI_REGION_IMPORT_AND_ROTATION: 'waits for other Regions',
};

/** Says whether KMS holds a material, what the material does for the key, and its key check value. */
export function materialWords(material: Material): string {
  const { state, isImported, checkValue } = material;
  const value = checkValue === undefined ? '' : `, key check value ${checkValue}`;
  return `Material ${shortId(material)}: ${isImported ? 'there' : 'MISSING'}, ${stateWords[state]}${value}`;
}

/** Asks which files hold the wanted materials. Suggests the copies that are here. */
function copiesQuestion(wanted: readonly Material[], { services }: Context): Question {
  const paths = copiesHere(wanted, services);
  const hasSeveral = wanted.length > 1;
  return {
    kind: 'many',
    id: 'backups',
    ask: hasSeveral ? `Which files hold the ${wanted.length} materials?` : 'Which file holds a copy of the key?',
    label: hasSeveral ? 'Copies' : 'Copy',
    form: 'paths of backups (.key.age) or of key files of 32 bytes',
    least: 1,
    typed: 'path of a backup or a key file',
    complete: services.folder.complete,
    looksIn: foldersWords([...new Set([services.folder.path, process.cwd()])]),
    options: paths.map((path) => ({ value: path, label: path, hint: hintOf(path, services) })),
    default: paths,
    check: (path) => copyProblem(path, services),
    help: `${elsewhereWords(services)}${wanted.map((material) => materialWords(material)).join('\n')}\nNothing is sent before the copies are opened and compared.`,
  };
}

/** Names the folders in which copies are looked for. */
const foldersWords = (folders: readonly string[]) =>
  `the folder${folders.length > 1 ? 's' : ''} ${folders.join(' and ')}`;

/** Says that the key is kept elsewhere, and how to give a file that is wrapped there; an empty text for any other key. */
function elsewhereWords({ recorded, folder, ownCommand }: Services): string {
  const secret = keyElsewhere(recorded?.secret);
  if (secret === undefined) return '';
  return `The key is with ${secret.keeper}. To import a file that is wrapped there: ${ownCommand('reimport-wrapped', ...folder.workdirWords)}\n`;
}

/** Says how a file holds a copy: under a passphrase, to recipients or plain; or why it is no copy. */
function hintOf(path: string, services: Services): string {
  const kind = copyKind(services.folder.locate(path));
  if (kind === 'passphrase') return 'under a passphrase';
  if (kind === 'recipients') return 'to recipients';
  if (typeof kind !== 'string') return kind.why;
  const { warning } = inspectKeyFile(services.folder.locate(path));
  return warning === undefined ? 'the plain key' : 'the plain key, open to others on this computer';
}

/** Says why a file is no copy of a key; `undefined` when it may be one. */
function copyProblem(path: string, services: Services): string | undefined {
  const kind = copyKind(services.folder.locate(path));
  return typeof kind === 'string' ? undefined : kind.why;
}

/** Asks whether to import now. For a key that is or was Disabled, also asks whether to disable it again. */
export function proceedQuestion(wanted: readonly Material[], { facts }: Pick<Context, 'facts'>): Question {
  const { keyState, wasDisabled } = need(facts, 'materials');
  const { alias, keyArn } = need(facts, 'key');
  const what = wanted.length === 1 ? `material ${shortId(wanted[0] as Material)}` : `${wanted.length} materials`;
  const verb = keyState === 'Disabled' ? 'is' : 'was';
  const { form, options, words } = importChoices(wasDisabled ? verb : undefined, `Import ${what} now`);
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
