import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  GenerateDataKeyCommand,
  type KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import type { KeyRecord } from '../../source/practice/kms/key-record.ts';
import { bringUpToDate } from '../../source/practice/kms/key-time.ts';
import { openStore } from '../../source/practice/store.ts';
import { passTime } from './key-makers.ts';
import { enabledKey, externalKey, importMaterial, must, practise, refused } from './practising.ts';

const always =
  'AWSAccountId Arn CreationDate CustomerMasterKeySpec Description Enabled EncryptionAlgorithms KeyId KeyManager KeySpec KeyState KeyUsage MultiRegion Origin';
const day = 24 * 60 * 60_000;

test('DescribeKey has exactly the fields of the state', async (t) => {
  const { kms, clock } = await practise(t);
  const fields = async (keyId: string) => {
    const { KeyMetadata } = await kms().send(new DescribeKeyCommand({ KeyId: keyId }));
    return [KeyMetadata?.KeyState, Object.keys(must(KeyMetadata)).sort().join(' ')];
  };
  const sorted = (more: string) => `${always} ${more}`.trim().split(' ').sort().join(' ');

  assert.deepEqual(await fields(await externalKey(kms())), ['PendingImport', sorted('')]);
  const { keyId, material } = await enabledKey(kms());
  assert.deepEqual(await fields(keyId), ['Enabled', sorted('ExpirationModel CurrentKeyMaterialId')]);
  await importMaterial(kms(), keyId, material, {
    ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    ValidTo: new Date(clock.now.getTime() + day),
  });
  assert.deepEqual(await fields(keyId), ['Enabled', sorted('ExpirationModel ValidTo CurrentKeyMaterialId')]);
  await kms().send(new DisableKeyCommand({ KeyId: keyId }));
  assert.deepEqual(await fields(keyId), ['Disabled', sorted('ExpirationModel ValidTo CurrentKeyMaterialId')]);
  await kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
  assert.deepEqual(await fields(keyId), ['PendingImport', sorted('CurrentKeyMaterialId')]);
  await kms().send(new ScheduleKeyDeletionCommand({ KeyId: keyId }));
  assert.deepEqual(await fields(keyId), ['PendingDeletion', sorted('CurrentKeyMaterialId DeletionDate')]);
});

test('CreateKey refuses what KMS refuses', async (t) => {
  const { kms } = await practise(t);
  const tags = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ TagKey: `key ${index}`, TagValue: 'v' }));
  const rows = [
    [
      { Origin: 'EXTERNAL', KeySpec: 'ML_DSA_44', KeyUsage: 'SIGN_VERIFY' },
      'ValidationException',
      'KeySpec ML_DSA_44 is not supported for Origin EXTERNAL',
    ],
    [
      { KeySpec: 'ML_DSA_44', KeyUsage: 'ENCRYPT_DECRYPT' },
      'ValidationException',
      'KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ML_DSA_44',
    ],
    [
      { KeySpec: 'RSA_2048' },
      'ValidationException',
      'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    ],
    [{ Tags: [...tags(1), ...tags(1)] }, 'TagException', 'Duplicate tag keys'],
    [{ Tags: tags(51) }, 'TagException', 'Too many tags'],
    [{ Tags: [{ TagKey: 'aws:x', TagValue: '' }] }, 'TagException', 'Tags beginning with aws: are reserved'],
    [{ Tags: [{ TagKey: 'AWS:x', TagValue: '' }] }, 'TagException', 'Tags beginning with aws: are reserved'],
    [
      { Tags: [{ TagKey: '', TagValue: '' }] },
      'ValidationException',
      "1 validation error detected: Value '' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      { Description: 'x'.repeat(8193) },
      'ValidationException',
      `1 validation error detected: Value '${'x'.repeat(8193)}' at 'description' failed to satisfy constraint: Member must have length less than or equal to 8192`,
    ],
    [
      { Origin: 'MINE' },
      'ValidationException',
      "1 validation error detected: Value 'MINE' at 'origin' failed to satisfy constraint: Member must satisfy enum value set: [AWS_KMS, EXTERNAL, AWS_CLOUDHSM, EXTERNAL_KEY_STORE]",
    ],
  ] as const;
  for (const [input, name, message] of rows)
    await refused(kms().send(new CreateKeyCommand(input as never)), name, message);
});

