import { before, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetParametersForImportCommand,
  type GetParametersForImportCommandInput,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  KMSClient,
  PutKeyPolicyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { loadErrorTable } from '../../source/aws/problems.ts';
import {
  enabledKey,
  externalKey,
  importMaterial,
  type Practice,
  parametersFor,
  practise,
  tryOnce,
  wrap,
} from '../practice/practising.ts';
import { isTold, type Told } from './told.ts';

before(loadErrorTable);

type World = { readonly practice: Practice; readonly kms: KMSClient };
type Row = readonly [name: string, told: Told, call: (world: World) => Promise<unknown>];

/** Imports what is well formed, but for these parts, into a key that waits for material. */
async function imported({ kms, practice }: World, more: Partial<ImportKeyMaterialCommandInput>, hoursLater = 0) {
  const KeyId = await externalKey(kms);
  const { token, publicKey } = await parametersFor(kms, KeyId);
  practice.clock.now = new Date(practice.clock.now.getTime() + hoursLater * 60 * 60 * 1000);
  return kms.send(
    new ImportKeyMaterialCommand({
      KeyId,
      ImportToken: token,
      EncryptedKeyMaterial: wrap(Buffer.alloc(32, 7), publicKey, 'sha256'),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      ...more,
    }),
  );
}

const parameters = (
  kms: KMSClient,
  KeyId: string | undefined,
  algorithm: 'RSA_AES_KEY_WRAP_SHA_256' | 'RSAES_OAEP_SHA_256',
) => {
  const input: GetParametersForImportCommandInput = {
    KeyId,
    WrappingAlgorithm: algorithm,
    WrappingKeySpec: 'RSA_4096',
  };
  return kms.send(new GetParametersForImportCommand(input));
};

const alias = async (kms: KMSClient, name: string) => {
  const { keyId } = await enabledKey(kms);
  const create = () => kms.send(new CreateAliasCommand({ AliasName: name, TargetKeyId: keyId }));
  return { create };
};

const policyFor = (principal: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::000000000000:${principal}` }, Action: 'kms:*', Resource: '*' },
    ],
  });

const putPolicy = async (kms: KMSClient, principal: string) =>
  kms.send(new PutKeyPolicyCommand({ KeyId: (await enabledKey(kms)).keyId, Policy: policyFor(principal) }));

const encrypt = (kms: KMSClient, KeyId: string) => kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(1) }));

const rows: readonly Row[] = [
  [
    'material that was wrapped with another hash',
    ['InvalidCiphertextException', /could not unwrap/, /Wrap again/],
    async (world) => {
      const { publicKey } = await parametersFor(world.kms, await externalKey(world.kms));
      return imported(world, { EncryptedKeyMaterial: wrap(Buffer.alloc(32, 7), publicKey, 'sha1') });
    },
  ],
  [
    'wrapped material that is too short',
    ['ValidationException', /not as long as the wrapping key/],
    (world) => imported(world, { EncryptedKeyMaterial: Buffer.alloc(255, 1) }),
  ],
  [
    'an expiry without its date',
    ['ValidationException', /no date was given/],
    (world) => imported(world, { ExpirationModel: undefined }),
  ],
  [
    'a token that is none',
    ['InvalidImportTokenException', /another KMS key or Region/],
    (world) => imported(world, { ImportToken: Buffer.alloc(64, 3) }),
  ],
  ['a token of yesterday', ['ExpiredImportTokenException', /older than 24 hours/], (world) => imported(world, {}, 25)],
  [
    'other bytes than the key has',
    ['IncorrectKeyMaterialException', /not the bytes/],
    async ({ kms }) => {
      const { keyId } = await enabledKey(kms);
      return importMaterial(kms, keyId, Buffer.alloc(32, 9), { ImportType: 'EXISTING_KEY_MATERIAL' });
    },
  ],
  [
    'the same bytes as new ones',
    ['IncorrectKeyMaterialException', /has these very bytes already/],
    async ({ kms }) => {
      const { keyId, material } = await enabledKey(kms);
      return importMaterial(kms, keyId, material, { ImportType: 'NEW_KEY_MATERIAL' });
    },
  ],
  [
    'a rotation without new material',
    ['KMSInvalidStateException', /no new material to rotate in/],
    async ({ kms }) => kms.send(new RotateKeyOnDemandCommand({ KeyId: (await enabledKey(kms)).keyId })),
  ],
  [
    'the use of a key that has no material',
    ['KMSInvalidStateException', /has no material/, /same bytes back/],
    async ({ kms }) => kms.send(new GenerateDataKeyCommand({ KeyId: await externalKey(kms), KeySpec: 'AES_256' })),
  ],
  [
    'a key that is not there',
    ['NotFoundException', /does not know this key/],
    ({ kms }) => kms.send(new DescribeKeyCommand({ KeyId: '11111111-2222-3333-4444-555555555555' })),
  ],
  [
    'a wrapping that does not fit the key',
    ['ValidationException', /does not take this pair/],
    async ({ kms }) => parameters(kms, await externalKey(kms), 'RSA_AES_KEY_WRAP_SHA_256'),
  ],
  [
    'an import into a key whose material AWS made',
    ['UnsupportedOperationException', /AWS made the material/, /--origin EXTERNAL/],
    async ({ kms }) => {
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
      return parameters(kms, KeyMetadata?.KeyId, 'RSAES_OAEP_SHA_256');
    },
  ],
  [
    'an alias that is taken',
    ['AlreadyExistsException', /alias is taken/],
    async ({ kms }) => {
      const { create } = await alias(kms, 'alias/one');
      await create();
      return create();
    },
  ],
  [
    'an alias without its prefix',
    ['ValidationException', /begins with alias\//],
    async ({ kms }) => (await alias(kms, 'one')).create(),
  ],
  [
    "a tag of AWS's own",
    ['TagException', /one of the tags/],
    ({ kms }) => kms.send(new CreateKeyCommand({ Tags: [{ TagKey: 'aws:x', TagValue: 'y' }] })),
  ],
  [
    'a policy for somebody who is not there',
    ['MalformedPolicyDocumentException', /does not see one of the users or roles/],
    ({ kms }) => putPolicy(kms, 'role/nobody'),
  ],
  [
    'a policy that locks its author out',
    ['MalformedPolicyDocumentException', /could not change the policy again/, /account root/],
    ({ kms }) => putPolicy(kms, 'user/alice'),
  ],
  [
    'a policy that is too long',
    ['LimitExceededException', /quota/],
    ({ kms }) => kms.send(new CreateKeyCommand({ Policy: policyFor('root').padEnd(33_000) })),
  ],
  [
    'the use of a disabled key',
    ['DisabledException', /disabled/],
    async ({ kms }) => {
      const { keyId } = await enabledKey(kms);
      await kms.send(new DisableKeyCommand({ KeyId: keyId }));
      return encrypt(kms, keyId);
    },
  ],
  [
    'the use of a key that is to be deleted',
    ['KMSInvalidStateException', /to be deleted/, /cancel the deletion/],
    async ({ kms }) => {
      const { keyId } = await enabledKey(kms);
      await kms.send(new ScheduleKeyDeletionCommand({ KeyId: keyId }));
      return encrypt(kms, keyId);
    },
  ],
];

for (const [name, told, call] of rows) {
  test(`of KMS: ${name} is told`, async (t) => {
    const practice = await practise(t);
    await isTold(call({ practice, kms: new KMSClient(tryOnce(practice.server)) }), told);
  });
}
