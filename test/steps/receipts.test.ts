import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeExpiry } from '../../source/steps/change-expiry.ts';
import { describeKey } from '../../source/steps/describe-key.ts';
import { encryptObjects } from '../../source/steps/encrypt-objects.ts';
import type { EncryptedObject, Facts, Imported, Objects } from '../../source/steps/facts.ts';
import { importMaterial } from '../../source/steps/import.ts';
import { importReceipt } from '../../source/steps/import-materials.ts';
import { keyState } from '../../source/steps/key-state.ts';
import { generatedSecret, wrappedHere } from '../known-facts.ts';

/* What stays on the screen of a step that is done says no more than was found out. */

const object = (key: string, isRead = true): EncryptedObject => ({
  bucket: 'b',
  key,
  size: 1,
  sha256: 'f'.repeat(64),
  sseAlgorithm: 'aws:kms',
  kmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/1',
  ...(isRead ? { verified: true } : { verified: false, keyNamedBy: 'upload answer' }),
});
const [one, two, unread] = [object('one'), object('two'), object('three', false)];

test('the receipt of an upload says how the objects were checked, and no more', () => {
  const receiptOf = (objects: Partial<Objects>, more: Facts = {}) =>
    encryptObjects.receipt({ objects: { bucket: 'b', objects: [], ...objects }, ...more });
  assert.equal(receiptOf({}), 'No objects encrypted yet');
  assert.match(
    receiptOf({}, { leftToUser: { script: 'user-proof.sh' } }),
    /^Uploads left to a user of the key; .*user-proof/,
  );
  for (const [objects, says] of [
    [{ objects: [one], count: 1, readBack: 1 }, '1 object encrypted in s3://b, key checked, read back'],
    [{ objects: [one, two], prefix: 'p/' }, '2 objects encrypted in s3://b/p/, key checked, read back'],
    [
      { objects: [one, two], count: 2, readBack: 0, found: 1 },
      '2 objects encrypted in s3://b, key named and checksum confirmed by S3; 1 of them were there already',
    ],
    [
      { count: 300, readBack: 3, found: 0 },
      '300 objects encrypted in s3://b, key named and checksum confirmed by S3, or read back',
    ],
    [
      { objects: [one, unread], count: 2, readBack: 1 },
      '2 objects encrypted in s3://b, key named by S3; 1 not read back: you may not read objects there',
    ],
    [
      { count: 300, readBack: 0, unconfirmed: 7 },
      '300 objects encrypted in s3://b, key named by S3; 7 not read back: you may not read objects there',
    ],
  ] as const)
    assert.equal(receiptOf(objects), says);
});

test('the receipt of an import says what was asked, what KMS tells, and whether the secret of the ceremony is in KMS', () => {
  const imported: Imported = {
    expirationModel: 'KEY_MATERIAL_EXPIRES',
    validTo: '2027-03-01T11:59:00.000Z',
    keyMaterialId: 'a'.repeat(64),
    importedAt: '2026-11-25T14:00:00.000Z',
  };
  const receiptOf = (more: Partial<Imported>, by: 'keyferry' | 'you' = 'keyferry', facts: Facts = {}) =>
    importMaterial.receipt({
      secret: generatedSecret,
      wrapped: { ...wrappedHere, by },
      imported: { ...imported, ...more },
      ...facts,
    });
  const start =
    'Key material imported, it expires at 2027-03-01 11:59 UTC; the key was Enabled at 2026-11-25 14:00 UTC';
  assert.equal(receiptOf({}), start);
  assert.equal(receiptOf({}, 'you'), `${start}. NOT SHOWN: whether it is the secret of this ceremony`);
  assert.match(receiptOf({ secretInKms: 'other' }, 'you'), /WARNING: it is NOT the secret of this ceremony/);
  assert.equal(
    receiptOf({ otherExpiry: { asked: 'never', told: 'not told' } }),
    `${start}. WARNING: you asked that it does not expire`,
  );
  const elsewhere = { origin: 'elsewhere', keeper: 'the HSM' } as const;
  assert.match(receiptOf({}, 'you', { secret: elsewhere }), /UTC\. That it is the key of the HSM is /);
});

test('the receipt of a later import says what came back, with which expiry, and where KMS tells another one', () => {
  const brought = (materials: readonly object[]) => ({ broughtBack: { materials, keyState: 'Enabled' } }) as Facts;
  const back = { keyMaterialId: '0a1b2c3d'.repeat(8), wasThere: false, validTo: null, found: 'never' };
  const there = { ...back, keyMaterialId: 'ffffffff'.repeat(8), wasThere: true, validTo: '2027-03-01T11:59:00.000Z' };
  const asked = { ...there, found: there.validTo };
  const nothing = 'Nothing to do: KMS has every material with its expiry';
  assert.equal(importReceipt(brought([]), 'Expiry changed'), nothing);
  assert.equal(changeExpiry.receipt(brought([])), nothing);
  const clauses = '0a1b2c3d does not expire, ffffffff expires at 2027-03-01 11:59 UTC';
  assert.equal(importReceipt(brought([back, asked]), 'Expiry changed'), `Material brought back: ${clauses}`);
  assert.equal(
    importReceipt(brought([asked]), 'Expiry changed'),
    'Expiry changed: ffffffff expires at 2027-03-01 11:59 UTC',
  );
  const warned = `Material brought back: ${clauses}. WARNING: KMS tells another expiry`;
  assert.equal(importReceipt(brought([back, there]), 'Expiry changed'), warned);
  assert.match(changeExpiry.receipt(brought([asked])), /^Expiry changed: /);
  assert.match(changeExpiry.receipt(brought([asked, there])), /^KMS tells another expiry: /);
});

test('a key that should be Disabled again and is not is warned of, and no other', () => {
  const receiptOf = (state: string, toDisable: boolean) => keyState.receipt({ keyState: state, toDisable });
  assert.equal(receiptOf('Enabled', false), 'The key is Enabled');
  assert.equal(receiptOf('Disabled', true), 'The key is Disabled');
  assert.equal(receiptOf('Enabled', true), 'The key is Enabled. WARNING: KMS was told to disable it again');
});

test('the receipt of a description has what stays for ever, and what else was chosen', () => {
  const receiptOf = (more: object) =>
    describeKey.receipt({ description: { alias: 'alias/a', description: '', acknowledged: true, ...more } });
  const tag = { key: 'team', value: 'payments' };
  assert.equal(receiptOf({}), 'Described: alias/a');
  assert.equal(receiptOf({ tags: [], multiRegion: false }), 'Described: alias/a');
  assert.equal(receiptOf({ tags: [tag] }), 'Described: alias/a, 1 tag');
  assert.equal(
    receiptOf({ aliasFrom: '1234', tags: [tag, tag], multiRegion: true }),
    'Described: alias/a, to be moved from key 1234, 2 tags, multi-Region',
  );
});
