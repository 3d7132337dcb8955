import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { AwsClients } from '../source/aws/clients.ts';
import type { ServiceName } from '../source/aws/service-clients.ts';
import type { MadeBackup } from '../source/steps/backup-fact.ts';
import type { Facts, Imported, Key, Material } from '../source/steps/facts.ts';

/** The connection of a caller to the account of practice AWS. @param arn of a user, or of a role itself. */
export function connectionOf(arn: string): NonNullable<Facts['connection']> {
  return {
    source: 'practice',
    region: 'us-east-1',
    accountId: '000000000000',
    partition: 'aws',
    callerArn: arn,
    principalArn: arn,
  };
}

/** The endpoints of clients in us-east-1. Those that are given replace AWS's own. */
export function endpointsWith(given: { readonly [Service in ServiceName]?: string } = {}): AwsClients['endpoints'] {
  const endpointOf = (service: ServiceName) => ({
    url: given[service] ?? `https://${service}.us-east-1.amazonaws.com`,
    isOverride: given[service] !== undefined,
    isFips: false,
  });
  return { kms: endpointOf('kms'), s3: endpointOf('s3'), iam: endpointOf('iam'), sts: endpointOf('sts') };
}

export const arnOf = (id: string, region = 'us-east-1') => `arn:aws:kms:${region}:000000000000:key/${id}`;
/** A key in the account of practice AWS, as a step has noted it. */
export const keyOf = (id: string, alias = 'alias/a', region = 'us-east-1'): Key => ({
  keyId: id,
  keyArn: arnOf(id, region),
  alias,
  createdAt: '2026-11-24T10:00:00.000Z',
});

/** A wrapping key and its token as a step has noted them, without the fingerprint of a real wrapping key. */
export const fetchedPair: NonNullable<Facts['wrapping']> = {
  algorithm: 'RSAES_OAEP_SHA_256',
  keySpec: 'RSA_4096',
  publicKeyFile: 'wrappingKey_1',
  tokenFile: 'importToken_1',
  publicKeySha256: '',
  validTo: '2026-11-25T12:00:00.000Z',
};

/** A key that Keyferry generated, as a step has noted it. */
export const generatedSecret = {
  origin: 'generated',
  bytes: 32,
  checkValue: { method: 'AES-CMAC', value: 'A1B2C3' },
} as const satisfies Facts['secret'];

/** A secret that Keyferry has wrapped, as a step has noted it. */
export const wrappedHere = { file: 'enc.aes.key', bytes: 512, by: 'keyferry' } as const satisfies Facts['wrapped'];

/** An import of material that does not expire and is shown to be the secret, as a step has noted it. */
export const foreverImported: Imported = {
  expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  validTo: null,
  keyMaterialId: 'a'.repeat(64),
  importedAt: '2026-11-25T14:00:00.000Z',
  secretInKms: 'shown',
};

/** The same import of material that expires at this time, or has. */
export const importedUntil = (expiry: Date): Imported => ({
  ...foreverImported,
  expirationModel: 'KEY_MATERIAL_EXPIRES',
  validTo: expiry.toISOString(),
});

/** The current material of a key, which KMS holds and which does not expire, but for what `more` changes. */
export const materialOf = (more: Partial<Material> = {}): Material => ({
  keyMaterialId: 'a'.repeat(64),
  state: 'CURRENT',
  isImported: true,
  expiry: 'never',
  description: null,
  ...more,
});

/** What KMS tells of a key that waits for its first material. */
export const waitingKey = {
  KeyId: 'one',
  Arn: 'arn:aws:kms:us-east-1:000000000000:key/one',
  KeyState: 'PendingImport',
  Origin: 'EXTERNAL',
  KeySpec: 'SYMMETRIC_DEFAULT',
  CreationDate: new Date('2026-11-24T10:00:00.000Z'),
} as const satisfies KeyMetadata;

/** A key that somebody else made and whose policy and tags the caller may not read, as a step has noted it. */
export const foreignKey: NonNullable<Facts['existing']> = {
  asOf: '2026-11-25T14:00:00.000Z',
  description: '',
  policy: null,
  tags: null,
  isMultiRegion: false,
  test: { tested: false, why: '' },
  refusedUses: [],
};

/** A backup that was opened to the secret, as a step has noted it. */
export const openedBackup: MadeBackup = {
  by: 'recipients',
  file: 'a.key.age',
  sha256: '',
  recipients: [],
  proven: 'opened',
};
