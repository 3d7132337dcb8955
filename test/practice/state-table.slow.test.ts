import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-kms';
import { type Kind, keyInState, keyStates, type MadeKey, passTime } from './key-makers.ts';
import { importMaterial, type Practice, parametersFor, practise, wrap } from './practising.ts';
import { sendNamed } from './send-named.ts';

/** Texts behind the key's ARN; those of the last two are from the guide, not recorded. */
const texts: Record<string, string> = {
  Disabled: 'is disabled.',
  PendingDeletion: 'is pending deletion.',
  PendingReplicaDeletion: 'is pending replica deletion.',
  PendingImport: 'is pending import.',
  Creating: 'is creating.',
  Updating: 'is updating.',
};

type Input = Record<string, unknown>;
type Row = readonly [operation: string, outcomes: string, call?: (key: MadeKey, practice: Practice) => Promise<Input>];

const Message = randomBytes(32);
const onKey = async ({ keyId }: MadeKey): Promise<Input> => ({ KeyId: keyId });
const asNew = { ImportType: 'NEW_KEY_MATERIAL' } as const;

/**
 * A letter a state, in the order of `keyStates`: `+` works, `D` DisabledException, `S` KMSInvalidStateException, `U`
 * UnsupportedOperationException with the words for EXTERNAL keys, `R` the same with those for replicas, which is what a
 * key that is being made always is. Sources: "Key states of AWS KMS keys", KMS developer guide, and recorded answers,
 * Sep 2026. `call` gives what an operation needs besides the key, and may prepare it.
 */
const table: readonly Row[] = [
  ['DescribeKey', '+++++++'],
  ['GetKeyPolicy', '+++++++'],
  ['PutKeyPolicy', '+++++++', async ({ keyId }, practice) => ({ KeyId: keyId, Policy: await policyOf(practice) })],
  ['ListKeyPolicies', '+++++++'],
  ['ListResourceTags', '+++++++'],
  ['ListGrants', '+++++++'],
  ['ListAliases', '+++++++'],
  ['ListKeyRotations', '+++++++'],
  ['GetKeyRotationStatus', '+++++++'],
  ['GetKeyLastUsage', '+++++++'],
  ['Encrypt', '+DSSSS+', async ({ keyId }) => ({ KeyId: keyId, Plaintext: Message })],
  ['GenerateDataKey', '+DSSSS+', async ({ keyId }) => ({ KeyId: keyId, KeySpec: 'AES_256' })],
  ['GenerateDataKeyWithoutPlaintext', '+DSSSS+', async ({ keyId }) => ({ KeyId: keyId, KeySpec: 'AES_256' })],
  [
    'ReEncrypt',
    '+DSSSS+',
    async ({ keyId }, practice) => ({ DestinationKeyId: keyId, CiphertextBlob: await blobOfAnother(practice) }),
  ],
  ['GetParametersForImport', '++SS+SS', async ({ keyId }) => ({ KeyId: keyId, ...wrapping })],
  ['DeleteImportedKeyMaterial', '+++++SS'],
  // Updating is in a test of its own: no token is given out meanwhile.
  ['RotateKeyOnDemand', '+DSSSR.', withNewMaterial],
  ['EnableKey', '++SSSSS'],
  ['DisableKey', '++SSSSS'],
  ['EnableKeyRotation', 'UUUUUUU'],
  ['DisableKeyRotation', 'UUUUUUU'],
  ['ScheduleKeyDeletion', '++SS++S'],
  ['CancelKeyDeletion', 'SS++SSS'],
  ['CreateAlias', '++SS+++', async ({ keyId }) => ({ AliasName: anAlias(), TargetKeyId: keyId })],
  [
    'UpdateAlias',
    '++SS+++',
    async ({ keyId }, practice) => ({ AliasName: await aliasOfAnother(practice), TargetKeyId: keyId }),
  ],
  ['DeleteAlias', '+++++++', async ({ keyId }, practice) => ({ AliasName: await aliasOf(practice, keyId) })],
  ['TagResource', '++SS+++', async ({ keyId }) => ({ KeyId: keyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] })],
  ['UntagResource', '++SS+++', async ({ keyId }) => ({ KeyId: keyId, TagKeys: ['a'] })],
  ['UpdateKeyDescription', '++SS+++', async ({ keyId }) => ({ KeyId: keyId, Description: 'new' })],
  [
    'CreateGrant',
    '+DSSSS+',
    async ({ keyId }) => ({
      KeyId: keyId,
      GranteePrincipal: 'arn:aws:iam::000000000000:user/alice',
      Operations: ['Decrypt'],
    }),
  ],
  ['ReplicateKey', '+DSSSRS', async ({ keyId }) => ({ KeyId: keyId, ReplicaRegion: 'eu-central-1' })],
  ['UpdatePrimaryRegion', '+DSSSR+', withReplicaThere],
];

