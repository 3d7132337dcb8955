import type { KeyMetadata } from '@aws-sdk/client-kms';
import { externalKeyRequest } from '../aws/external-key-request.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { awsCommand, onOneLine } from './aws-command-line.ts';
import type { Facts } from './facts.ts';
import type { Services } from './services.ts';

/**
 * Compares the key that KMS made with the request. A property that KMS does not tell is not compared.
 * @param multiRegion whether a multi-Region key was asked for.
 * @returns for each property that differs, the end of a sentence about it.
 */
export function findDifferences(metadata: KeyMetadata, multiRegion: boolean): readonly string[] {
  const request = { ...externalKeyRequest, MultiRegion: multiRegion };
  return (['Origin', 'KeySpec', 'KeyUsage', 'MultiRegion'] as const).flatMap((property) => {
    const asked = String(request[property]);
    const told = String(metadata[property] ?? asked);
    return told === asked ? [] : [`${property} is ${told}, and ${asked} was asked for`];
  });
}

/**
 * Refuses a key that is not as it was asked for.
 * @param key `differences` is what {@link findDifferences} gave when the key was made.
 * @throws ProblemError when there is a difference. Nothing was imported into the key.
 */
export function refuseOtherKey(
  { keyId, keyArn, differences = [] }: { keyId: string; keyArn: string; differences?: readonly string[] },
  facts: Facts,
  services: Services,
): void {
  if (differences.length === 0) return;
  const deleteCommand = awsCommand(facts, services, 'kms schedule-key-deletion', { 'key-id': keyId });
  throw new ProblemError({
    kind: 'fixable',
    code: 'OtherKey',
    what: 'The key that was made is not as it was asked for.',
    why: `KMS says of ${keyArn}: ${differences.join('; ')}.`,
    state: 'The key exists without an alias. Nothing was imported into it.',
    next: [
      'Find out what answers in the place of KMS: env | grep -iE "proxy|AWS_ENDPOINT"',
      'Then begin anew, in another folder.',
      `To have this key deleted: ${onOneLine(deleteCommand)}`,
    ],
    endsHere: true,
  });
}
