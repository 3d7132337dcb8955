import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { NodeSha256 } from '../../source/aws/node-sha256.ts';

const bytes = Buffer.from('abcdef');
const expected = createHash('sha256').update('abcdef').digest('hex');

async function hexOf(
  pieces: readonly Parameters<NodeSha256['update']>[0][],
  secret?: string | ArrayBuffer | Uint8Array,
) {
  const sum = new NodeSha256(secret);
  for (const piece of pieces) sum.update(piece);
  return Buffer.from(await sum.digest()).toString('hex');
}

test('the hash is that of all pieces, as text or as bytes of any kind, and of these bytes alone', async () => {
  const around = new Uint8Array([0, ...bytes, 0]);
  for (const pieces of [
    ['abcdef'],
    ['abc', 'd', 'ef'],
    [bytes],
    [around.subarray(1, 7)],
    [new DataView(around.buffer, 1, 6)],
    [around.buffer.slice(1, 7)],
    ['ab', around.subarray(3, 5), around.buffer.slice(5, 7)],
  ])
    assert.equal(await hexOf(pieces), expected);
  assert.equal(await hexOf([]), createHash('sha256').digest('hex'));
  assert.equal(await hexOf(['é']), createHash('sha256').update(Buffer.from('é')).digest('hex'));
});

test('a hash that is begun again forgets what came before', async () => {
  const sum = new NodeSha256();
  sum.update('before');
  sum.reset();
  sum.update('abcdef');
  assert.equal(Buffer.from(await sum.digest()).toString('hex'), expected);
});

test('a signature is that of its secret, as text or as bytes, at the first and at each later use', async () => {
  const around = new Uint8Array([0, ...Buffer.from('secret'), 0]);
  const other = Buffer.from('other');
  const signed = (secret: string) => createHmac('sha256', secret).update('abcdef').digest('hex');
  for (const secret of ['secret', Buffer.from('secret'), around.subarray(1, 7), around.buffer.slice(1, 7)])
    for (let use = 0; use < 2; use += 1) {
      assert.equal(await hexOf(['abc', 'def'], secret), signed('secret'));
      assert.equal(await hexOf(['abcdef'], other), signed('other'));
    }
});
