import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyMetadata, RotationsListEntry, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-kms';
import { findAlias, isAliasOf } from '../../source/aws/aliases.ts';
import { findKeyOfCeremony } from '../../source/aws/ceremony-key.ts';
import { decryptProof, proveDataKey } from '../../source/aws/data-key.ts';
import { findExternalKeys, streamExternalKeys } from '../../source/aws/external-keys.ts';
import {
  changeTags,
  createExternalKey,
  describeKey,
  importKeyMaterial,
  readAliases,
  readImportParameters,
  readMaterial,
  readMaterials,
} from '../../source/aws/kms.ts';
import { answeringKms, notingKms, refusal, throwing } from './answering-clients.ts';

/* What is made of answers that practice AWS does not give, or not in an order that a test can choose. */

const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/1';
const arnOf = (id: string) => keyArn.replace(/1$/, id);
const denied = () => refusal('AccessDeniedException', 400);
const gone = () => refusal('NotFoundException', 400);

/** What KMS answers about its keys and aliases. */
type Answers = {
  readonly list?: readonly string[];
  readonly describe?: (id: string) => Partial<KeyMetadata>;
  readonly tags?: (id: string) => readonly { readonly TagKey: string; readonly TagValue: string }[];
  readonly aliases?: () => readonly object[];
  readonly rotations?: (id: string) => readonly object[];
  readonly onAsked?: (name: string) => void;
};

/** A client of KMS that answers so. */
function kmsWith({
  list = [],
  describe = () => ({}),
  tags = () => [],
  aliases = () => [],
  rotations = () => [{ KeyMaterialId: 'a', ImportState: 'IMPORTED' }],
  onAsked = () => {},
}: Answers) {
  return answeringKms((input, command) => {
    const { KeyId = '', Marker } = input as { readonly KeyId?: string; readonly Marker?: string };
    // All is on the first of two pages.
    const paged = (first: object) => (Marker === undefined ? { ...first, Truncated: true, NextMarker: 'm' } : {});
    onAsked(command);
    const outputs: Readonly<Record<string, () => Partial<ServiceOutputTypes>>> = {
      ListKeys: () => paged({ Keys: list.map((id) => ({ KeyId: id, KeyArn: arnOf(id) })) }),
      DescribeKey: () => ({ KeyMetadata: { KeyId, Arn: arnOf(KeyId), Origin: 'EXTERNAL', ...describe(KeyId) } }),
      ListResourceTags: () => ({ Tags: [...tags(KeyId)] }),
      ListAliases: () => paged({ Aliases: aliases() }),
      ListKeyRotations: () => ({ Rotations: rotations(KeyId) as RotationsListEntry[] }),
    };
    return outputs[command]?.() ?? {};
  });
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);
const begunAt = new Date('2026-11-01T00:00:00Z');
const fault = () => refusal('KMSInternalException', 500);

test('the key of a ceremony is found by its tag and value alone, whatever goes away meanwhile', async () => {
  const describe = (id: string) => {
    if (id === 'k0') throw gone();
    return id === 'k1' ? { Origin: 'AWS_KMS' as const } : {};
  };
  const tags = (id: string) => {
    if (id === 'k2') throw gone();
    const own = { TagKey: 'keyferry:ceremony', TagValue: id === 'k5' || id === 'k1' ? 'this' : 'other' };
    return [own, { TagKey: 'note', TagValue: 'this' }];
  };
  const looked: string[] = [];
  const search = await findKeyOfCeremony(kmsWith({ list: ids(6), describe, tags }), 'this', {
    begunAt,
    report: (done, all) => looked.push(`${done}/${all}`),
  });
  // A key without a time may be of this ceremony; one that AWS made is of none.
  assert.equal(search.found === 'key' && search.key.KeyId, 'k5');
  assert.deepEqual([looked[0], looked.at(-1)], ['1/6', '6/6']);
  assert.deepEqual(await findKeyOfCeremony(kmsWith({ list: ids(5), describe, tags }), 'this', { begunAt }), {
    found: 'none',
  });
});

