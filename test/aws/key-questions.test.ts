import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyMetadata, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-kms';
import { findAlias, isAliasOf } from '../../source/aws/aliases.ts';
import { findKeyOfCeremony } from '../../source/aws/ceremony-key.ts';
import { decryptProof, proveDataKey } from '../../source/aws/data-key.ts';
import { findExternalKeys, streamExternalKeys } from '../../source/aws/external-keys.ts';
import { changeTags } from '../../source/aws/kms.ts';
import { answeringKms, refusal } from './answering-clients.ts';

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
  readonly onAsked?: (name: string) => void;
};

/** A client of KMS that answers so. */
function kmsWith({
  list = [],
  describe = () => ({}),
  tags = () => [],
  aliases = () => [],
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
      ListKeyRotations: () => ({ Rotations: [{ KeyMaterialId: 'a', ImportState: 'IMPORTED' }] }),
    };
    return outputs[command]?.() ?? {};
  });
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);
const begunAt = new Date('2026-11-01T00:00:00Z');

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
  const tags = () => {
    throw denied();
  };
  const search = await findKeyOfCeremony(kmsWith({ list: ids(3), tags }), 'this', { begunAt });
  assert.deepEqual(search, { found: 'unknown', unseenKeyIds: ids(3), deniedActions: ['kms:ListResourceTags'] });
});

test('hidden keys of all parts are counted, and aliases are read only for keys that are shown', async () => {
  const asked: string[] = [];
  const describe = (id: string) => {
    if (id !== 'k120') throw denied();
    return { KeyState: 'PendingImport' as const };
  };
  const aliases = () => {
    throw denied();
  };
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
  const fails = (error: Error) => () => {
    throw error;
  };
  const hidden = { aliases: fails(denied()) };
  assert.equal(await isAliasOf(kmsWith({ ...hidden, describe: () => ({ KeyId: 'k' }) }), 'alias/pay', 'k'), true);
  assert.equal(await isAliasOf(kmsWith({ ...hidden, describe: fails(gone()) }), 'alias/pay', 'k'), false);
  await assert.rejects(isAliasOf(kmsWith({ ...hidden, describe: fails(denied()) }), 'alias/pay', 'k'));
  // Another failure of the list leaves it open: nobody is asked instead.
  const broken = kmsWith({ aliases: fails(refusal('KMSInternalException', 500)), describe: () => ({ KeyId: 'k' }) });
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
  const sent: ServiceInputTypes[] = [];
  const kms = answeringKms((input) => {
    sent.push(input);
    return {};
  });
  const tag = (key: string, value: string) => ({ key, value });
  await changeTags(kms, 'k', [tag('a', '1')], [tag('a', '1')]);
  assert.deepEqual(sent, []);
  await changeTags(kms, 'k', [tag('a', '1'), tag('b', '2'), tag('c', '3')], [tag('a', '1'), tag('b', 'new')]);
  assert.deepEqual(sent, [
    { KeyId: 'k', Tags: [{ TagKey: 'b', TagValue: 'new' }] },
    { KeyId: 'k', TagKeys: ['c'] },
  ]);
});