test('a key is found by id and ARN, and missing in the recorded words', async (t) => {
  const { kms } = await practise(t);
  const KeyId = await externalKey(kms());
  const arn = `arn:aws:kms:us-east-1:000000000000:key/${KeyId}`;
  const find = async (id: string, region = 'us-east-1') => kms(region).send(new DescribeKeyCommand({ KeyId: id }));
  assert.equal((await find(arn)).KeyMetadata?.KeyId, KeyId);
  const unknown = '00000000-0000-4000-8000-000000000000';
  const missing = `Key 'arn:aws:kms:us-east-1:000000000000:key/${unknown}' does not exist`;
  await refused(find(unknown), 'NotFoundException', missing);
  await refused(find('fake-key-id'), 'NotFoundException', "Invalid keyId 'fake-key-id'");
  await refused(find(arn, 'eu-west-1'), 'NotFoundException', 'Invalid arn us-east-1');
  await refused(
    find(KeyId, 'eu-west-1'),
    'NotFoundException',
    missing.replace('us-east-1', 'eu-west-1').replace(unknown, KeyId),
  );
});

test('aliases follow the rules, point, move and go', async (t) => {
  const { kms } = await practise(t);
  const client = kms();
  const [one, other] = [await externalKey(client), await externalKey(client)];
  const create = async (AliasName: string, TargetKeyId = one) =>
    client.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
  await refused(
    create('mine'),
    'ValidationException',
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  );
  await refused(
    create('alias/my key'),
    'ValidationException',
    "1 validation error detected: Value 'alias/my key' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
  );
  await refused(create('alias/aws/mine'), 'InvalidAliasNameException');
  await create('alias/aws-backup', other);
  await client.send(new DeleteAliasCommand({ AliasName: 'alias/aws-backup' }));
  await create('alias/mine');
  const arn = 'arn:aws:kms:us-east-1:000000000000:alias/mine';
  await refused(create('alias/mine', other), 'AlreadyExistsException', `An alias with the name ${arn} already exists`);
  const described = async (KeyId: string) => (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyId;
  assert.equal(await described('alias/mine'), one);
  assert.equal(await described(arn), one);
  await refused(
    client.send(new DisableKeyCommand({ KeyId: 'alias/mine' })),
    'InvalidArnException',
    'Key Aliases are not supported for this operation.',
  );
  await client.send(new UpdateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: other }));
  assert.equal(await described('alias/mine'), other);
  const ofOne = await client.send(new ListAliasesCommand({ KeyId: one }));
  const ofOther = await client.send(new ListAliasesCommand({ KeyId: other }));
  assert.deepEqual([ofOne.Aliases?.length, ofOther.Aliases?.map((alias) => alias.AliasArn)], [0, [arn]]);
  await client.send(new DeleteAliasCommand({ AliasName: 'alias/mine' }));
  const gone = `Alias ${arn} is not found.`;
  await refused(client.send(new DeleteAliasCommand({ AliasName: 'alias/mine' })), 'NotFoundException', gone);
  await refused(described('alias/mine'), 'NotFoundException', gone);
});

test('lists come in pages without gaps or repeats', async (t) => {
  const { kms } = await practise(t);
  const client = kms();
  const ids = await Promise.all(Array.from({ length: 7 }, async () => externalKey(client)));
  const found: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListKeysCommand({ Limit: 3, ...(Marker ? { Marker } : {}) }));
    found.push(...(page.Keys ?? []).map((key) => must(key.KeyId)));
    assert.equal(page.Truncated, page.NextMarker !== undefined);
    Marker = page.NextMarker;
  } while (Marker);
  assert.deepEqual(found, [...ids].sort());
  await refused(client.send(new ListKeysCommand({ Marker: 'nonsense' })), 'InvalidMarkerException');
  const predefined = await client.send(new ListAliasesCommand({ Limit: 1 }));
  assert.equal(predefined.Aliases?.[0]?.TargetKeyId, undefined);
  assert.equal(predefined.Truncated, true);
});