test('each action that was denied is named once for all keys that could not be looked at', async () => {
  const tags = throwing(denied());
  const search = await findKeyOfCeremony(kmsWith({ list: ids(3), tags }), 'this', { begunAt });
  assert.deepEqual(search, { found: 'unknown', unseenKeyIds: ids(3), deniedActions: ['kms:ListResourceTags'] });
});

test('a key that may not be looked at is older than the ceremony only where an alias of its own is', async () => {
  const tags = throwing(denied());
  const aliases = (...named: readonly (readonly [id: string | undefined, minutesBefore?: number])[]) => {
    const entries = named.map(([TargetKeyId, minutes]) => ({
      AliasName: 'alias/a',
      TargetKeyId,
      ...(minutes === undefined ? {} : { LastUpdatedDate: new Date(begunAt.getTime() - minutes * 60_000) }),
    }));
    return () => entries;
  };
  const unseen = async (named: () => readonly object[]) => {
    const search = await findKeyOfCeremony(kmsWith({ list: ids(3), tags, aliases: named }), 'this', { begunAt });
    return 'unseenKeyIds' in search ? search.unseenKeyIds : search.found;
  };
  // The clocks may differ by a quarter of an hour.
  assert.deepEqual(await unseen(aliases(['k0', 16], ['k1', 15], ['k2'], [undefined, 16])), ['k1', 'k2']);
  assert.equal(await unseen(aliases(['k0', 16], ['k1', 16], ['k2', 60])), 'none');
  assert.deepEqual(await unseen(throwing(denied())), ids(3));
  await assert.rejects(unseen(throwing(fault())), { name: 'KMSInternalException' });
});

test('the key of a ceremony is found as KMS describes it, and nothing more is asked then', async () => {
  const asked: string[] = [];
  const CreationDate = new Date(begunAt.getTime() - 15 * 60_000);
  const describe = () => ({ CreationDate, MultiRegion: true });
  const tags = (id: string) => [{ TagKey: 'keyferry:ceremony', TagValue: id === 'k0' ? 'this' : 'other' }];
  const kms = kmsWith({ list: ids(60), describe, tags, onAsked: (name) => asked.push(name) });
  assert.deepEqual(await findKeyOfCeremony(kms, 'this', { begunAt }), {
    found: 'key',
    key: { KeyId: 'k0', Arn: arnOf('k0'), Origin: 'EXTERNAL', CreationDate, MultiRegion: true },
  });
  assert.ok(asked.filter((name) => name === 'DescribeKey').length <= 20, asked.join());
  // Aliases tell something only of keys that could not be looked at.
  asked.length = 0;
  assert.equal((await findKeyOfCeremony(kms, 'another', { begunAt })).found, 'none');
  assert.ok(!asked.includes('ListAliases'));
});

test('hidden keys of all parts are counted, and aliases are read only for keys that are shown', async () => {
  const asked: string[] = [];
  const describe = (id: string) => {
    if (id !== 'k120') throw denied();
    return { KeyState: 'PendingImport' as const };
  };
  const aliases = throwing(denied());
  const kms = kmsWith({ list: ids(150), describe, aliases, onAsked: (name) => asked.push(name) });
  const { keys, hidden, areAliasesHidden } = await findExternalKeys(kms, 'us-east-1', {});
  assert.deepEqual([keys.map(({ keyId }) => keyId), hidden, areAliasesHidden], [['k120'], 149, true]);
  const withoutKeys = kmsWith({
    list: ids(150),
    describe: () => ({ Origin: 'AWS_KMS' }),
    onAsked: (name) => asked.push(name),
  });
  asked.length = 0;
  assert.deepEqual((await findExternalKeys(withoutKeys, 'us-east-1', {})).keys, []);
  assert.ok(!asked.includes('ListAliases'));
});

