import { isRefusal } from '../aws/eventual-consistency.ts';
import { importKeyMaterial, readMaterial } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers } from '../ceremony/question.ts';
import type { ActContext } from '../ceremony/step.ts';
import { wrapMaterial } from '../material/wrap.ts';
import { recommendedPair } from '../material/wrapping-algorithms.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';
import { importAttemptName } from './brought-before.ts';
import { type Facts, type Material, need } from './facts.ts';
import { fetchPair } from './import-pair.ts';
import { askedExpiry } from './import-questions.ts';
import type { Importing } from './importing.ts';
import { shortId } from './materials.ts';
import type { OpenedCopy } from './open-copies.ts';
import { outcomeOf } from './past.ts';
import type { Services } from './services.ts';

/**
 * Imports a material that the key has had, from a copy of its bytes, under a fresh wrapping key.
 * @returns the imported material, or null when KMS answered that the copy holds other bytes.
 * @throws ProblemError when the outcome of the import is unknown or the import failed for another reason.
 */
export async function importAgain(
  { facts, answers, services, attempt, signal }: ActContext<Facts, Services>,
  material: Material,
  copy: OpenedCopy,
  { step, done }: Importing,
): Promise<BroughtMaterial | null> {
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  const { asOf } = need(facts, 'materials');
  const { keyMaterialId, description } = material;
  const { checkValue } = copy;
  const brought = {
    keyMaterialId,
    checkValue,
    file: copy.path,
    wasThere: material.isImported,
    before: material.expiry,
  };
  const name = importAttemptName({ keyMaterialId, checkValue, expiry: expiryText(material, answers), asOf });
  try {
    return await attempt<BroughtMaterial | null>({
      name,
      act: async () => {
        const validTo = askedExpiry(material, answers, services.clock());
        const { wrappingKey, importToken } = await fetchPair(services, keyId, recommendedPair, {
          step,
          state: 'KMS has the materials that it had.',
        });
        const input = {
          KeyId: keyId,
          ImportToken: importToken,
          EncryptedKeyMaterial: wrapMaterial(copy.secret, { wrappingKey, algorithm: recommendedPair.algorithm }),
          ImportType: 'EXISTING_KEY_MATERIAL',
          KeyMaterialId: keyMaterialId,
          ...(validTo === null ? {} : { ValidTo: new Date(validTo) }),
          // An import without an expiry removes the one that the material had. KMS keeps a description that is left out (API
          // reference, ImportKeyMaterial); it is sent all the same, so that the request says what the material is.
          ...(description === null ? {} : { KeyMaterialDescription: description }),
        } as const;
        const isAccepted = await importKeyMaterial(kms, input).then(() => true, falseForOtherBytes);
        return isAccepted ? { ...brought, validTo, importedAt: services.clock().toISOString() } : null;
      },
      probe: async (at) => {
        const now = await readMaterial(kms, keyId, keyMaterialId);
        const validTo = now?.validTo?.toISOString() ?? null;
        if (now?.isImported !== true || !isSameExpiry(validTo, askedExpiry(material, answers, at)))
          return { found: 'not done' };
        return { found: 'done', result: { ...brought, validTo, importedAt: at.toISOString() } };
      },
      refused: (error) => isRefusal(error) || error instanceof ProblemError,
      passing: isWithoutAnswer,
    });
  } catch (error) {
    signal.throwIfAborted();
    const isUnknown = outcomeOf(services, step, name) === 'none';
    throw new ProblemError(
      explainAwsError(error, {
        what: isUnknown
          ? `Can't tell whether the material ${shortId(material)} was ${done}.`
          : `The material ${shortId(material)} was not ${done}.`,
        state: isUnknown
          ? 'Trying again looks first, and imports only what is not there.'
          : 'KMS has what it had before this import.',
      }),
    );
  }
}

/**
 * Gives the expiry for the name of the attempt: as the person answered it, because the moment that `90d` means changes with
 * every try and the name must not.
 */
function expiryText({ expiry }: Material, answers: Answers): string {
  return answers.expiry === 'date' ? String(answers['valid-to']) : answers.expiry === 'keep' ? expiry : 'never';
}

/**
 * Tells whether two expiries (ISO 8601, null for never) are the same within two seconds: `90d` counts from the moment of the
 * request, a little after the moment of the intent in the journal.
 */
function isSameExpiry(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other;
  return Math.abs(Date.parse(one) - Date.parse(other)) <= 2000;
}

/** Returns false for the error with which KMS refuses other bytes (KMS API reference, ImportKeyMaterial). Rethrows others. */
function falseForOtherBytes(error: unknown): false {
  if (error instanceof Error && error.name === 'IncorrectKeyMaterialException') return false;
  throw error;
}
