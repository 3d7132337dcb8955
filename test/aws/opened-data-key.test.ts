import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decryptProof, proveDataKey } from '../../source/aws/data-key.ts';
import { enabledKey, practise } from '../practice/practising.ts';
import { answeringKms } from './answering-clients.ts';

test('data keys that are made and opened as a proof are zero in memory afterwards', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const { keyId } = await enabledKey(kms);
  const opened: Uint8Array[] = [];
  kms.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if ('Plaintext' in answer.output && answer.output.Plaintext !== undefined) opened.push(answer.output.Plaintext);
      return answer;
    },
    { step: 'initialize' },
  );
  const areZero = () => opened.map((bytes) => bytes.length === 32 && bytes.every((byte) => byte === 0));
  const { same, encrypted } = await proveDataKey(kms, keyId);
  assert.equal(same, true);
  assert.deepEqual(areZero(), [true, true]);
  await decryptProof(kms, keyId, encrypted);
  assert.deepEqual(areZero(), [true, true, true]);
});

test('a data key is zero in memory also when KMS refuses to open it', async () => {
  const dataKey = new Uint8Array(32).fill(7);
  const kms = answeringKms((input) => {
    if (!('KeySpec' in input)) throw new Error('refused');
    return { Plaintext: dataKey, CiphertextBlob: new Uint8Array(8) };
  });
  await assert.rejects(proveDataKey(kms, 'key'), { message: 'refused' });
  assert.ok(dataKey.every((byte) => byte === 0));
});