test('a key is told with what KMS says of it, and with nothing that KMS leaves out', async () => {
  const day = (number: number) => new Date(Date.UTC(2027, 0, number));
  const found = async (given: Answers) =>
    (await findExternalKeys(kmsWith({ list: ids(1), ...given }), 'eu-west-1', {})).keys;
  const hmac = { KeySpec: 'HMAC_256', KeyState: 'PendingDeletion', ExpirationModel: 'KEY_MATERIAL_EXPIRES' } as const;
  const said = {
    ...hmac,
    ValidTo: day(2),
    CreationDate: day(1),
    DeletionDate: day(3),
    Description: 'of pay',
    MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY' as const },
  };
  const common = { keyArn: arnOf('k0'), keyId: 'k0', region: 'eu-west-1', aliases: [] };
  const material = { keyMaterialId: '', state: 'CURRENT', importState: 'IMPORTED', validTo: day(2), description: null };
  assert.deepEqual(await found({ describe: () => said }), [
    {
      ...common,
      keyState: 'PendingDeletion',
      description: 'of pay',
      keySpec: 'HMAC_256',
      createdAt: day(1),
      multiRegion: 'PRIMARY',
      deletionDate: day(3),
      materials: [material],
    },
  ]);
  const bare = { ...common, keyState: '', description: '', keySpec: '', materials: [] };
  assert.deepEqual(await found({}), [bare]);
  const note = { TagKey: 'note', TagValue: 'other' };
  assert.deepEqual(await found({ tags: () => [note, { TagKey: 'keyferry:ceremony', TagValue: 'c1' }] }), [
    { ...bare, ceremonyId: 'c1' },
  ]);
  assert.deepEqual(await found({ describe: () => hmac }), [
    { ...bare, keyState: 'PendingDeletion', keySpec: 'HMAC_256', materials: [{ ...material, validTo: null }] },
  ]);
});

test('a key that is gone, is still being made or has never had material is no reason to fail', async () => {
  const describe = (id: string) => {
    if (id === 'k0') throw gone();
    return { KeySpec: id === 'k2' ? ('HMAC_256' as const) : ('SYMMETRIC_DEFAULT' as const), CurrentKeyMaterialId: id };
  };
  const found = async (given: Answers) =>
    (await findExternalKeys(kmsWith({ list: ids(3), describe, ...given }), 'us-east-1', {})).keys.map(
      ({ keyId, notRead, materials }) => [keyId, notRead, materials.map(({ keyMaterialId }) => keyMaterialId)],
    );
  const making = throwing(refusal('KMSInvalidStateException', 400));
  assert.deepEqual(await found({ rotations: making, tags: making }), [
    ['k1', ['materials', 'tags'], ['k1']],
    ['k2', ['tags'], ['k2']],
  ]);
  const never = { describe: () => ({ KeySpec: 'HMAC_256' as const }) };
  assert.deepEqual(
    await found(never),
    ids(3).map((id) => [id, undefined, []]),
  );
  // Whatever else hinders KMS hinders the look.
  for (const given of [{ rotations: throwing(fault()) }, { tags: throwing(fault()), rotations: () => [] }])
    await assert.rejects(found(given), { name: 'KMSInternalException' });
});

test('whoever stops a look at the keys of a Region stops it before the next question', async () => {
  // As many as are on their way are not taken back.
  for (const [last, most] of [
    ['ListKeys', 1],
    ['DescribeKey', 10],
    ['ListKeyRotations', 4],
    ['ListAliases', 1],
  ] as const) {
    const stop = new AbortController();
    const asked: string[] = [];
    const kms = kmsWith({
      list: ids(40),
      describe: () => ({
        KeySpec: 'SYMMETRIC_DEFAULT',
        CurrentKeyMaterialId: 'a',
        ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      }),
      onAsked: (name) => {
        asked.push(name);
        if (name === last) stop.abort(new Error('stopped'));
      },
    });
    const looking = streamExternalKeys(kms, 'us-east-1', { signal: stop.signal });
    await assert.rejects(looking.next(), /stopped/, last);
    assert.ok(asked.filter((name) => name === last).length <= most, `${last}: ${asked.length}`);
    assert.equal(asked.at(-1), last);
  }
});

