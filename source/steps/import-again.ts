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
import { reportTls } from './import-tls.ts';
import type { ImportingStep } from './importing.ts';
import { shortId } from './materials.ts';
import type { OpenedCopy } from './open-copies.ts';
import { outcomeOf } from './past.ts';
import type { Services } from './services.ts';

/**
 * Imports a material that the key has had. Takes the bytes from an opened copy and wraps them under a fresh wrapping key.
 * @returns the imported material, or null when KMS answered that the copy holds other bytes.
 * @throws ProblemError when the outcome of the import is unknown or the import failed for another reason.
 */
export async function importAgain(
  { facts, answers, services, attempt, report, signal }: ActContext<Facts, Services>,
  material: Material,
  copy: OpenedCopy,
  { step, done }: ImportingStep,
): Promise<BroughtMaterial | null> {
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  const { asOf } = need(facts, 'materials');
  const { keyMaterialId, description } = material;
  const { checkValue } = copy;
  const importFacts = {
    keyMaterialId,
    checkValue,
    file: copy.path,
    wasThere: material.isImported,
    before: material.expiry,
  };
  const name = importAttemptName({ keyMaterialId, checkValue, expiry: answeredExpiry(material, answers), asOf });
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
          // An import without an expiry removes the expiry that the material had. An import without a description keeps the
          // old description (API reference, ImportKeyMaterial). Keyferry sends both, so the request says what the material is.
          ...(description === null ? {} : { KeyMaterialDescription: description }),
        } as const;
        const isAccepted = await importKeyMaterial(kms, input).then(() => true, falseForOtherBytes);
        reportTls({ services, report });
        return isAccepted ? { ...importFacts, validTo, importedAt: services.clock().toISOString() } : null;
      },
      probe: async (begunAt) => {
        const materialNow = await readMaterial(kms, keyId, keyMaterialId);
        const validTo = materialNow?.validTo?.toISOString() ?? null;
        if (materialNow?.isImported !== true || !isSameExpiry(validTo, askedExpiry(material, answers, begunAt)))
          return { found: 'not done' };
        return { found: 'done', result: { ...importFacts, validTo, importedAt: begunAt.toISOString() } };
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
 * Gives the expiry for the name of the attempt, as the person answered it. The name must be the same in every try, but the
 * moment that an answer such as `90d` means is a later one in every try.
 */
export function answeredExpiry({ expiry }: Material, answers: Answers): string {
  if (answers.expiry === 'date') return String(answers['valid-to']);
  return answers.expiry === 'keep' ? expiry : 'never';
}

/** `90d` counts from the moment of the request, which is a little later than the intent in the journal. */
const expiryToleranceMs = 2000;

/** Tells whether two expiries (ISO 8601, null for never) are the same within {@link expiryToleranceMs}. */
export function isSameExpiry(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other;
  return Math.abs(Date.parse(one) - Date.parse(other)) <= expiryToleranceMs;
}

/** Returns false for the error with which KMS refuses other bytes (KMS API reference, ImportKeyMaterial). Rethrows others. */
export function falseForOtherBytes(error: unknown): false {
  if (error instanceof Error && error.name === 'IncorrectKeyMaterialException') return false;
  throw error;
}
