import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-kms';
import { keyStates, type MadeKey, passTime } from './key-makers.ts';
import { importMaterial, type Practice, parametersFor, practise, wrap } from './practising.ts';

/** The columns of the table. */
const states = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'PendingImport',
  'Creating',
  'Updating',
] as const;

/** Texts behind the key's ARN; those of the last three are from the guide, not recorded. */
const texts: Record<string, string> = {
  Disabled: 'is disabled.',
  PendingDeletion: 'is pending deletion.',
  PendingReplicaDeletion: 'is pending replica deletion.',
  PendingImport: 'is pending import.',
  Creating: 'is creating.',
  Updating: 'is updating.',
};

type Input = Record<string, unknown>;
type Prepared = { readonly call: (key: MadeKey, practice: Practice) => Promise<Input> | Input };

const onKey: Prepared = { call: ({ keyId }) => ({ KeyId: keyId }) };
const Message = randomBytes(32);
const PublicKey = randomBytes(91);

/**
 * A letter a state, `+` works, `D` DisabledException, `S` KMSInvalidStateException, `U`
 * UnsupportedOperationException for an EXTERNAL key, `.` not in the table. Sources: "Key states of AWS KMS keys", KMS developer
 * guide, and recorded answers, Sep 2026. Where DeleteImportedKeyMaterial and the like need more than the key, `call` makes it.
 */
const table: ReadonlyArray<readonly [operation: string, row: string, prepared?: Prepared]> = [
  ['DescribeKey', '+++++++'],
  ['GetKeyPolicy', '+++++++'],
  [
    'PutKeyPolicy',
    '+++++++',
    { call: async ({ keyId }, { kms }) => ({ KeyId: keyId, Policy: await policyOf(kms()) }) },
  ],
  ['ListKeyPolicies', '+++++++'],
  ['ListResourceTags', '+++++++'],
  ['ListGrants', '+++++++'],
  ['ListAliases', '+++++++'],
  ['ListKeyRotations', '+++++++'],
  ['GetKeyRotationStatus', '+++++++'],
  ['GetKeyLastUsage', '+++++++'],
  ['Encrypt', '+DSSSS+', { call: ({ keyId }) => ({ KeyId: keyId, Plaintext: Message }) }],
  ['GenerateDataKey', '+DSSSS+', { call: ({ keyId }) => ({ KeyId: keyId, KeySpec: 'AES_256' }) }],
  ['GenerateDataKeyWithoutPlaintext', '+DSSSS+', { call: ({ keyId }) => ({ KeyId: keyId, KeySpec: 'AES_256' }) }],
  [
    'ReEncrypt',
    '+DSSSS+',
    {
      call: async ({ keyId }, practice) => ({ DestinationKeyId: keyId, CiphertextBlob: await blobOfAnother(practice) }),
    },
  ],
  [
    'GetParametersForImport',
    '++SS+SS',
    {
      call: ({ keyId }) => ({ KeyId: keyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }),
    },
  ],
  ['DeleteImportedKeyMaterial', '+++++SS'],
  ['EnableKey', '++SSSSS'],
  ['DisableKey', '++SSSSS'],
  ['EnableKeyRotation', 'UUUUUUU'],
  ['DisableKeyRotation', 'UUUUUUU'],
  ['ScheduleKeyDeletion', '++SS++S'],
  ['CancelKeyDeletion', 'SS++SSS'],
  [
    'CreateAlias',
    '++SS+++',
    { call: ({ keyId }) => ({ AliasName: `alias/a-${randomBytes(8).toString('hex')}`, TargetKeyId: keyId }) },
  ],
  [
    'UpdateAlias',
    '++SS+++',
    { call: async ({ keyId }, practice) => ({ AliasName: await aliasOfAnother(practice), TargetKeyId: keyId }) },
  ],
  ['DeleteAlias', '+.++++.', { call: async (_key, practice) => ({ AliasName: await aliasOfAnother(practice) }) }],
  ['TagResource', '++SS+++', { call: ({ keyId }) => ({ KeyId: keyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] }) }],
  ['UntagResource', '++SS+++', { call: ({ keyId }) => ({ KeyId: keyId, TagKeys: ['a'] }) }],
  ['UpdateKeyDescription', '++SS+++', { call: ({ keyId }) => ({ KeyId: keyId, Description: 'new' }) }],
  [
    'CreateGrant',
    '+DSSSS+',
    {
      call: ({ keyId }) => ({
        KeyId: keyId,
        GranteePrincipal: 'arn:aws:iam::000000000000:user/alice',
        Operations: ['Decrypt'],
      }),
    },
  ],
];