test('an alias is that of a key only by its whole name, and by DescribeKey where nobody may list', async () => {
  const named = [
    { AliasName: 'alias/pay-2', TargetKeyId: 'other' },
    { AliasName: 'alias/pay', TargetKeyId: 'k' },
  ];
  assert.deepEqual(await findAlias(kmsWith({ aliases: () => named }), 'alias/pay'), { keyId: 'k' });
  assert.equal(await isAliasOf(kmsWith({ aliases: () => named }), 'alias/pay', 'other'), false);
  assert.equal(await isAliasOf(kmsWith({ aliases: () => named }), 'alias/pay', 'k'), true);
  const hidden = { aliases: throwing(denied()) };
  assert.equal(await isAliasOf(kmsWith({ ...hidden, describe: () => ({ KeyId: 'k' }) }), 'alias/pay', 'k'), true);
  assert.equal(await isAliasOf(kmsWith({ ...hidden, describe: () => ({ KeyId: 'other' }) }), 'alias/pay', 'k'), false);
  assert.equal(await isAliasOf(kmsWith({ ...hidden, describe: throwing(gone()) }), 'alias/pay', 'k'), false);
  await assert.rejects(isAliasOf(kmsWith({ ...hidden, describe: throwing(denied()) }), 'alias/pay', 'k'));
  // Another failure of the list leaves it open: nobody is asked instead.
  const broken = kmsWith({ aliases: throwing(fault()), describe: () => ({ KeyId: 'k' }) });
  await assert.rejects(isAliasOf(broken, 'alias/pay', 'k'), { name: 'KMSInternalException' });
});

test('a proof holds only for 32 equal bytes, and names its key and its context in each request', async () => {
  const asked: ServiceInputTypes[] = [];
  const prove = (made: Uint8Array | undefined, opened: Uint8Array | undefined, ids: readonly (string | undefined)[]) =>
    proveDataKey(
      answeringKms((input) => {
        asked.push(input);
        const isDecrypt = 'CiphertextBlob' in input;
        const [first, second] = ids;
        return {
          Plaintext: isDecrypt ? opened : made,
          KeyMaterialId: isDecrypt ? second : first,
          ...(isDecrypt ? {} : { CiphertextBlob: Buffer.from('blob') }),
        };
      }),
      keyArn,
    );
  const of = (length: number, fill = 1) => new Uint8Array(length).fill(fill);
  assert.deepEqual(await prove(of(32), of(32), ['a', 'b']), {
    same: true,
    keyMaterialId: 'a',
    encrypted: Buffer.from('blob'),
  });
  assert.equal((await prove(of(32), of(32), [undefined, 'b'])).keyMaterialId, 'b');
  for (const [made, opened] of [
    [of(32), of(32, 2)],
    [of(16), of(16)],
    [of(32), undefined],
    [undefined, undefined],
  ])
    assert.equal((await prove(made, opened, [])).same, false);
  const EncryptionContext = { purpose: 'keyferry-proof' };
  assert.deepEqual(asked.slice(0, 2), [
    { KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext },
    { KeyId: keyArn, CiphertextBlob: Buffer.from('blob'), EncryptionContext },
  ]);
  const kms = answeringKms((input) => {
    assert.deepEqual(input, { KeyId: keyArn, CiphertextBlob: Buffer.from('e'), EncryptionContext });
    return { KeyMaterialId: 'c' };
  });
  assert.equal(await decryptProof(kms, keyArn, Buffer.from('e')), 'c');
});

test('only tags that differ are sent, and nothing where none does', async () => {
  const { kms, sent } = notingKms();
  const tag = (key: string, value: string) => ({ key, value });
  await changeTags(kms, 'k', [tag('a', '1')], [tag('a', '1')]);
  assert.deepEqual(sent, []);
  await changeTags(kms, 'k', [tag('a', '1'), tag('b', '2'), tag('c', '3')], [tag('a', '1'), tag('b', 'new')]);
  assert.deepEqual(sent, [
    { KeyId: 'k', Tags: [{ TagKey: 'b', TagValue: 'new' }] },
    { KeyId: 'k', TagKeys: ['c'] },
  ]);
  sent.length = 0;
  await changeTags(kms, 'k', [tag('a', 'same')], [tag('b', 'same')]);
  assert.deepEqual(sent, [
    { KeyId: 'k', Tags: [{ TagKey: 'b', TagValue: 'same' }] },
    { KeyId: 'k', TagKeys: ['a'] },
  ]);
});

