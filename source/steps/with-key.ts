import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers } from '../ceremony/question.ts';
import type { Progress } from '../ceremony/step.ts';
import { keyCheckValue } from '../material/check-value.ts';
import { inspectKeyFile } from '../material/inspect.ts';
import { readKeyFile } from '../material/key-file.ts';
import { SecretBytes } from '../material/secret-bytes.ts';
import { openBackupFile } from './backup-file.ts';
import { type Backup, checkValueText, type Facts, need, type SecretKey } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import { isDone } from './past.ts';
import type { Services } from './services.ts';

type Context = { readonly facts: Facts; readonly answers: Answers; readonly services: Services };

/**
 * Calls `act` with the key from memory, the plain file, the person's own file, or the backup; afterwards the caller must not
 * use the key. When the key was only in memory as Keyferry stopped, and was neither imported nor backed up, a new key is
 * made. `act` also gets the fact of the key, so that it can note a new key.
 * @throws ProblemError when no copy of the key can be read, or the copy is not the key of this ceremony.
 */
export async function withKey<Result>(
  context: Context,
  act: (secret: SecretBytes, fact: SecretKey) => Result | Promise<Result>,
): Promise<Result> {
  const { facts, services } = context;
  const fact = need(facts, 'secret');
  const { secrets, folder } = services;
  if (fact.file !== undefined) {
    const secret = readSame(folder.file(fact.file), fact);
    try {
      return await act(secret, fact);
    } finally {
      secret.destroy();
    }
  }
  if (secrets.key !== undefined) return act(secrets.key, fact);
  const path = plainKeyPath(facts, services);
  if (path !== undefined) secrets.holdKey(readSame(path, fact));
  else if (facts.backup !== undefined && facts.backup.by !== 'declined')
    secrets.holdKey(same(await openBackupFile(facts.backup, context), fact, folder.file(facts.backup.file)));
  else if (isKeyLost(facts, services)) {
    const made = SecretBytes.generate();
    secrets.holdKey(made);
    return act(made, { ...fact, checkValue: keyCheckValue(made) });
  } else throw new ProblemError(gone(fact));
  return act(secrets.key ?? unreachable(), fact);
}

/**
 * Calls `act` with the key when it is in memory or in a plain file, so that nobody must be asked for a passphrase. Else `act`
 * gets `undefined`.
 */
export function withKeyAtHand<Result>(
  facts: Facts,
  services: Services,
  act: (key: SecretBytes | undefined) => Result,
): Result {
  if (services.secrets.key !== undefined) return act(services.secrets.key);
  const key = keyInPlainFile(facts, services);
  try {
    return act(key);
  } finally {
    key?.destroy();
  }
}

function keyInPlainFile({ secret }: Facts, { folder }: Services): SecretBytes | undefined {
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

/** Reports that {@link withKey} made a new key instead of the recorded one. */
export function remadeReport(fact: SecretKey): Progress {
  const label = 'The key of the last run was only in memory; a new one was made';
  return { id: 'remade', label, note: checkValueText(fact), state: 'done' };
}

/** Gives the backup when it is the only copy of the key, so that it must be opened; else `undefined`. */
export function backupToOpen(facts: Facts, services: Services): Exclude<Backup, { by: 'declined' }> | undefined {
  const { backup } = facts;
  if (backup === undefined || backup.by === 'declined' || !isDone(services, 'backup')) return undefined;
  const elsewhere = services.secrets.key !== undefined || plainKeyPath(facts, services) !== undefined;
  return elsewhere ? undefined : backup;
}

/** True when the key was only in memory and is lost, because its run has ended. {@link withKey} then makes a new key. */
export function isKeyLost(facts: Facts, services: Services): boolean {
  const held = services.secrets.key !== undefined || plainKeyPath(facts, services) !== undefined;
  const awaitsImport = isDone(services, 'secret-key') && !isDone(services, 'import');
  const backedUp = facts.backup !== undefined && facts.backup.by !== 'declined';
  return awaitsImport && !held && !backedUp && facts.secret?.origin === 'generated';
}

/** What a question says where {@link isKeyLost}: the value of the lost key says nothing any more. */
export const lostKeyWords =
  'The key was only in memory when Keyferry stopped, so a new one is made. Nothing was imported with the old one.\n';

/** A file that still holds the plain key: in the ceremony's folder, or where the person brought it from. */
function plainKeyPath({ secret }: Facts, { folder }: Services): string | undefined {
  if (secret?.file !== undefined || folder.has(plainKeyFile)) return folder.file(secret?.file ?? plainKeyFile);
  return secret?.source !== undefined && existsSync(secret.source) ? secret.source : undefined;
}

function readSame(path: string, fact: SecretKey): SecretBytes {
  const { verdict, form, findings } = inspectKeyFile(path);
  if (verdict !== 'ready' && verdict !== 'convertible') throw new ProblemError(changed(path, findings.join(' ')));
  return same(readKeyFile(path, form), fact, path);
}

/** Takes a key over, and destroys it where it is another one. */
function same(secret: SecretBytes, { checkValue }: SecretKey, path: string): SecretBytes {
  if (keyCheckValue(secret).value === checkValue.value) return secret;
  secret.destroy();
  throw new ProblemError(changed(path, `Its check value is no longer ${checkValue.value}.`));
}

const notImported = 'The KMS key, if there is one, waits for its material. Nothing was imported.';

function changed(path: string, why: string) {
  return {
    kind: 'fixable',
    what: "Can't use the secret key: its file has changed.",
    why,
    state: notImported,
    next: [`Put the right file back at ${resolve(path)}`, 'Then try again.'],
  } as const;
}

function gone({ source }: SecretKey) {
  return {
    kind: 'fixable',
    what: "Can't use the secret key: no copy of it is here.",
    why: 'It was only in memory when Keyferry stopped, and no backup was made.',
    state: notImported,
    next: source === undefined ? ['Begin a new ceremony.'] : [`Put your key file back at ${source}`, 'Then try again.'],
  } as const;
}

function unreachable(): never {
  throw new Error('The key was taken in a moment ago.');
}
