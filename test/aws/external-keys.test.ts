import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  KMSClient,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { earliestExpiry } from '../../source/aws/external-key.ts';
import { findExternalKeys, streamExternalKeys } from '../../source/aws/external-keys.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { passTime } from '../practice/key-makers.ts';
import { enabledKey, externalKey, importMaterial, must, practise, tryOnce } from '../practice/practising.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { beginImport } from '../steps/ceremony.ts';
import { callsOf } from './calls-of.ts';

const signal = new AbortController().signal;
const look = (kms: KMSClient, region = 'us-east-1') => findExternalKeys(kms, region, { signal });
const policyFor = (name: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::000000000000:${name}` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });

test('every key for imported material is found with its materials, and no other; nothing is changed', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const calls = callsOf(kms);
  await kms.send(new CreateKeyCommand({}));
  const empty = await externalKey(kms);
  const validTo = new Date(Math.floor(practice.clock.now.getTime() / 1000) * 1000 + 86_400_000);
  const expiring = await externalKey(kms);
  const more = { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: validTo, KeyMaterialDescription: 'first' } as const;
  await importMaterial(kms, expiring, randomBytes(32), more);
  await importMaterial(kms, expiring, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
  for (const name of ['alias/one', 'alias/other'])
    await kms.send(new CreateAliasCommand({ AliasName: name, TargetKeyId: expiring }));
  calls.length = 0;

  const told: (readonly [number, number])[] = [];
  const report = (looked: number, all: number) => void told.push([looked, all]);
  const { keys, hidden, areAliasesHidden } = await findExternalKeys(kms, 'us-east-1', { signal, report });
  assert.deepEqual([hidden, areAliasesHidden], [0, false]);
  assert.deepEqual(
    [told[0], told.at(-1)],
    [
      [0, 3],
      [3, 3],
    ],
  );
  assert.deepEqual(
    calls.filter((call) => !/^(List|Describe)/.test(call)),
    [],
  );
  assert.deepEqual(new Set(keys.map(({ keyId }) => keyId)), new Set([empty, expiring]));
  const [first] = keys.filter(({ keyId }) => keyId === empty);
  assert.deepEqual([first?.keyState, first?.materials, first?.aliases], ['PendingImport', [], []]);
  const second = must(keys.find(({ keyId }) => keyId === expiring));
  assert.deepEqual([second.keyState, second.region, second.keySpec], ['Enabled', 'us-east-1', 'SYMMETRIC_DEFAULT']);
  assert.deepEqual(second.aliases.toSorted(), ['alias/one', 'alias/other']);
  assert.deepEqual(
    second.materials.map(({ keyMaterialId: _, ...material }) => material),
    [
      { state: 'CURRENT', importState: 'IMPORTED', validTo, description: 'first' },
      { state: 'PENDING_ROTATION', importState: 'IMPORTED', validTo: null, description: null },
    ],
  );
  assert.deepEqual(earliestExpiry(second), validTo);
});

test('keys are shown after each hundred that were looked at; of other states none is looked at closer', async (t) => {
  const practice = await practise(t);
  seedKeys(
    practice.folder,
    'us-east-1',
    Array.from({ length: 250 }, (_, index) => ({
      ...(index % 2 === 0 ? {} : { validTo: null }),
      alias: `alias/${index}`,
    })),
  );
  const kms = practice.kms();
  const calls = callsOf(kms);
  const sent = (name: string) => calls.filter((call) => call === `${name}Command`).length;
  const parts: (readonly number[])[] = [];
  const aliases: string[] = [];
  for await (const { keys } of streamExternalKeys(kms, 'us-east-1', { keyState: 'PendingImport' })) {
    parts.push([keys.length, sent('DescribeKey'), sent('ListKeyRotations')]);
    assert.ok(keys.every(({ keyState }) => keyState === 'PendingImport'));
    aliases.push(...keys.flatMap((key) => key.aliases));
  }
  assert.deepEqual(
    parts.map(([, looked]) => looked),
    [100, 200, 250],
  );
  let shown = 0;
  for (const [count = 0, , closer] of parts) {
    shown += count;
    assert.equal(closer, shown);
  }
  assert.equal(shown, 125);
  assert.equal(new Set(aliases).size, 125);
  assert.equal(sent('ListAliases'), 3);
});

test('the earliest expiry is that of any material which KMS holds', () => {
  const material = {
    keyMaterialId: '',
    state: 'CURRENT',
    importState: 'IMPORTED',
    validTo: null,
    description: null,
  } as const;
  const day = (number: number) => new Date(Date.UTC(2027, 0, number));
  const gone = { ...material, importState: 'PENDING_IMPORT', validTo: day(1) } as const;
  const materials = [material, { ...material, validTo: day(3) }, { ...material, validTo: day(2) }, gone];
  assert.deepEqual(earliestExpiry({ materials }), day(2));
  assert.equal(earliestExpiry({ materials: [material, gone] }), undefined);
});

test('a key that the caller may not describe is counted, not left out in silence', async (t) => {
  const practice = await practise(t);
  await enabledKey(practice.kms());
  const theirs = { Origin: 'EXTERNAL', BypassPolicyLockoutSafetyCheck: true } as const;
  await practice.kms().send(new CreateKeyCommand({ ...theirs, Policy: policyFor('user/bob') }));
  const { keys, hidden } = await look(practice.kms());
  assert.deepEqual([keys.length, hidden], [1, 1]);
});

for (const [operation, notRead] of [
  ['kms:ListKeyRotations', 'materials'],
  ['kms:ListResourceTags', 'tags'],
] as const) {
  test(`a key of which the caller may not read everything (${operation}) says so`, async (t) => {
    const practice = await practise(t, {
      settings: { deny: { SecurityAdmin: [operation] } },
    });
    const { keyId } = await enabledKey(practice.kms());
    await practice.kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    const [key] = (await look(practice.kms())).keys;
    assert.deepEqual(key?.notRead, [notRead]);
    assert.deepEqual(
      key?.materials.map(({ state, importState }) => [state, importState]),
      [['CURRENT', 'PENDING_IMPORT']],
    );
  });
}

test('where the caller may not list aliases, the keys are still found', async (t) => {
  const settings = { deny: { SecurityAdmin: ['kms:ListAliases'] } };
  const practice = await practise(t, { settings });
  await enabledKey(practice.kms());
  const { keys, areAliasesHidden } = await look(practice.kms());
  assert.deepEqual([keys.length, areAliasesHidden], [1, true]);
});

for (const [fault, name] of [
  ['fail', 'KMSInternalException'],
  ['throttle', 'ThrottlingException'],
] as const) {
  test(`a key that could not be looked at for another reason (${fault}) is no hidden key: the look fails`, async (t) => {
    const settings: Settings = { faults: [{ operation: 'kms:DescribeKey', do: fault, times: 9 }] };
    const practice = await practise(t, { settings });
    await externalKey(practice.kms());
    await assert.rejects(look(new KMSClient(tryOnce(practice.server))), { name });
  });
}

test("the ceremony of Keyferry's own keys is read where they have no material", async (t) => {
  const practice = await practise(t);
  await externalKey(practice.kms());
  const ceremony = await beginImport(t, { practice });
  const { key } = await ceremony.upTo('policy');
  const ceremonies = async () =>
    (await look(practice.kms())).keys.map(({ keyId, ceremonyId }) => [keyId === key?.keyId, ceremonyId]);
  const { id } = ceremony.services.journal.state;
  assert.deepEqual((await ceremonies()).sort(), [
    [false, undefined],
    [true, id],
  ]);
  await ceremony.upTo('import');
  assert.ok((await ceremonies()).every(([, found]) => found === undefined));
});

test('multi-Region keys, keys of other kinds and keys that will be deleted are told as such', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const made = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL', MultiRegion: true }));
  const primary = must(made.KeyMetadata?.KeyId);
  await importMaterial(kms, primary, randomBytes(32));
  await kms.send(new ReplicateKeyCommand({ KeyId: primary, ReplicaRegion: 'eu-west-1' }));
  const creating = (await look(practice.kms('eu-west-1'), 'eu-west-1')).keys;
  assert.deepEqual([creating[0]?.keyState, creating[0]?.multiRegion], ['Creating', 'REPLICA']);
  passTime(practice);
  const hmac = { Origin: 'EXTERNAL', KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' } as const;
  const mac = must((await kms.send(new CreateKeyCommand(hmac))).KeyMetadata?.KeyId);
  await importMaterial(kms, mac, randomBytes(32));
  const { keyId: leaving } = await enabledKey(kms);
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: leaving, PendingWindowInDays: 7 }));
  const { keys } = await look(kms);
  const of = (id: string) => must(keys.find(({ keyId }) => keyId === id));
  assert.equal(of(primary).multiRegion, 'PRIMARY');
  assert.equal(of(mac).keySpec, 'HMAC_256');
  assert.deepEqual(
    of(mac).materials.map(({ keyMaterialId, importState }) => [keyMaterialId, importState]),
    [['', 'IMPORTED']],
  );
  assert.equal(of(leaving).keyState, 'PendingDeletion');
  assert.ok(of(leaving).deletionDate instanceof Date);
  const [replica] = (await look(practice.kms('eu-west-1'), 'eu-west-1')).keys;
  assert.deepEqual(
    [replica?.keyState, replica?.multiRegion, replica?.materials.map(({ importState }) => importState)],
    ['PendingImport', 'REPLICA', ['PENDING_IMPORT']],
  );
});

test('a rotated key has its materials in the order in which it got them', async (t) => {
  const practice = await practise(t);
  const { keyId } = await enabledKey(practice.kms());
  await importMaterial(practice.kms(), keyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
  await practice.kms().send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
  passTime(practice, 3_600_000);
  const [key] = (await look(practice.kms())).keys;
  assert.deepEqual(
    key?.materials.map(({ state }) => state),
    ['NON_CURRENT', 'CURRENT'],
  );
});

test('a key that goes away between two questions about it is left out, and the others are still found', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const { keyId: stays } = await enabledKey(kms);
  const { keyId: leaving } = await enabledKey(kms);
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: leaving, PendingWindowInDays: 7 }));
  let isTime = true;
  kms.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (isTime && commandName === 'ListKeyRotationsCommand') passTime(practice, 8 * 86_400_000);
        if (commandName === 'ListKeyRotationsCommand') isTime = false;
        return next(args);
      },
    { step: 'initialize' },
  );
  const { keys, hidden } = await look(kms);
  assert.deepEqual([keys.map(({ keyId }) => keyId), hidden], [[stays], 0]);
});
