import { isImportedAlready, isRefusal } from '../aws/eventual-consistency.ts';
import type { KeyPolicy } from '../aws/key-policy.ts';
import { describeKey, importKeyMaterial } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { awsCommand, findKeyCommand, keyArnVariable } from './aws-command-line.ts';
import { writeBackupCard } from './backup-card.ts';
import { farAhead, utc } from './dates.ts';
import { expiryClause, lacksDate, validToOf } from './expiry.ts';
import { type Facts, type Imported, need, secretInKms } from './facts.ts';
import { readFilesToSend } from './files-to-send.ts';
import { withLikelyCause } from './import-cause.ts';
import { gatherImportEvidence } from './import-evidence.ts';
import { importUnlessOther, refuseOtherCurrent } from './import-into-existing.ts';
import { importNowQuestions } from './import-now-questions.ts';
import { makePairRenewal } from './import-pair.ts';
import { reportTls } from './import-tls.ts';
import { outcomeOf } from './past.ts';
import { readRefusedUses } from './refused-uses.ts';
import { comparisonQuestions, findSecretInKms } from './secret-in-kms.ts';
import { keyElsewhere, keyHere, statedBy } from './secret-key-fact.ts';
import type { KeyferryStep, Services } from './services.ts';
import { isTokenUsedUp, refuseOldToken, tokenUsedUpReason } from './token-life.ts';
import { readToldExpiry } from './told-expiry.ts';
import { waitForEnabled } from './wait-for-enabled.ts';
import { lacksCopy, withoutCopyQuestion } from './without-copy.ts';

// Pages: KMS developer guide, "Step 4: Import the key material", "Special considerations for imported key material";
// KMS API reference, ImportKeyMaterial.