test('tags are put, replaced and taken away', async (t) => {
  const { kms } = await practise(t);
  const { KeyMetadata } = await kms().send(new CreateKeyCommand({ Tags: [{ TagKey: 'team', TagValue: 'red' }] }));
  const KeyId = must(KeyMetadata?.KeyId);
  const Tags = [
    { TagKey: 'team', TagValue: 'blue' },
    { TagKey: 'cost', TagValue: '' },
  ];
  await kms().send(new TagResourceCommand({ KeyId, Tags }));
  const list = async () => (await kms().send(new ListResourceTagsCommand({ KeyId }))).Tags;
  assert.deepEqual(await list(), [...Tags].reverse());
  await kms().send(new UntagResourceCommand({ KeyId, TagKeys: ['team', 'never'] }));
  assert.deepEqual(await list(), [{ TagKey: 'cost', TagValue: '' }]);
});

test('a cancelled deletion leaves the key disabled, or waiting for its material', async (t) => {
  const { kms } = await practise(t);
  const client = kms();
  const stateAfter = async (KeyId: string) => {
    await client.send(new CancelKeyDeletionCommand({ KeyId }));
    return (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
  };
  assert.equal(await stateAfter(await pendingDeletion(client)), 'Disabled');
  const empty = await externalKey(client);
  await client.send(new ScheduleKeyDeletionCommand({ KeyId: empty, PendingWindowInDays: 7 }));
  assert.equal(await stateAfter(empty), 'PendingImport');
});

test('a key is gone at the end of its waiting time and not before, with its aliases and all that was stored of it', async (t) => {
  const { kms, clock, folder } = await practise(t);
  const client = kms();
  const KeyId = await enabled(client);
  const AliasName = 'alias/mine';
  await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
  const made = await client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
  await client.send(new ScheduleKeyDeletionCommand({ KeyId }));
  const describe = () => client.send(new DescribeKeyCommand({ KeyId }));
  passTime({ clock }, 30 * day - 1);
  assert.equal((await describe()).KeyMetadata?.KeyState, 'PendingDeletion');
  passTime({ clock }, 1);
  await refused(describe(), 'NotFoundException');
  await refused(client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob })), 'AccessDeniedException');
  const store = openStore(folder);
  const left = ['kms_key', 'kms_alias'].flatMap((table) => store.all(`SELECT * FROM ${table}`));
  store.close();
  assert.deepEqual(left, []);
  await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: await externalKey(client) }));
});

