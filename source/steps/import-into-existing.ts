import type { KMSClient } from '@aws-sdk/client-kms';
import { isImportedAlready } from '../aws/eventual-consistency.ts';
import { describeKey, importKeyMaterial } from '../aws/kms.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { StepContext } from '../ceremony/step.ts';
import { awsCommand, onOneLine } from './aws-command-line.ts';
import { type Facts, need } from './facts.ts';
import type { Services } from './services.ts';

// Pages: KMS developer guide, "Logging AWS KMS API calls with AWS CloudTrail".

/*
 * When somebody else made a key, somebody else may also import material into it, at any moment. So Keyferry takes material
 * that it finds in the key for its own only after KMS has compared the two. And Keyferry imports no second material: that
 * would not be used before a rotation.
 */

type Input = Omit<Parameters<typeof importKeyMaterial>[1], 'ImportType'> & { readonly KeyId: string };

/**
 * Imports the first material of a key. The key may have material by now: from an earlier try whose answer was lost, or from
 * somebody else. Then KMS compares the two: it takes the same bytes as existing material, and refuses other bytes.
 * @returns the id of the material, when KMS gives it.
 * @throws ProblemError when the key has other material.
 */
export async function importUnlessOther(kms: KMSClient, input: Input): Promise<{ readonly keyMaterialId?: string }> {
  const { CurrentKeyMaterialId } = await describeKey(kms, input.KeyId);
  const id =
    CurrentKeyMaterialId === undefined
      ? await importKeyMaterial(kms, { ...input, ImportType: 'NEW_KEY_MATERIAL' }).catch(ignoreSameMaterial)
      : await importKeyMaterial(kms, {
          ...input,
          ImportType: 'EXISTING_KEY_MATERIAL',
          KeyMaterialId: CurrentKeyMaterialId,
        }).catch(explainOtherBytes);
  return id === undefined ? {} : { keyMaterialId: id };
}

/**
 * Makes sure that the key encrypts with the material that was sent. It does not when somebody else imported at the same
 * moment. Does nothing when KMS did not give both ids.
 * @param current the id of the material with which the key encrypts.
 * @param sent the id of the material that this ceremony imported.
 * @throws ProblemError when the key encrypts with other material.
 */
export function refuseOtherCurrent(
  { facts, services }: Pick<StepContext<Facts, Services>, 'facts' | 'services'>,
  current: string | undefined,
  sent: string | undefined,
): void {
  if (sent === undefined || current === undefined || sent === current) return;
  const deleteCommand = awsCommand(facts, services, 'kms delete-imported-key-material', {
    'key-id': need(facts, 'key').keyId,
    'key-material-id': sent,
  });
  throw new ProblemError({
    kind: 'fixable',
    code: 'OtherKeyMaterial',
    what: 'The key does not encrypt with your material.',
    why: `Somebody else imported other material at the same moment: ${current} is in use, and yours, ${sent}, waits for a rotation.`,
    state: 'Both materials are in KMS. Nothing was encrypted with yours.',
    next: [
      'Find out who imported the other one: CloudTrail has each ImportKeyMaterial with its caller.',
      `To take yours out again: ${onOneLine(deleteCommand)}`,
    ],
  });
}

/** Ignores the error that says that the key has the same bytes already: DescribeKey did not show them yet. Rethrows others. */
function ignoreSameMaterial(error: unknown): undefined {
  if (!isImportedAlready(error)) throw error;
  return undefined;
}

/** @throws ProblemError instead of the error with which KMS refuses other bytes. Rethrows others. */
function explainOtherBytes(error: unknown): never {
  if (!(error instanceof Error) || error.name !== 'IncorrectKeyMaterialException') throw error;
  throw new ProblemError(
    {
      kind: 'refused',
      code: error.name,
      what: 'The material was not imported: the key has other material by now.',
      why: 'Somebody else has imported other bytes into this key since it was found. KMS has compared them with yours.',
      state: 'Your bytes were not imported, and nothing was changed.',
      next: [
        'Find out who imported them: CloudTrail has each ImportKeyMaterial with its caller.',
        'For your bytes, take another key, in another folder.',
      ],
    },
    { cause: error },
  );
}