/** Operations that need the primary: a key that is being made is a replica, and is refused as one. */
const ofPrimary: ReadonlyArray<readonly [operation: string, row: string, prepared?: Prepared]> = [
  ['RotateKeyOnDemand', '+DSSSU.'],
  ['ReplicateKey', '+DSSSUS', { call: ({ keyId }) => ({ KeyId: keyId, ReplicaRegion: 'eu-central-1' }) }],
];

test('every operation does in every state what the table of key states says', async (t) => {
  const practice = await practise(t);
  let cells = 0;
  for (const [name, row, prepared = onKey] of [...table, ...ofPrimary]) {
    for (const [index, state] of states.entries()) {
      const expected = row.charAt(index);
      if (expected !== '.') {
        const key = await must(keyStates, state)(practice);
        if (name === 'RotateKeyOnDemand' && expected === '+') {
          await importMaterial(practice.kms(), key.keyId, Message, { ImportType: 'NEW_KEY_MATERIAL' });
        }
        await outcome(practice, name, state, expected, key, await prepared.call(key, practice));
        cells += 1;
      }
    }
    passTime(practice);
  }
  console.log(`state table: ${table.length + ofPrimary.length} operations, ${cells} cells`);
});

test('signing, MAC and agreement keys answer in every state as symmetric ones do', async (t) => {
  const practice = await practise(t);
  const rows = [
    ['Sign', 'ECC_NIST_P256', 'SIGN_VERIFY', { Message, SigningAlgorithm: 'ECDSA_SHA_256' }],
    ['Verify', 'ECC_NIST_P256', 'SIGN_VERIFY', { Message, SigningAlgorithm: 'ECDSA_SHA_256', Signature: Message }],
    ['GetPublicKey', 'ECC_NIST_P256', 'SIGN_VERIFY', {}],
    ['GenerateMac', 'HMAC_256', 'GENERATE_VERIFY_MAC', { Message, MacAlgorithm: 'HMAC_SHA_256' }],
    ['VerifyMac', 'HMAC_256', 'GENERATE_VERIFY_MAC', { Message, MacAlgorithm: 'HMAC_SHA_256', Mac: Message }],
    ['DeriveSharedSecret', 'ECC_NIST_P256', 'KEY_AGREEMENT', { KeyAgreementAlgorithm: 'ECDH', PublicKey }],
  ] as const;
  const client = practice.kms();
  for (const [name, KeySpec, KeyUsage, input] of rows) {
    for (const state of ['Disabled', 'PendingImport', 'PendingDeletion'] as const) {
      const Origin = state === 'PendingImport' ? 'EXTERNAL' : 'AWS_KMS';
      const { KeyMetadata } = await client.send(new sdk.CreateKeyCommand({ KeySpec, KeyUsage, Origin }));
      const key = { keyId: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '', material: Message };
      if (state === 'Disabled') {
        await client.send(new sdk.DisableKeyCommand({ KeyId: key.keyId }));
      }
      if (state === 'PendingDeletion') {
        await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: key.keyId }));
      }
      await outcome(practice, name, state, state === 'Disabled' ? 'D' : 'S', key, { KeyId: key.keyId, ...input });
    }
  }
});

