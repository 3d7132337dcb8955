import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { Problem } from '../ceremony/problem.ts';
import { awsCommand, onOneLine } from './aws-command-line.ts';
import { utc } from './dates.ts';
import type { Facts } from './facts.ts';
import { reimportCommand } from './key-now.ts';
import { nothingSent } from './look-at-key.ts';
import type { Services } from './services.ts';

/**
 * Says why objects cannot be encrypted under a key now: AWS manages the key, or it is of another kind, or in another state than
 * Enabled. The origin of the key does not matter. S3 takes only symmetric encryption keys. S3 user guide, "Using server-side
 * encryption with AWS KMS keys (SSE-KMS)".
 * @param metadata the answer of DescribeKey.
 * @returns the problem and what to do about it, or `undefined` when objects can be encrypted under the key.
 */
export function unfitForEncryption(metadata: KeyMetadata, services: Services, facts: Facts): Problem | undefined {
  const { KeyId = '', Arn = '', KeyManager, KeySpec, KeyState = '', KeyUsage, DeletionDate, Origin } = metadata;
  const problem = {
    kind: 'fixable',
    what: `Can't encrypt under ${KeyId}.`,
    state: nothingSent,
  } as const;
  const nameAnother = 'Name a symmetric encryption key of this account and Region.';
  if (KeyManager === 'AWS')
    return {
      ...problem,
      why: 'It is a key of AWS, which AWS manages for one service, and none of yours.',
      next: [nameAnother],
    };
  if (KeySpec !== 'SYMMETRIC_DEFAULT' || KeyUsage !== 'ENCRYPT_DECRYPT')
    return {
      ...problem,
      why: `It is a key of the kind ${KeySpec} for ${KeyUsage}; S3 encrypts under SYMMETRIC_DEFAULT for ENCRYPT_DECRYPT alone.`,
      next: [nameAnother],
    };
  const commandFor = (operation: string) =>
    onOneLine(awsCommand(facts, services, `kms ${operation}`, { 'key-id': KeyId }));
  const startAgain = 'Then start again.';
  const unusable = { ...problem, code: KeyState };
  switch (KeyState) {
    case 'Enabled':
      return undefined;
    case 'Disabled':
      return { ...unusable, why: 'It is Disabled.', next: [`To enable it: ${commandFor('enable-key')}`, startAgain] };
    case 'PendingDeletion':
    case 'PendingReplicaDeletion': {
      const date = DeletionDate === undefined ? '' : ` at ${utc(DeletionDate)}`;
      return {
        ...unusable,
        why: `It will be deleted${date}. After that nobody can read what is under it.`,
        next: [
          `To keep it: ${commandFor('cancel-key-deletion')}`,
          `Then enable it: ${commandFor('enable-key')}`,
          startAgain,
        ],
      };
    }
    case 'PendingImport': {
      const hadMaterial = metadata.CurrentKeyMaterialId !== undefined;
      return {
        ...unusable,
        why: hadMaterial
          ? 'KMS does not hold its material any more: it was deleted, or it has expired.'
          : 'It waits for its first material.',
        next: [
          hadMaterial
            ? `Bring the same 32 bytes back: ${reimportCommand(services)}`
            : `Bring your own key into it: ${services.ownCommand('import-existing', Arn)}`,
          startAgain,
        ],
      };
    }
    default: {
      const isInKeyStore = Origin === 'AWS_CLOUDHSM' || Origin === 'EXTERNAL_KEY_STORE';
      return {
        ...unusable,
        kind: 'waiting',
        why: `It is ${KeyState} now${isInKeyStore ? ': its key store is not connected' : ''}.`,
        next: ['Wait a minute, then try again.'],
      };
    }
  }
}
