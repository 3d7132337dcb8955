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
import { askedExpiry } from './bring-back-questions.ts';
import { attemptName } from './brought-before.ts';
import { type Facts, type Material, need } from './facts.ts';
import { fetchPair } from './import-pair.ts';
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
): Promise<BroughtMaterial | null> {
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  const { asOf } = need(facts, 'materials');
  const { keyMaterialId, description } = material;
  const { checkValue } = copy;
  const brought = { keyMaterialId, checkValue, file: copy.path, wasThere: material.isImported };
  const name = attemptName({ keyMaterialId, checkValue, expiry: expiryText(material, answers), asOf });
  try {
    return await attempt<BroughtMaterial | null>({
      name,
      act: async () => {
        const validTo = askedExpiry(material, answers, services.clock());
        const { wrappingKey, importToken } = await fetchPair(services, keyId, recommendedPair, asking);
        const input = {
          KeyId: keyId,
          ImportToken: importToken,
          EncryptedKeyMaterial: wrapMaterial(copy.secret, { wrappingKey, algorithm: recommendedPair.algorithm }),
          ImportType: 'EXISTING_KEY_MATERIAL',
          KeyMaterialId: keyMaterialId,
          ...(validTo === null ? {} : { ValidTo: new Date(validTo) }),
          // An import without them would take description and expiry away.
          ...(description === null ? {} : { KeyMaterialDescription: description }),
        } as const;
        const isTaken = await importKeyMaterial(kms, input).then(() => true, isOtherMaterial);
        return isTaken ? { ...brought, validTo, importedAt: services.clock().toISOString() } : null;
      },
      probe: async (at) => {
        const now = await readMaterial(kms, keyId, keyMaterialId);
        const validTo = now?.validTo?.toISOString() ?? null;
        if (now?.isImported !== true || !isSameEnd(validTo, askedExpiry(material, answers, at)))
          return { found: 'not done' };
        return { found: 'done', result: { ...brought, validTo, importedAt: at.toISOString() } };
      },
      refused: (error) => isRefusal(error) || error instanceof ProblemError,
      passing: isWithoutAnswer,
    });
  } catch (error) {
    signal.throwIfAborted();
    const isOpen = outcomeOf(services, 'bring-back', name) === 'none';
    throw new ProblemError(
      explainAwsError(error, {
        what: isOpen
          ? `Can't tell whether the material ${shortId(material)} was brought back.`
          : `The material ${shortId(material)} was not brought back.`,
        state: isOpen
          ? 'Trying again looks first, and imports only what is not there.'
          : 'KMS has what it had before this import.',
      }),
    );
  }
}

/** The expiry as it was answered: `90d` is the same answer a minute later. */
function expiryText({ expiry }: Material, answers: Answers): string {
  return answers.expiry === 'date' ? String(answers['valid-to']) : answers.expiry === 'keep' ? expiry : 'never';
}

/** Days count from the moment at which they are sent, a little after what was noted of it. */
function isSameEnd(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other;
  return Math.abs(Date.parse(one) - Date.parse(other)) <= 2000;
}

const asking = { step: 'bring-back', state: 'KMS has the materials that it had.' } as const;

/** KMS API reference, ImportKeyMaterial, Errors. Rethrows any other. */
function isOtherMaterial(error: unknown): false {
  if (error instanceof Error && error.name === 'IncorrectKeyMaterialException') return false;
  throw error;
}