const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };

const p256: Kind = {
  input: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
  material: () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' }),
};
const agreement: Kind = { ...p256, input: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' } };
const hmac: Kind = {
  input: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
  material: () => randomBytes(32),
};
const PublicKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' });
const signed = { Message, SigningAlgorithm: 'ECDSA_SHA_256' };
const maced = { Message, MacAlgorithm: 'HMAC_SHA_256' };

/** Operations of other keys than symmetric ones; where one has to be right to work, `after` makes it so. */
const ofOtherKeys: ReadonlyArray<readonly [operation: string, kind: Kind, input: Input, after?: string]> = [
  ['Sign', p256, signed],
  ['Verify', p256, { ...signed, Signature: Message }, 'Sign'],
  ['GetPublicKey', p256, {}],
  ['GenerateMac', hmac, maced],
  ['VerifyMac', hmac, { ...maced, Mac: Message }, 'GenerateMac'],
  ['DeriveSharedSecret', agreement, { KeyAgreementAlgorithm: 'ECDH', PublicKey }],
];

test('the table says of every operation what it does in every state, but for one that a test below looks at', () => {
  const names = table.map(([name]) => name);
  assert.equal(new Set(names).size, names.length);
  for (const [name, outcomes] of table)
    assert.match(outcomes, name === 'RotateKeyOnDemand' ? /^[+DSUR]{6}\.$/ : /^[+DSUR]{7}$/, name);
});

for (const [name, outcomes, call = onKey] of table) {
  test(`${name} does in every state what the table of key states says`, async (t) => {
    const practice = await practise(t);
    for (const [index, state] of keyStates.entries()) {
      const expected = outcomes.charAt(index);
      if (expected !== '.') {
        const key = await keyInState(practice, state);
        await check(practice, name, state, expected, key, await call(key, practice));
        passTime(practice);
      }
    }
  });
}

for (const [name, kind, input, first] of ofOtherKeys) {
  test(`${name} does in every state what the table of key states says`, async (t) => {
    const practice = await practise(t);
    for (const [index, state] of keyStates.entries()) {
      const key = await keyInState(practice, state, kind);
      const expected = '+DSSSS+'.charAt(index);
      const KeyId = key.keyId;
      const { Message: _, ...rest } = input;
      const right =
        first && expected === '+' ? await sendNamed(practice.kms(), sdk, first, { ...rest, KeyId, Message }) : {};
      const { Signature, Mac } = right as { Signature?: Uint8Array; Mac?: Uint8Array };
      const made = { ...(Signature ? { Signature } : {}), ...(Mac ? { Mac } : {}) };
      await check(practice, name, state, expected, key, { ...input, KeyId, ...made });
      passTime(practice);
    }
  });
}

test('ImportKeyMaterial and Decrypt, which need what an earlier state gave, follow the table', async (t) => {
  const practice = await practise(t);
  const { kms } = practice;
  /** From an enabled key, with its token and a ciphertext of it at hand, into each state. */
  const changes: Record<(typeof keyStates)[number], (key: MadeKey) => Promise<unknown>> = {
    Enabled: async () => undefined,
    Disabled: ({ keyId: KeyId }) => kms().send(new sdk.DisableKeyCommand({ KeyId })),
    PendingDeletion: ({ keyId: KeyId }) => kms().send(new sdk.ScheduleKeyDeletionCommand({ KeyId })),
    async PendingReplicaDeletion({ keyId: KeyId }) {
      await kms().send(new sdk.ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
      passTime(practice);
      await kms().send(new sdk.ScheduleKeyDeletionCommand({ KeyId }));
    },
    PendingImport: ({ keyId: KeyId }) => kms().send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId })),
    Creating: async () => undefined,
    async Updating(key) {
      await withReplicaThere(key, practice);
      await kms().send(new sdk.UpdatePrimaryRegionCommand({ KeyId: key.keyId, PrimaryRegion: 'eu-west-1' }));
    },
  };
  for (const [index, state] of keyStates.entries()) {
    // A replica that is being made gives no token, and has made no ciphertext: a blob of its primary names it.
    const key = await keyInState(practice, state === 'Creating' ? state : 'Enabled');
    const source = state === 'Creating' ? kms('eu-west-1') : kms();
    const { token, publicKey } = await parametersFor(source, key.keyId);
    const { CiphertextBlob } = await source.send(new sdk.EncryptCommand({ KeyId: key.keyId, Plaintext: Message }));
    await changes[state](key);
    const importing = {
      KeyId: key.keyId,
      ImportToken: token,
      EncryptedKeyMaterial: wrap(key.material, publicKey, 'sha256'),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    };
    await check(practice, 'Decrypt', state, '+DSSSS+'.charAt(index), key, { CiphertextBlob });
    await check(practice, 'ImportKeyMaterial', state, '++SS+S+'.charAt(index), key, importing);
    passTime(practice);
  }
});

