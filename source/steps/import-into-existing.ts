import type { KMSClient } from '@aws-sdk/client-kms';
import { isImportedAlready } from '../aws/eventual-consistency.ts';
import { describeKey, importKeyMaterial } from '../aws/kms.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { StepContext } from '../ceremony/step.ts';
import { awsCommand } from './aws-command-line.ts';
import { type Facts, need } from './facts.ts';
import type { Services } from './services.ts';

/*
 * Into a key that somebody else made, somebody else may import too, at any moment. Material that a key has already is not
 * taken for ours unless KMS has compared the two; and no second material is imported, which would wait for a rotation.
 */

type Input = Omit<Parameters<typeof importKeyMaterial>[1], 'ImportType'> & { readonly KeyId: string };

/**
 * Imports the first material of a key. Where it has material by now, from a try whose answer was lost or from somebody else,
 * KMS compares: it takes the same bytes as existing material, and refuses any others.
 * @returns the id of the material, where KMS gives it.
 * @throws ProblemError where the key has other material.
 */
export async function importUnlessOther(kms: KMSClient, input: Input): Promise<{ readonly keyMaterialId?: string }> {
  const { CurrentKeyMaterialId } = await describeKey(kms, input.KeyId);
  const id =
    CurrentKeyMaterialId === undefined
      ? await importKeyMaterial(kms, { ...input, ImportType: 'NEW_KEY_MATERIAL' }).catch(unlessThere)
      : await importKeyMaterial(kms, {
          ...input,
          ImportType: 'EXISTING_KEY_MATERIAL',
          KeyMaterialId: CurrentKeyMaterialId,
        }).catch(whyOther);
  return id === undefined ? {} : { keyMaterialId: id };
}

/** @throws ProblemError where the key encrypts with other material than what was sent: two imports met. */
export function refuseOtherCurrent(
  { facts, services }: Pick<StepContext<Facts, Services>, 'facts' | 'services'>,
  current: string | undefined,
  sent: string | undefined,
): void {
  if (sent === undefined || current === undefined || sent === current) return;
  const takeOut = awsCommand(facts, services, 'kms delete-imported-key-material', {
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
      `To take yours out again: ${takeOut.replaceAll(' \\\n  ', ' ')}`,
    ],
  });
}

/** What DescribeKey does not show yet: KMS says that the key has these very bytes. */
function unlessThere(error: unknown): undefined {
  if (!isImportedAlready(error)) throw error;
  return undefined;
}

function whyOther(error: unknown): never {
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
