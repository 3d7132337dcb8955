import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers } from '../ceremony/question.ts';
import type { Progress } from '../ceremony/step.ts';
import { keyCheckValue } from '../material/check-value.ts';
import { inspectKeyFile } from '../material/inspect.ts';
import { readKeyFile } from '../material/key-file.ts';
import { SecretBytes } from '../material/secret-bytes.ts';
import { type MadeBackup, madeBackup } from './backup-fact.ts';
import { openBackupFile } from './backup-file.ts';
import { type Facts, need } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import { findBackupOfKey } from './kept-backup.ts';
import { isDone } from './past.ts';
import { checkValuesOf, checkValueText, type KeyHere, keyHere } from './secret-key-fact.ts';
import type { Services } from './services.ts';

type Context = { readonly facts: Facts; readonly answers: Answers; readonly services: Services };

/**
 * Calls `act` with the key and gives the result. The key comes from the plain key file, when the fact about the key names it; else
 * from memory; else from a plain file or the backup, and then stays in memory. `act` must not keep it. Makes a new key when
 * {@link isKeyLost}. So `act` also gets the fact about the key: only for a new key, it is another fact than in `context`.
 * @throws ProblemError when no copy of the key can be read, or the copy is not the key of this ceremony.
 */
export async function withKey<Result>(
  context: Context,
  act: (secret: SecretBytes, fact: KeyHere) => Result | Promise<Result>,
): Promise<Result> {
  const { facts, services } = context;
  const fact = keyHere(need(facts, 'secret'));
  if (fact === undefined) throw new Error('The bytes of this key were never here.');
  const { secrets, folder } = services;
  if (fact.file !== undefined) {
    const secret = readCeremonyKey(folder.file(fact.file), fact);
    try {
      return await act(secret, fact);
    } finally {
      secret.destroy();
    }
  }
  if (secrets.key !== undefined) return act(secrets.key, fact);
  const copy = await readCopy(context, fact);
  if (copy !== undefined) {
    secrets.holdKey(copy);
    return act(copy, fact);
  }
  if (!isKeyLost(facts, services)) throw new ProblemError(noCopyProblem(fact));
  const made = makeKeyAnew(fact, services);
  return act(made.key, made.fact);
}

/**
 * Makes a new key in the place of the lost one. Notes its check values in the journal for each step that has noted those of the
 * lost key. The step that works now does not note them: when a person goes back over that step, its facts go, and the new key
 * stays in memory.
 */
function makeKeyAnew(lost: KeyHere, { secrets, journal }: Services): { key: SecretBytes; fact: KeyHere } {
  const key = SecretBytes.generate();
  secrets.holdKey(key);
  const fact = { ...lost, ...checkValuesOf(key) };
  try {
    // In journals of earlier versions, a step that made the key anew has noted the fact too.
    for (const [step, facts] of journal.state.done)
      if ('secret' in facts) journal.append({ kind: 'done', step, facts: { ...facts, secret: fact } });
  } catch (error) {
    secrets.forgetKey();
    throw error;
  }
  return { key, fact };
}

/**
 * Reads the key from a plain file, or else from the backup; `undefined` when there is neither.
 * @throws ProblemError when the copy cannot be read, or is not the key of this ceremony.
 */
async function readCopy(context: Context, fact: KeyHere): Promise<SecretBytes | undefined> {
  const { facts, services } = context;
  const path = plainKeyPath(facts, services);
  if (path !== undefined) return readCeremonyKey(path, fact);
  const backup = madeBackup(facts.backup);
  if (backup === undefined) return undefined;
  return requireCeremonyKey(await openBackupFile(backup, context), fact, services.folder.file(backup.file));
}

/**
 * Calls `act` with the key when it is in memory or in a plain file, and gives the result. Otherwise calls `act` with `undefined`,
 * also when a passphrase or an identity could open the backup. Asks the person nothing.
 */
export function withKeyAtHand<Result>(
  facts: Facts,
  services: Services,
  act: (key: SecretBytes | undefined) => Result,
): Result {
  if (services.secrets.key !== undefined) return act(services.secrets.key);
  const key = readKeyFromPlainFile(facts, services);
  try {
    return act(key);
  } finally {
    key?.destroy();
  }
}

/**
 * Reads the key from the plain key file or the person's own file; `undefined` when neither holds the key of this ceremony.
 */