test('a new key gets its policy and all its tags, and is made for several Regions only where that is asked', async () => {
  const { kms, sent } = notingKms({ KeyMetadata: { KeyId: 'k' } });
  const key = { policy: '{}', description: 'of pay', ceremonyId: 'c1' };
  assert.deepEqual(await createExternalKey(kms, key), { KeyId: 'k' });
  await createExternalKey(kms, { ...key, multiRegion: true, tags: [{ key: 'team', value: 'pay' }] });
  const common = {
    Origin: 'EXTERNAL',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    Policy: '{}',
    Description: 'of pay',
  };
  const own = { TagKey: 'keyferry:ceremony', TagValue: 'c1' };
  assert.deepEqual(sent, [
    { ...common, MultiRegion: false, Tags: [own] },
    { ...common, MultiRegion: true, Tags: [own, { TagKey: 'team', TagValue: 'pay' }] },
  ]);
  const silent = answeringKms(() => ({}));
  await assert.rejects(createExternalKey(silent, key), /CreateKey answered without KeyMetadata/);
  await assert.rejects(describeKey(silent, 'k'), /DescribeKey answered without KeyMetadata/);
});

test('of a pair to wrap with, only what can be used is given, and nothing of an answer that cannot be read', async () => {
  const wanted = { algorithm: 'RSAES_OAEP_SHA_256', keySpec: 'RSA_4096' } as const;
  const read = (answer: () => object) => readImportParameters(answeringKms(answer), keyArn, wanted);
  const ParametersValidTo = new Date('2026-11-02T00:00:00Z');
  const whole = { KeyId: keyArn, PublicKey: Buffer.from('key'), ImportToken: Buffer.from('token'), ParametersValidTo };
  assert.deepEqual(await read(() => whole), {
    keyArn,
    publicKey: Buffer.from('key'),
    importToken: Buffer.from('token'),
    validTo: ParametersValidTo,
  });
  const odd = { PublicKey: 'key', ImportToken: [1], ParametersValidTo: new Date(Number.NaN) };
  assert.deepEqual(await read(() => odd), {});
  const thrown = (error: Error, httpStatusCode?: number) =>
    read(throwing(Object.assign(error, httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } })));
  assert.deepEqual(await thrown(new TypeError('no base64'), 200), {});
  for (const [error, status] of [
    [new TypeError('no base64'), 400],
    [new TypeError('a defect'), undefined],
    [new Error('refused'), 200],
  ] as const)
    await assert.rejects(thrown(error, status), error);
});

test('an import says whether the material expires, and gives the id that KMS gave', async () => {
  const { kms, sent } = notingKms({ KeyMaterialId: 'a' });
  const input = {
    KeyId: 'k',
    EncryptedKeyMaterial: Buffer.from('wrapped'),
    ImportToken: Buffer.from('token'),
    ImportType: 'NEW_KEY_MATERIAL',
  } as const;
  const ValidTo = new Date('2027-01-01T00:00:00Z');
  assert.equal(await importKeyMaterial(kms, input), 'a');
  await importKeyMaterial(kms, { ...input, ValidTo });
  assert.deepEqual(sent, [
    { ...input, ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
    { ...input, ValidTo, ExpirationModel: 'KEY_MATERIAL_EXPIRES' },
  ]);
});

test('the aliases and the materials of a key are read as KMS names them, one material by its whole id', async () => {
  const named = [{ AliasName: 'alias/a' }, {}, { AliasName: 'alias/b' }];
  assert.deepEqual(await readAliases(kmsWith({ aliases: () => named }), 'k'), ['alias/a', 'alias/b']);
  const validTo = new Date('2027-01-01T00:00:00Z');
  const kms = kmsWith({
    rotations: () => [
      { KeyMaterialId: 'a', KeyMaterialState: 'NON_CURRENT', ImportState: 'PENDING_IMPORT' },
      { KeyMaterialId: 'ab', ValidTo: validTo, KeyMaterialDescription: 'second' },
    ],
  });
  const [first, second] = [
    { keyMaterialId: 'a', state: 'NON_CURRENT', isImported: false, validTo: undefined, description: undefined },
    { keyMaterialId: 'ab', state: 'CURRENT', isImported: true, validTo, description: 'second' },
  ];
  assert.deepEqual(await readMaterials(kms, 'k'), [first, second]);
  assert.deepEqual(await readMaterial(kms, 'k', 'ab'), second);
  assert.equal(await readMaterial(kms, 'k', 'b'), undefined);
});
