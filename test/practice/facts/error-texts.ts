import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { send } from '../signed-request.ts';
import { type Fact, noMessage, refused, there, type World } from './fact.ts';
import { policyFor } from './policy-for.ts';

const Plaintext = Buffer.of(1);

const unknownId = '00000000-0000-4000-8000-000000000000';

/** Section 1.5. */
export const errorTextFacts: readonly Fact[] = [
  [
    '1.5',
    'an id or ARN that no key has',
    async (w) => {
      const arn = `arn:aws:kms:us-east-1:${w.account}:key/${unknownId}`;
      for (const KeyId of [unknownId, arn])
        await refused(w.kms('DescribeKey', { KeyId }), 'NotFoundException', `Key '${arn}' does not exist`);
    },
  ],
  [
    '1.5',
    'an id that is none',
    async (w) =>
      refused(w.kms('DescribeKey', { KeyId: 'fake-key-id' }), 'NotFoundException', "Invalid keyId 'fake-key-id'"),
  ],
  [
    '1.5',
    'an ARN of another Region',
    async (w) => {
      const { Arn } = await w.key();
      await refused(w.kms('DescribeKey', { KeyId: Arn }, there), 'NotFoundException', 'Invalid arn us-east-1');
    },
  ],
  [
    '1.5',
    'a number above its bound',
    async (w) =>
      refused(
        w.kms('EnableKeyRotation', { KeyId: unknownId, RotationPeriodInDays: 2561 }),
        'ValidationException',
        "1 validation error detected: Value '2561' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value less than or equal to 2560",
      ),
  ],
  [
    '1.5',
    'a member of a list is named by its path',
    async (w) =>
      refused(
        w.key({ Tags: [{ TagKey: '', TagValue: '' }] }),
        'ValidationException',
        "1 validation error detected: Value '' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ),
  ],
  [
    '1.5',
    'a word that is not in the enumeration',
    async (w) =>
      refused(
        w.key({ Origin: 'MINE' }),
        'ValidationException',
        "1 validation error detected: Value 'MINE' at 'origin' failed to satisfy constraint: Member must satisfy enum value set: [AWS_KMS, EXTERNAL, AWS_CLOUDHSM, EXTERNAL_KEY_STORE]",
      ),
  ],
  ...(
    [
      ['Duplicate tag keys', ['a', 'a']],
      ['Too many tags', Array.from({ length: 51 }, (_, index) => `k${index}`)],
      ['Tags beginning with aws: are reserved', ['aws:x']],
    ] as const
  ).map(
    ([text, keys]): Fact => [
      '1.5',
      `tags: ${text}`,
      async (w) => refused(w.key({ Tags: keys.map((TagKey) => ({ TagKey, TagValue: '' })) }), 'TagException', text),
    ],
  ),
  [
    '1.5',
    'no KeyUsage',
    async (w) =>
      refused(
        w.key({ KeySpec: 'RSA_2048' }),
        'ValidationException',
        'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
      ),
  ],
  [
    '1.5',
    'a usage that the spec has not',
    async (w) =>
      refused(
        w.key({ Origin: 'AWS_KMS', KeySpec: 'ML_DSA_44', KeyUsage: 'ENCRYPT_DECRYPT' }),
        'ValidationException',
        'KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ML_DSA_44',
      ),
  ],
  [
    '1.5',
    'a key used for something else',
    async (w) => {
      const { KeyId, Arn } = await w.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
      const text = `${Arn} key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt.`;
      await refused(w.kms('Encrypt', { KeyId, Plaintext }), 'InvalidKeyUsageException', text);
    },
  ],
  [
    '1.5',
    "another key's ciphertext",
    async (w) => {
      const [one, other] = [await w.imported(), await w.imported()];
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId: one.KeyId, Plaintext });
      await refused(
        w.kms('Decrypt', { KeyId: other.KeyId, CiphertextBlob }),
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    },
  ],
  [
    '1.5',
    'a ciphertext that is none, without a message',
    async (w) =>
      refused(w.kms('Decrypt', { CiphertextBlob: randomBytes(180) }), 'InvalidCiphertextException', noMessage),
  ],
  [
    '1.5',
    'a MAC that does not hold, without a message',
    async (w) => {
      const { KeyId } = await w.imported({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
      const input = { KeyId, Message: Plaintext, MacAlgorithm: 'HMAC_SHA_256', Mac: randomBytes(32) };
      await refused(w.kms('VerifyMac', input), 'KMSInvalidMacException', noMessage);
    },
  ],
  [
    '1.5',
    'a signature that does not hold, without a message',
    async (w) => {
      const { KeyId } = await w.key({ Origin: 'AWS_KMS', KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
      const input = { KeyId, Message: Plaintext, SigningAlgorithm: 'ECDSA_SHA_256', Signature: randomBytes(70) };
      await refused(w.kms('Verify', input), 'KMSInvalidSignatureException', noMessage);
    },
  ],
  [
    '1.5',
    'a dry run that would have succeeded',
    async (w) => {
      const { KeyId } = await w.imported();
      const text = 'The request would have succeeded, but the DryRun option is set.';
      for (const [name, input] of [
        ['Encrypt', { Plaintext }],
        ['GenerateDataKey', { KeySpec: 'AES_256' }],
      ] as const)
        await refused(w.kms(name, { KeyId, DryRun: true, ...input }), 'DryRunOperationException', text);
    },
  ],
  [
    '1.5',
    'a replica that is asked for what its primary does',
    async (w) => {
      const { KeyId, ReplicaArn } = await w.family();
      const text = `${ReplicaArn} is not a multi-region primary key.`;
      for (const [name, input] of [
        ['ReplicateKey', { ReplicaRegion: 'eu-central-1' }],
        ['UpdatePrimaryRegion', { PrimaryRegion: 'us-east-1' }],
        ['RotateKeyOnDemand', {}],
      ] as const)
        await refused(w.kms(name, { KeyId, ...input }, there), 'UnsupportedOperationException', text);
    },
  ],
  [
    '1.5',
    'a second replica in a Region',
    async (w) => {
      const { KeyId } = await w.family();
      const text = 'You can create only one replica of each primary key in each AWS Region.';
      await refused(w.kms('ReplicateKey', { KeyId, ReplicaRegion: 'eu-west-1' }), 'AlreadyExistsException', text);
    },
  ],
  ...(
    [
      ['HMAC_256', 'GENERATE_VERIFY_MAC'],
      ['ECC_NIST_P256', 'SIGN_VERIFY'],
    ] as const
  ).map(
    ([KeySpec, KeyUsage]): Fact => [
      '1.5',
      `rotation of ${KeySpec}, without a message`,
      async (w) => {
        const { KeyId } = await w.key({ KeySpec, KeyUsage });
        for (const name of ['RotateKeyOnDemand', 'EnableKeyRotation', 'GetKeyRotationStatus'])
          await refused(w.kms(name, { KeyId }), 'UnsupportedOperationException', noMessage);
      },
    ],
  ),
  [
    '1.5',
    'above the quota',
    async (w) =>
      w.control({ faults: [{ operation: 'kms:ListKeys', do: 'throttle', times: 1 }] }, async () => {
        const [raw] = await Promise.allSettled([rawListKeys(w)]);
        assert.deepEqual(raw.status === 'fulfilled' && raw.value, {
          status: 400,
          body: { __type: 'ThrottlingException', message: 'Rate exceeded' },
        });
      }),
  ],
  [
    '1.5',
    'KMS denies with HTTP 400: IAM',
    async (w) =>
      w.control({ deny: { SecurityAdmin: ['kms:CreateKey'] } }, async () =>
        refused(
          w.key(),
          'AccessDeniedException',
          `User: arn:aws:sts::${w.account}:assumed-role/SecurityAdmin/you is not authorized to perform: kms:CreateKey on resource: * because no identity-based policy allows the kms:CreateKey action`,
        ),
      ),
  ],
  [
    '1.5',
    'KMS denies with HTTP 400: the key policy',
    async (w) => {
      const { KeyId, Arn } = await w.key({ Policy: policyFor(w, `arn:aws:iam::${w.account}:role/SecurityAdmin`) });
      const as = w.practice.server.credentialsOf('secops-1');
      await refused(
        w.kms('DescribeKey', { KeyId }, { as }),
        'AccessDeniedException',
        `User: arn:aws:iam::${w.account}:user/secops-1 is not authorized to perform: kms:DescribeKey on resource: ${Arn} because no resource-based policy allows the kms:DescribeKey action`,
      );
    },
  ],
  [
    '1.5',
    'KMS denies with HTTP 400: an explicit deny',
    async (w) => {
      const policy = JSON.parse(policyFor(w, `arn:aws:iam::${w.account}:root`)) as { Statement: object[] };
      const user = `arn:aws:iam::${w.account}:user/secops-1`;
      policy.Statement.push({ Effect: 'Deny', Principal: { AWS: user }, Action: 'kms:Describe*', Resource: '*' });
      const { KeyId, Arn } = await w.key({ Policy: JSON.stringify(policy) });
      const as = w.practice.server.credentialsOf('secops-1');
      await w.kms('GetKeyPolicy', { KeyId }, { as });
      await refused(
        w.kms('DescribeKey', { KeyId }, { as }),
        'AccessDeniedException',
        `User: ${user} is not authorized to perform: kms:DescribeKey on resource: ${Arn} with an explicit deny in a resource-based policy`,
      );
    },
  ],
];

async function rawListKeys(w: World): Promise<{ status: number; body: unknown }> {
  const headers = { 'x-amz-target': 'TrentService.ListKeys', 'content-type': 'application/x-amz-json-1.1' };
  const { status, text } = await send(w.practice.server, { service: 'kms', method: 'POST', headers, body: '{}' });
  return { status, body: JSON.parse(text) };
}