function readKeyFromPlainFile(facts: Facts, { folder }: Services): SecretBytes | undefined {
  const secret = keyHere(facts.secret);
  const paths = [folder.file(plainKeyFile), secret?.source].filter((path) => path !== undefined && existsSync(path));
  for (const path of paths as readonly string[]) {
    const { verdict, form } = inspectKeyFile(path);
    if (verdict !== 'ready' && verdict !== 'convertible') continue;
    const key = readKeyFile(path, form);
    if (keyCheckValue(key).value === secret?.checkValue.value) return key;
    key.destroy();
  }
  return undefined;
}

/** Gives the line of progress that says that {@link withKey} made a new key. */
export function newKeyProgress(fact: KeyHere): Progress {
  const label = 'The key of the last run was only in memory; a new one was made';
  return { id: 'remade', label, note: checkValueText(fact), state: 'done' };
}

/** Gives the backup when only the backup still holds the key, so that somebody must open it; else `undefined`. */
export function backupToOpen(facts: Facts, services: Services): MadeBackup | undefined {
  const backup = madeBackup(facts.backup);
  // In the rehearsal of an answers file, the backup is still to be made.
  if (backup === undefined || !isDone(services, 'backup')) return undefined;
  return isKeyAtHand(facts, services) ? undefined : backup;
}

/** Tells whether the key is in memory, or should be in a plain file: see {@link plainKeyPath}. */
export function isKeyAtHand(facts: Facts, services: Services): boolean {
  return services.secrets.key !== undefined || plainKeyPath(facts, services) !== undefined;
}

/**
 * Tells whether the key is lost: Keyferry made it, it was only in memory, and that run has ended before the backup and the
 * import. {@link withKey} then makes a new key.
 */
export function isKeyLost(facts: Facts, services: Services): boolean {
  const awaitsImport = isDone(services, 'secret-key') && !isDone(services, 'import');
  const hasBackup = madeBackup(facts.backup) !== undefined || findBackupOfKey(facts, services) !== undefined;
  return awaitsImport && !isKeyAtHand(facts, services) && !hasBackup && facts.secret?.origin === 'generated';
}

/** What a question says when {@link isKeyLost}, instead of the check value of the lost key. */
export const lostKeyWords =
  'The key was only in memory when Keyferry stopped, so a new one is made. Nothing was imported with the old one.\n';

/**
 * Gives the path of the file that should hold the plain key: the plain key file in the ceremony's folder, when it is there or the
 * fact names it; else the person's own file, when it is there; else `undefined`. Does not look into the file. When the fact names
 * the plain key file and it is gone, only reading it tells.
 */
function plainKeyPath(facts: Facts, { folder }: Services): string | undefined {
  const secret = keyHere(facts.secret);
  if (secret?.file !== undefined || folder.has(plainKeyFile)) return folder.file(secret?.file ?? plainKeyFile);
  return secret?.source !== undefined && existsSync(secret.source) ? secret.source : undefined;
}

/**
 * Reads a plain key file.
 * @throws ProblemError when it does not hold the key of this ceremony.
 */
function readCeremonyKey(path: string, fact: KeyHere): SecretBytes {
  const { verdict, form, findings } = inspectKeyFile(path);
  if (verdict !== 'ready' && verdict !== 'convertible')
    throw new ProblemError(fileChangedProblem(path, findings.join(' ')));
  return requireCeremonyKey(readKeyFile(path, form), fact, path);
}

/**
 * Returns the key when it is the key of this ceremony. Destroys any other.
 * @throws ProblemError when it is another key.
 */
function requireCeremonyKey(secret: SecretBytes, { checkValue }: KeyHere, path: string): SecretBytes {
  if (keyCheckValue(secret).value === checkValue.value) return secret;
  secret.destroy();
  throw new ProblemError(fileChangedProblem(path, `Its check value is no longer ${checkValue.value}.`));
}

const notImported = 'The KMS key, if there is one, waits for its material. Nothing was imported.';

function fileChangedProblem(path: string, why: string) {
  return {
    kind: 'fixable',
    what: "Can't use the secret key: its file has changed.",
    why,
    state: notImported,
    next: [`Put the right file back at ${resolve(path)}`, 'Then try again.'],
  } as const;
}

function noCopyProblem({ source }: KeyHere) {
  return {
    kind: 'fixable',
    what: "Can't use the secret key: no copy of it is here.",
    why: 'It was only in memory when Keyferry stopped, and no backup was made.',
    state: notImported,
    next: source === undefined ? ['Begin a new ceremony.'] : [`Put your key file back at ${source}`, 'Then try again.'],
  } as const;
}