test('RotateKeyOnDemand works while the primary Region moves', async (t) => {
  const practice = await practise(t);
  const { kms } = practice;
  const key = await keyInState(practice, 'Enabled');
  const KeyId = key.keyId;
  await withReplicaThere(key, practice);
  await withNewMaterial(key, practice);
  await kms().send(new sdk.UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'eu-west-1' }));
  const there = kms('eu-west-1');
  assert.equal((await there.send(new sdk.DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState, 'Updating');
  await there.send(new sdk.RotateKeyOnDemandCommand({ KeyId }));
});

async function check(
  { kms }: Practice,
  name: string,
  state: string,
  expected: string,
  { arn }: MadeKey,
  input: Input,
): Promise<void> {
  const what = `${name} while ${state}`;
  const sent = sendNamed(kms(), sdk, name, input);
  if (expected === '+') {
    await sent.catch((error: Error) => assert.fail(`${what}: ${error.name} ${error.message}`));
    return;
  }
  const text = name === 'CancelKeyDeletion' ? 'is not pending deletion.' : texts[state];
  const refusals: Record<string, readonly [code: string, text: string | undefined]> = {
    D: ['DisabledException', text],
    S: ['KMSInvalidStateException', text],
    U: ['UnsupportedOperationException', 'origin is EXTERNAL which is not valid for this operation.'],
    R: ['UnsupportedOperationException', 'is not a multi-region primary key.'],
  };
  const [code, words] = refusals[expected] ?? [];
  await assert.rejects(sent, (error: Error) => {
    assert.deepEqual([error.name, error.message], [code, `${arn} ${words}`], what);
    return true;
  });
}

/** Puts material beside the first, in every Region of the key, where its state takes any. */
async function withNewMaterial({ keyId }: MadeKey, { kms }: Practice): Promise<Input> {
  const next = randomBytes(32);
  const { KeyMetadata } = await kms().send(new sdk.DescribeKeyCommand({ KeyId: keyId }));
  if (KeyMetadata?.KeyState === 'PendingImport') return { KeyId: keyId };
  await importMaterial(kms(), keyId, next, asNew).catch(() => undefined);
  await importMaterial(kms('eu-west-1'), keyId, next).catch(() => undefined);
  return { KeyId: keyId };
}

/** Gives the key a replica in eu-west-1 with its material, where its state allows one. */
async function withReplicaThere({ keyId, material }: MadeKey, practice: Practice): Promise<Input> {
  const { kms } = practice;
  await kms()
    .send(new sdk.ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: 'eu-west-1' }))
    .then(() => passTime(practice))
    .catch(() => undefined);
  await importMaterial(kms('eu-west-1'), keyId, material).catch(() => undefined);
  return { KeyId: keyId, PrimaryRegion: 'eu-west-1' };
}

function anAlias(): string {
  return `alias/a-${randomBytes(8).toString('hex')}`;
}

async function policyOf({ kms }: Practice): Promise<string> {
  const { KeyMetadata } = await kms().send(new sdk.CreateKeyCommand({}));
  const { Policy } = await kms().send(new sdk.GetKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId }));
  return Policy ?? '';
}

async function blobOfAnother({ kms }: Practice): Promise<Uint8Array | undefined> {
  const { KeyMetadata } = await kms().send(new sdk.CreateKeyCommand({}));
  return (await kms().send(new sdk.EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Message }))).CiphertextBlob;
}

/** An alias of the key; one that is about to be deleted takes none, and is called back for a moment. */
async function aliasOf({ kms }: Practice, KeyId: string): Promise<string> {
  const AliasName = anAlias();
  const create = () => kms().send(new sdk.CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
  await create().catch(async () => {
    await kms().send(new sdk.CancelKeyDeletionCommand({ KeyId }));
    await create();
    await kms().send(new sdk.ScheduleKeyDeletionCommand({ KeyId }));
  });
  return AliasName;
}

async function aliasOfAnother({ kms }: Practice): Promise<string> {
  const { KeyMetadata } = await kms().send(new sdk.CreateKeyCommand({}));
  const AliasName = anAlias();
  await kms().send(new sdk.CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata?.KeyId }));
  return AliasName;
}