/** Imports the wrapped secret into the KMS key, and finds out whether KMS holds the secret of this ceremony. */
export const importMaterial: KeyferryStep = {
  id: 'import',
  asks: ['compare', 'passphrase-file', 'identity', 'without-copy', 'expiry', 'valid-to', 'proceed'],
  needs: ['connection', 'secret', 'description', 'backup', 'key', 'wrapping', 'wrapped'],
  mayRead: ['existing', 'materials'],
  provides: ['imported'],
  leadsTo: ['wrapping-key', 'wrap', 'import'],
  title: 'Import',
  done: 'Key material imported',
  place: 'KMS',
  lasting: true,
  why: 'The wrapped secret goes into your KMS key. Only KMS can unwrap it, and the key becomes Enabled.',
  goesWrong: [
    'InvalidCiphertextException, without a message: other hash, other wrapping key, or base64 text where bytes belong.',
    'aws was given file:// instead of fileb://, and sent the wrapped file as text.',
    'IncorrectKeyMaterialException: the key once held other bytes. Only the same 32 bytes can come back.',
    '"A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES": the API expires by default.',
  ],

  questions({ facts, answers, services }) {
    return [
      ...comparisonQuestions({ facts, answers, services }),
      ...(lacksCopy(facts, services) ? [withoutCopyQuestion(facts, services)] : []),
      ...importNowQuestions({ facts, answers, services }),
    ];
  },

  commands({ facts, answers, services }) {
    const { tokenFile } = need(facts, 'wrapping');
    const { file } = need(facts, 'wrapped');
    const description = materialDescription(facts);
    // After the import, its own expiry: `90d` would mean a later moment now.
    const recordedExpiry = facts.imported?.validTo ?? undefined;
    if (recordedExpiry === undefined && lacksDate(answers, services.clock())) return [];
    const validTo = recordedExpiry === undefined ? validToOf(answers, services.clock()) : new Date(recordedExpiry);
    return [
      findKeyCommand(facts, services),
      {
        says: 'Import the wrapped secret',
        // Without an import type, KMS takes the first material of a key as new.
        shell: awsCommand(facts, services, 'kms import-key-material', {
          'key-id': keyArnVariable,
          'encrypted-key-material': `fileb://${file}`,
          'import-token': `fileb://${tokenFile}`,
          ...(description === undefined ? {} : { 'key-material-description': description }),
          ...(validTo === undefined
            ? { 'expiration-model': 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
            : { 'expiration-model': 'KEY_MATERIAL_EXPIRES', 'valid-to': validTo.toISOString() }),
        }),
      },
      {
        says: 'See it Enabled',
        shell: awsCommand(facts, services, 'kms describe-key', {
          'key-id': keyArnVariable,
          query: 'KeyMetadata.KeyState',
          output: 'text',
        }),
      },
    ];
  },

  async act(context) {
    const { answers, services, report } = context;
    const validTo = validToOf(answers, services.clock());
    report({ id: 'import', label: 'Importing the material', state: 'working' });
    const sentId = await sendImport(context, validTo);
    // When a person wrapped the bytes, `findSecretInKms` still needs the key of this ceremony, to let KMS compare the two.
    if (need(context.facts, 'wrapped').by === 'keyferry') services.secrets.forget();
    report({ id: 'import', label: 'Material imported', state: 'done' });
    reportTls(context);
    const metadata = await waitForEnabled(context);
    report({ id: 'state', label: 'The key is Enabled', state: 'done' });
    if (context.facts.existing !== undefined) refuseOtherCurrent(context, metadata.CurrentKeyMaterialId, sentId);
    const comparison = await findSecretInKms(context, metadata);
    services.secrets.forget();
    const { keyArn, policy } = need(context.facts, 'key');
    const refusedUses = await readRefusedUses(context, {
      keyArn,
      policy: policy === undefined ? undefined : (JSON.parse(policy) as KeyPolicy),
    });
    const imported: Imported = {
      ...(await readToldExpiry(context, metadata)),
      keyMaterialId: metadata.CurrentKeyMaterialId ?? sentId ?? '',
      importedAt: services.clock().toISOString(),
      secretInKms: comparison,
      ...(refusedUses.length === 0 ? {} : { refusedUses }),
    };
    writeBackupCard(context.facts, imported, services.folder);
    return { imported };
  },

  foresee({ answers, services }) {
    const validTo = validToOf(answers, services.clock());
    return {
      imported: {
        expirationModel: validTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
        validTo: validTo?.toISOString() ?? null,
        keyMaterialId: '',
        importedAt: farAhead,
      },
    };
  },

  receipt(facts) {
    const { validTo, importedAt, otherExpiry } = need(facts, 'imported');
    return `Key material imported, it ${expiryClause(validTo)}; the key was Enabled at ${utc(new Date(importedAt))}${otherExpiryWarning(otherExpiry)}${secretWords(facts)}`;
  },
};

/** What the receipt adds when KMS tells another expiry than was asked for. */
function otherExpiryWarning(other: Imported['otherExpiry']): string {
  if (other === undefined) return '';
  return `. WARNING: you asked that it ${expiryClause(other.asked)}`;
}

/** Gives what the receipt adds about the secret of the ceremony: whether KMS holds it. */
function secretWords(facts: Facts): string {
  const secret = keyElsewhere(facts.secret);
  if (secret === undefined) return receiptWords[secretInKms(facts)];
  return `. That it is the key of ${secret.keeper} is ${statedBy(secret)}`;
}

const receiptWords = {
  shown: '',
  'not shown': '. NOT SHOWN: whether it is the secret of this ceremony',
  other: '. WARNING: it is NOT the secret of this ceremony, and no backup here can bring it back',
};

type Context = ActContext<Facts, Services>;

/**
 * Sends the wrapped key and the token to KMS, once.
 * @returns the id of the imported material, when KMS gives it.
 * @throws ProblemError when the import fails or its outcome is unknown.
 */
async function sendImport(
  { facts, services, attempt, report }: Context,
  validTo: Date | undefined,
): Promise<string | undefined> {
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  const description = materialDescription(facts);
  const mayOthersImport = facts.existing !== undefined;
  let hasSent = false;
  try {
    const imported = await attempt<{ readonly keyMaterialId?: string } | undefined>({
      name: 'import',
      act: async () => {
        refuseOldToken(facts, services);
        const files = readFilesToSend(facts, services, report);
        hasSent = true;
        const input = {
          KeyId: keyId,
          ...files,
          ...(description === undefined ? {} : { KeyMaterialDescription: description }),
          ...(validTo === undefined ? {} : { ValidTo: validTo }),
        };
        if (mayOthersImport) return importUnlessOther(kms, input);
        const id = await importKeyMaterial(kms, { ...input, ImportType: 'NEW_KEY_MATERIAL' }).catch(
          (error: unknown) => {
            // When the bytes are there already, an earlier try has imported them.
            if (!isImportedAlready(error)) throw error;
          },
        );
        return id === undefined ? undefined : { keyMaterialId: id };
      },
      // DescribeKey may not show new material yet. Then Keyferry sends the material again, and KMS answers that it is there.
      probe: async () => {
        const { CurrentKeyMaterialId } = await describeKey(kms, keyId);
        // In a key of somebody else, the material may not be ours. Then `importUnlessOther` lets KMS compare the two.
        const mustSend = CurrentKeyMaterialId === undefined || mayOthersImport;
        return mustSend ? { found: 'not done' } : { found: 'done', result: undefined };
      },
      // An error from before `hasSent` means that KMS got nothing.
      refused: (error) => isRefusal(error) || error instanceof ProblemError || !hasSent,
      passing: isWithoutAnswer,
    });
    return imported?.keyMaterialId;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const isUnknown = outcomeOf(services, 'import', 'import') === 'unknown';
    const problem = explainAwsError(error, {
      what: isUnknown ? "Can't tell whether the material was imported." : 'The material was not imported.',
      state: isUnknown ? 'Trying again looks first, and imports only if it is not there.' : stillWaits,
    });
    const renewal = isTokenUsedUp(error)
      ? { renewal: makePairRenewal(tokenUsedUpReason, need(facts, 'wrapped').by) }
      : {};
    throw new ProblemError({ ...withLikelyCause(problem, gatherImportEvidence(facts, services)), ...renewal });
  }
}

/**
 * Gives the description that KMS keeps with the material: the check value, by which a person finds the right copy later.
 * Returns `undefined` when the person wrapped the bytes, because their check value is unknown.
 */
function materialDescription(facts: Facts): string | undefined {
  if (need(facts, 'wrapped').by !== 'keyferry') return undefined;
  const secret = keyHere(need(facts, 'secret'));
  if (secret === undefined) return undefined;
  const { method, value } = secret.checkValue;
  return `${method} key check value ${value}`;
}

const stillWaits = 'The key still waits for its material.';
