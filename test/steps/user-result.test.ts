import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sha256Of } from '../../source/disk/sha256.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { readUserResult } from '../../source/steps/user-result.ts';
import { foreverImported, keyOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { problemOf } from './ceremony.ts';

const { keyArn } = keyOf('k');
const material = foreverImported.keyMaterialId;
const openedBy = 'arn:aws:sts::000000000000:assumed-role/app-uploader/ana';
const right = {
  ...{ format: 'keyferry-user-proof-1', keyArn, keyMaterialId: material, openedBy, openedAt: '2026-11-25T20:10:00Z' },
  dataKey: Buffer.alloc(184, 7).toString('base64'),
};

const services = { ...makeOfflineServices(), clock: () => new Date('2026-11-26T08:00:00.000Z') };

/** A ceremony that has imported this material. */
const factsWith = (keyMaterialId: string): Facts => ({
  key: keyOf('k'),
  imported: { ...foreverImported, keyMaterialId },
});

/** What is read from a file with this text; the ceremony has imported this material. */
function read(text: string | undefined, imported = material) {
  const path = join(newFolder(), 'user-proof.json');
  if (text !== undefined) writeFileSync(path, text);
  return readUserResult(path, factsWith(imported), services);
}

test('a result is taken with who opened the data key, when, and by which material where KMS has said it', () => {
  const text = JSON.stringify(right);
  const taken = { openedBy, openedAt: '2026-11-25T20:10:00.000Z', takenAt: '2026-11-26T08:00:00.000Z' };
  assert.deepEqual(read(text), { ...taken, keyMaterialId: material, sha256: sha256Of(text) });
  for (const keyMaterialId of ['', 'None']) {
    const unnamed = JSON.stringify({ ...right, keyMaterialId });
    assert.deepEqual(read(unnamed), { ...taken, sha256: sha256Of(unnamed) });
  }
  assert.equal(read(text, '').keyMaterialId, material, 'the ceremony does not know its own');
});

for (const [what, text, says] of [
  ['text', 'Dear Sir', /is not what user-proof\.sh writes: it is not JSON\.$/],
  ['that is nothing', 'null', /: it must be an object\.$/],
  ['without who', JSON.stringify({ ...right, openedBy: undefined }), /: "openedBy" is missing\.$/],
  ['of another format', JSON.stringify({ ...right, format: 'x' }), /: "format" must be keyferry-user-proof-1\.$/],
  ['with a number', JSON.stringify({ ...right, openedBy: 7 }), /: "openedBy" must be text\.$/],
  ['with a name', JSON.stringify({ ...right, openedBy: 'ana' }), /: "openedBy" must be the ARN of a user or role\.$/],
  ['with blanks', JSON.stringify({ ...right, openedBy: `${openedBy} and more` }), /: "openedBy" must be the ARN/],
  ['with text before', JSON.stringify({ ...right, openedBy: `x${openedBy}` }), /: "openedBy" must be the ARN/],
  ['without a time', JSON.stringify({ ...right, openedAt: 'today' }), /: "openedAt" must be a time such as/],
  ['with part of an id', JSON.stringify({ ...right, keyMaterialId: 'ab' }), /: "keyMaterialId" must be the id/],
  ['with more than an id', JSON.stringify({ ...right, keyMaterialId: `${material}a` }), /: "keyMaterialId" must be/],
  ['without a data key', JSON.stringify({ ...right, dataKey: '' }), /: "dataKey" must be the encrypted data key/],
  ['with other text', JSON.stringify({ ...right, dataKey: `${right.dataKey}\n` }), /: "dataKey" must be the encrypted/],
  ['of no key', JSON.stringify({ ...right, keyArn: 'k' }), /: "keyArn" must be the ARN of a key\.$/],
  [
    'of another key',
    JSON.stringify({ ...right, keyArn: `${keyArn}2` }),
    /^It is of another key, .*\/k2\. The key of this/,
  ],
  [
    'of another material',
    JSON.stringify({ ...right, keyMaterialId: 'b'.repeat(64) }),
    /^Another material opened the data key: b{64}\. The material of this ceremony is a{64}\.$/,
  ],
] as const)
  test(`a result ${what} is not taken into the record`, async () => {
    const { kind, what: title, why, state } = await problemOf(() => read(text));
    assert.deepEqual([kind, title], ['fixable', "Can't take the result of the user of the key."]);
    assert.match(why ?? '', says);
    assert.match(state ?? '', /The result was not taken into the record\.$/);
  });

test('a result that is not there yet is waited for, and what cannot be read is told', async () => {
  const kindOf = async (act: () => unknown) => {
    const { kind, remedies } = await problemOf(act);
    return [kind, remedies?.length];
  };
  assert.deepEqual(await kindOf(() => read(undefined)), ['waiting', 3]);
  const folder = join(newFolder(), 'user-proof.json');
  mkdirSync(folder);
  assert.deepEqual(await kindOf(() => readUserResult(folder, factsWith(material), services)), ['fixable', 3]);
});
