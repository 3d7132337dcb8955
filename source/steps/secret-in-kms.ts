import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { isRefusal } from '../aws/eventual-consistency.ts';
import { readMaterial } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Question } from '../ceremony/question.ts';
import type { ActContext, StepContext } from '../ceremony/step.ts';
import { readPublicFile } from '../material/small-file.ts';
import { wrapMaterial } from '../material/wrap.ts';
import type { SecretInKms } from './check-facts.ts';
import { type Facts, need } from './facts.ts';
import { fetchPair, type ImportPair } from './import-pair.ts';
import { ownBackupQuestion } from './own-backup-question.ts';
import { askWhetherSame } from './same-material.ts';
import { keyElsewhere } from './secret-key-fact.ts';
import type { Services } from './services.ts';
import { isTokenUsedUp } from './token-life.ts';
import { backupToOpen, isKeyLost, withKey } from './with-key.ts';
import { lookAtWrappingKey } from './wrapping-key-file.ts';

/*
 * A person who wraps by hand may wrap other bytes than the secret of this ceremony. Then the check value and the backup that
 * Keyferry keeps do not belong to the key in KMS. Keyferry cannot see this. Only KMS can compare the two, when Keyferry
 * imports the secret again.
 */

const opensToCompare =
  'Only the backup still holds the secret, so it is opened, and KMS compares it with what you wrapped.';

/**
 * Asks whether to compare the backup with the wrapped bytes, and for what opens the backup. Asks only when a person wrapped
 * the secret and only the backup still holds it.
 */
export function comparisonQuestions(context: StepContext<Facts, Services>): readonly Question[] {
  const { facts, answers, services } = context;
  const backup = need(facts, 'wrapped').by === 'you' ? backupToOpen(facts, services) : undefined;
  if (backup === undefined) return [];
  const compare: Question = {
    kind: 'choice',
    id: 'compare',
    ask: 'Compare the backup with what you wrapped?',
    label: 'Backup',
    form: 'open or skip',
    options: [
      { value: 'open', label: 'Open the backup, and let KMS compare', hint: 'recommended' },
      { value: 'skip', label: 'Do not compare', hint: 'the record then vouches for no backup' },
    ],
    default: 'open',
    help: `You wrapped the secret yourself. If those were other bytes than the ones in ${backup.file}, that backup cannot bring the key back.`,
  };
  return answers.compare === 'skip' ? [compare] : [compare, ownBackupQuestion(backup, context, opensToCompare)];
}

/**
 * Finds out whether the secret of this ceremony is the material that was just imported. Gives `shown` when Keyferry wrapped
 * the secret. When a person wrapped it, asks KMS: `shown` when the bytes are the same, `other` when they are not. Gives `not shown`
 * when the person skips the comparison or Keyferry has no copy of the secret.
 * @param metadata the answer of DescribeKey, now that the key is Enabled.
 * @throws ProblemError when KMS gives no answer, or the backup is not opened. The material stays imported.
 */
export async function findSecretInKms(
  context: ActContext<Facts, Services>,
  metadata: KeyMetadata,
): Promise<SecretInKms> {
  const { facts, answers, services, report } = context;
  if (need(facts, 'wrapped').by === 'keyferry') return 'shown';
  // Nothing here can be compared with a key whose bytes were never here.
  if (keyElsewhere(facts.secret) !== undefined) return 'not shown';
  if (answers.compare === 'skip' || isKeyLost(facts, services)) return 'not shown';
  report({ id: 'compare', label: 'Asking KMS whether you wrapped the secret of this ceremony', state: 'working' });
  const reason = await whyKeyIsMissing(context);
  if (reason !== undefined) {
    report({ id: 'compare', label: 'What you wrapped was not compared', note: reason, state: 'done' });
    return 'not shown';
  }
  const comparison = (await isSecretInKms(context, metadata)) ? 'shown' : 'other';
  report({ id: 'compare', label: comparisonWords[comparison], state: 'done' });
  return comparison;
}

const comparisonWords = {
  shown: 'KMS says: you wrapped the secret of this ceremony',
  other: 'KMS says: you wrapped OTHER bytes than the secret of this ceremony',
};

/**
 * Says why Keyferry cannot read the secret any more: the person's own file, or the plain key file, is gone or has changed.
 * Returns `undefined` when Keyferry can read it.
 * @throws ProblemError when the answers do not open the backup: the person can answer again.
 */
async function whyKeyIsMissing(context: ActContext<Facts, Services>): Promise<string | undefined> {
  const { facts, services } = context;
  const isInBackupOnly = backupToOpen(facts, services) !== undefined;
  try {
    await withKey(context, () => undefined);
    return undefined;
  } catch (error) {
    if (isInBackupOnly || !(error instanceof ProblemError)) throw error;
    return error.problem.why ?? error.problem.what;
  }
}

/**
 * Lets KMS compare the secret of this ceremony with the imported material. Tells whether they are the same.
 * @throws ProblemError when KMS gives no answer.
 */
async function isSecretInKms(context: ActContext<Facts, Services>, metadata: KeyMetadata): Promise<boolean> {
  const { facts, services, attempt, signal } = context;
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  const { algorithm, keySpec } = need(facts, 'wrapping');
  const keyMaterialId = metadata.CurrentKeyMaterialId ?? '';
  try {
    const description = await readDescription(kms, keyId, keyMaterialId);
    const ask = async ({ wrappingKey, importToken }: Pair) =>
      askWhetherSame(kms, attempt, {
        keyId,
        keyMaterialId,
        wrapped: await withKey(context, (secret) => wrapMaterial(secret, { wrappingKey, algorithm })),
        importToken,
        validTo: metadata.ValidTo?.toISOString() ?? null,
        description,
      });
    const fetchAndAsk = async () => ask(await fetchPair(services, keyId, { algorithm, keySpec }, fetchingStep));
    // The pair of the import can be used again, unless its files have changed or its time is over.
    const pair = readPair(facts, services);
    if (pair === undefined) return await fetchAndAsk();
    return await ask(pair).catch((error: unknown) => {
      if (!isTokenUsedUp(error)) throw error;
      return fetchAndAsk();
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new ProblemError(
      explainAwsError(error, {
        what: "Can't tell whether you wrapped the secret of this ceremony.",
        state: 'The material is imported and the key is Enabled. Trying again only compares.',
      }),
    );
  }
}

const fetchingStep = { step: 'import', state: 'The material is imported.' } as const;

type Pair = Pick<ImportPair, 'wrappingKey' | 'importToken'>;

/**
 * Reads the wrapping key and the token that were fetched for the import. KMS takes the same token again for 24 hours. Returns
 * `undefined` when a file has changed or cannot be read.
 */
function readPair(facts: Facts, { folder }: Services): Pair | undefined {
  const wrappingKey = lookAtWrappingKey(facts, folder);
  const importToken = readPublicFile(folder.file(need(facts, 'wrapping').tokenFile));
  return wrappingKey.fits && typeof importToken !== 'string'
    ? { wrappingKey: wrappingKey.key, importToken }
    : undefined;
}

/**
 * Gives the description that the material has in KMS, or null when it has none. Gives null also when the caller may not list
 * materials: then there is none to keep, because this ceremony gives no description to material that a person wrapped.
 */
async function readDescription(kms: KMSClient, keyId: string, keyMaterialId: string): Promise<string | null> {
  const material = await readMaterial(kms, keyId, keyMaterialId).catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
    return undefined;
  });
  return material?.description ?? null;
}