test('a key of AWS rotates on demand while its primary Region moves', async (t) => {
  const practice = await practise(t);
  const { KeyMetadata } = await practice.kms().send(new sdk.CreateKeyCommand({ MultiRegion: true }));
  const KeyId = KeyMetadata?.KeyId;
  await practice.kms().send(new sdk.ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
  passTime(practice);
  await practice.kms().send(new sdk.UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'eu-west-1' }));
  const there = practice.kms('eu-west-1');
  assert.equal((await there.send(new sdk.DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState, 'Updating');
  await there.send(new sdk.RotateKeyOnDemandCommand({ KeyId }));
});

test('ImportKeyMaterial and Decrypt, which need what an earlier state gave, follow the table', async (t) => {
  const practice = await practise(t);
  const { kms } = practice;
  const enabled = await must(keyStates, 'Enabled')(practice);
  const { token, publicKey } = await parametersFor(kms(), enabled.keyId);
  const EncryptedKeyMaterial = wrap(enabled.material, publicKey, 'sha256');
  const importInput = {
    KeyId: enabled.keyId,
    ImportToken: token,
    EncryptedKeyMaterial,
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  };
  const { CiphertextBlob } = await kms().send(new sdk.EncryptCommand({ KeyId: enabled.keyId, Plaintext: Message }));
  const check = async (state: string, decrypts: string, imports: string) => {
    await outcome(practice, 'Decrypt', state, decrypts, enabled, { CiphertextBlob });
    await outcome(practice, 'ImportKeyMaterial', state, imports, enabled, importInput);
  };
  await check('Enabled', '+', '+');
  await kms().send(new sdk.DisableKeyCommand({ KeyId: enabled.keyId }));
  await check('Disabled', 'D', '+');
  await kms().send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId: enabled.keyId }));
  await check('PendingImport', 'S', '+');
  await kms().send(new sdk.ScheduleKeyDeletionCommand({ KeyId: enabled.keyId }));
  await check('PendingDeletion', 'S', 'S');
});

async function outcome(
  { kms }: Practice,
  name: string,
  state: string,
  expected: string,
  { arn }: MadeKey,
  input: Input,
): Promise<void> {
  const what = `${name} while ${state}`;
  const sent = kms().send(commandOf(name, input));
  if (expected === '+') {
    await sent.catch((error: Error) => assert.fail(`${what}: ${error.name} ${error.message}`));
    return;
  }
  const codes: Record<string, string> = {
    D: 'DisabledException',
    S: 'KMSInvalidStateException',
    U: 'UnsupportedOperationException',
  };
  const text = name === 'CancelKeyDeletion' ? 'is not pending deletion.' : texts[state];
  await assert.rejects(sent, (error: Error) => {
    assert.equal(error.name, codes[expected], what);
    if (expected !== 'U') {
      assert.equal(error.message, `${arn} ${text}`, what);
    }
    return true;
  });
}

/** A command of the SDK by the name of its operation. */
function commandOf(name: string, input: Input): sdk.DescribeKeyCommand {
  const commands = sdk as unknown as Record<string, new (input: Input) => sdk.DescribeKeyCommand>;
  return new (must(commands, `${name}Command`))(input);
}

async function policyOf(client: sdk.KMSClient): Promise<string> {
  const { KeyMetadata } = await client.send(new sdk.CreateKeyCommand({}));
  const { Policy } = await client.send(new sdk.GetKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId }));
  return Policy ?? '';
}

async function blobOfAnother({ kms }: Practice): Promise<Uint8Array | undefined> {
  const { KeyMetadata } = await kms().send(new sdk.CreateKeyCommand({}));
  return (await kms().send(new sdk.EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Message }))).CiphertextBlob;
}

async function aliasOfAnother({ kms }: Practice): Promise<string> {
  const { KeyMetadata } = await kms().send(new sdk.CreateKeyCommand({}));
  const AliasName = `alias/b-${randomBytes(8).toString('hex')}`;
  await kms().send(new sdk.CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata?.KeyId }));
  return AliasName;
}

function must<Value>(record: Record<string, Value>, name: string): Value {
  const value = record[name];
  assert.ok(value, name);
  return value;
}
