import { isRefusal } from '../aws/eventual-consistency.ts';
import { readMaterial } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Answers } from '../ceremony/question.ts';
import type { ActContext } from '../ceremony/step.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';
import { importAttemptName } from './brought-before.ts';
import { isAskedExpiry } from './expiry.ts';
import { type Facts, type Material, need } from './facts.ts';
import { askedExpiry } from './import-questions.ts';
import { reportTls } from './import-tls.ts';
import type { ImportingStep } from './importing.ts';
import { shortId } from './materials.ts';
import { outcomeOf } from './past.ts';
import { sendAsMaterial } from './same-material.ts';
import type { Services } from './services.ts';

/** The bytes of an import: a copy that Keyferry wraps, or a file that was wrapped elsewhere. */
export type ImportSource = {
  /** The absolute path of the copy or of the wrapped file. */
  readonly file: string;
  /** The check value of the bytes in a copy. Absent for a wrapped file, whose bytes are not known here. */
  readonly checkValue?: string;
  /** Identifies these bytes in the name of the attempt: the check value, or the SHA-256 of the wrapped file. */
  readonly fingerprint: string;
  /** Gives what is sent. It is called just before the import, and again for each try. */
  readonly getWrapped: () => Promise<{ readonly wrapped: Uint8Array; readonly importToken: Uint8Array }>;
  /** Adds what the source knows about an error of the import. */
  readonly explain?: (problem: Problem, error: unknown) => Problem;
};

/**
 * Imports a material that the key has had. Does so once, even when it is called again after an error or a stop.
 * @returns the imported material, or null when KMS answered that the source holds other bytes.
 * @throws ProblemError when the outcome of the import is unknown or the import failed for another reason.
 */
export async function importAgain(
  { facts, answers, services, attempt, report, signal }: ActContext<Facts, Services>,
  material: Material,
  { file, checkValue, fingerprint, getWrapped, explain = (problem) => problem }: ImportSource,
  { step, done }: ImportingStep,
): Promise<BroughtMaterial | null> {
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  const { asOf } = need(facts, 'materials');
  const { keyMaterialId, description, isImported: wasThere, expiry: before } = material;
  const importFacts = { keyMaterialId, ...(checkValue === undefined ? {} : { checkValue }), file, wasThere, before };
  const name = importAttemptName({ keyMaterialId, fingerprint, expiry: answeredExpiry(material, answers), asOf });
  try {
    return await attempt<BroughtMaterial | null>({
      name,
      act: async () => {
        const validTo = askedExpiry(material, answers, services.clock());
        const sent = { keyId, keyMaterialId, ...(await getWrapped()), validTo, description };
        const isAccepted = await sendAsMaterial(kms, sent);
        reportTls({ services, report });
        return isAccepted ? { ...importFacts, validTo, importedAt: services.clock().toISOString() } : null;
      },
      probe: async (begunAt) => {
        const materialNow = await readMaterial(kms, keyId, keyMaterialId);
        const validTo = materialNow?.validTo?.toISOString() ?? null;
        const asked = {
          first: askedExpiry(material, answers, begunAt),
          latest: askedExpiry(material, answers, services.clock()),
        };
        const isAsAsked = materialNow?.isImported === true && isAskedExpiry(validTo, asked);
        // When the material was there before with the same expiry, nothing shows whether this import was done. It is sent again:
        // the same bytes change nothing.
        const wasAsAsked = wasThere && isAskedExpiry(before === 'never' ? null : before, asked);
        if (wasAsAsked || !isAsAsked) return { found: 'not done' };
        return { found: 'done', result: { ...importFacts, validTo, importedAt: begunAt.toISOString() } };
      },
      refused: (error) => isRefusal(error) || error instanceof ProblemError,
      passing: isWithoutAnswer,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProblemError) throw error;
    const isUnknown = outcomeOf(services, step, name) === 'unknown';
    const problem = explainAwsError(error, {
      what: isUnknown
        ? `Can't tell whether the material ${shortId(material)} was ${done}.`
        : `The material ${shortId(material)} was not ${done}.`,
      state: isUnknown
        ? 'Trying again looks first, and imports only what is not there.'
        : 'KMS has what it had before this import.',
    });
    throw new ProblemError(explain(problem, error));
  }
}

/**
 * Gives the expiry for the name of the attempt, as the person answered it. The name must be the same in every try, but the
 * moment that an answer such as `90d` means is a later one in every try.
 */
function answeredExpiry({ expiry }: Material, answers: Answers): string {
  if (answers.expiry === 'date') return String(answers['valid-to']);
  return answers.expiry === 'keep' ? expiry : 'never';
}