test('what time changes of a key, it changes at its moment and no earlier', () => {
  const now = 1_800_000_000_000;
  const at = (offset: number) => now + offset;
  const base: KeyRecord = {
    region: 'us-east-1',
    keyId: 'mrk-a',
    created: 0,
    description: '',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'EXTERNAL',
    manager: 'CUSTOMER',
    enabled: true,
    policy: '',
    tags: [],
    currentMaterialId: 'one',
    materials: [{ id: 'one', sealed: 'x' }],
  };
  const after = (...family: Partial<KeyRecord>[]) =>
    bringUpToDate(
      family.map((facts) => ({ ...base, ...facts })),
      now,
    );
  const still = [base, { ...base, region: 'eu-west-1' }];
  assert.equal(bringUpToDate(still, now), still, 'nothing to write');

  const passing = (until: number) => ({ passing: { state: 'Creating', until } as const });
  assert.deepEqual([after(passing(at(1)))[0]?.passing?.until, after(passing(at(0)))[0]?.passing], [at(1), undefined]);

  const expiring = (validTo: number) =>
    ({ id: 'one', sealed: 'x', expirationModel: 'KEY_MATERIAL_EXPIRES', validTo }) as const;
  const lasting = { id: 'two', sealed: 'y', rotatedIn: 5 };
  const waiting = { ...expiring(at(-1)), id: 'three', pending: true } as const;
  assert.deepEqual(after({ materials: [expiring(at(1))] })[0]?.materials, [expiring(at(1))]);
  assert.deepEqual(after({ materials: [expiring(at(0)), lasting, waiting] }, passing(at(1))), [
    { ...base, materials: [{ id: 'one' }, lasting, waiting] },
    { ...base, ...passing(at(1)) },
  ]);

  assert.deepEqual(after({ deletionDate: at(0) }), []);
  assert.equal(after({ deletionDate: at(1) })[0]?.deletionDate, at(1));
  const family = (regions: readonly string[]) => ({ multiRegion: { primary: 'us-east-1', regions } });
  const three = family(['us-east-1', 'eu-west-1', 'eu-west-2']);
  const primary = { ...three, deletionWindow: 7 };
  const replica = (region: string, deletionDate: number) => ({ ...three, region, deletionDate });
  // While one replica is left, the waiting time of the primary has not begun.
  const [first, second] = after(primary, replica('eu-west-1', at(0)), replica('eu-west-2', at(1)));
  assert.deepEqual(first, { ...base, ...primary, ...family(['us-east-1', 'eu-west-2']) });
  assert.deepEqual(second?.multiRegion?.regions, ['us-east-1', 'eu-west-2']);
  // It begins when the last one goes, and can be over as well.
  const [alone, ...others] = after(primary, replica('eu-west-1', at(-5)), replica('eu-west-2', at(-2)));
  assert.deepEqual([alone, others], [{ ...base, ...family(['us-east-1']), deletionDate: at(-2) + 7 * day }, []]);
  assert.deepEqual(after(primary, replica('eu-west-1', at(-8 * day)), replica('eu-west-2', at(-7 * day))), []);
  const [kept] = after(three, replica('eu-west-1', at(0)), replica('eu-west-2', at(0)));
  assert.deepEqual(kept, { ...base, ...family(['us-east-1']) });

  const next = { id: 'two', sealed: 'y' };
  const rotating = (ends: number, more: object = {}) => ({ rotation: { started: 0, ends, ...more } });
  const materials = [...base.materials, { ...next, pending: true } as const];
  const rotated = { currentMaterialId: 'two', materials: [...base.materials, { ...next, rotatedIn: at(0) }] };
  assert.deepEqual(after({ materials, ...rotating(at(1)) })[0]?.currentMaterialId, 'one');
  assert.deepEqual(after({ materials, ...rotating(at(0)) }), [{ ...base, ...rotated }]);
  assert.deepEqual(after(rotating(at(0), { material: next })), [{ ...base, ...rotated }]);
  assert.deepEqual(after(rotating(at(0)))[0]?.rotation?.ends, at(0), 'it goes on until there is new material');
  // The primary decides, wherever it stands among its replicas.
  const two = { primary: 'us-east-1', regions: ['eu-west-1', 'us-east-1'] };
  const there = { region: 'eu-west-1', multiRegion: two, materials };
  assert.deepEqual(
    after(there, { multiRegion: two, materials, ...rotating(at(0)) }).map(({ currentMaterialId }) => currentMaterialId),
    ['two', 'two'],
  );
  assert.deepEqual(
    after({ ...there, ...rotating(at(0)) }, { multiRegion: two, materials })[0]?.currentMaterialId,
    'one',
  );
});

async function enabled(kms: KMSClient): Promise<string> {
  return (await enabledKey(kms)).keyId;
}

async function pendingDeletion(kms: KMSClient): Promise<string> {
  const KeyId = await enabled(kms);
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId }));
  return KeyId;
}
