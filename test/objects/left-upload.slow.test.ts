import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { s3Error } from '../faults/between.ts';
import { transferring } from './transferring.ts';

const denied = s3Error('AccessDenied');
const mebibyte = 2 ** 20;

for (const size of [18 * mebibyte, 30 * mebibyte])
  test(`a file that has changed is sent though S3 does not end its earlier upload in parts, which is told: ${size} bytes`, async (t) => {
    const { put, send, bytesOf, unfinished, decide, countOf } = await transferring(t);
    put('it is big', randomBytes(24 * mebibyte));
    decide((call) => (/^s3:(DELETE|.*partNumber=2)/.test(call) ? denied : undefined));
    await assert.rejects(send('m'));
    const [left] = await unfinished();
    const changed = randomBytes(size);
    put('it is big', changed);
    decide((call) => (/^s3:DELETE/.test(call) ? denied : undefined));
    const told: string[] = [];
    const { end } = await send('m', { onProgress: ({ label }) => void told.push(label) });
    assert.equal(end.problemCount, 0);
    assert.ok((await bytesOf('it is big')).equals(changed));
    const [words = ''] = told.filter((label) => label.includes('earlier upload'));
    assert.match(words, /s3:AbortMultipartUpload/);
    const command = `aws s3api abort-multipart-upload --bucket a-bucket --key 'it is big' --upload-id ${left}`;
    assert.ok(words.endsWith(command), words);
    assert.deepEqual(await unfinished(), [left], 'the new upload is complete, the earlier one is as it was');
    assert.equal(countOf('S3.CreateMultipartUpload'), 2);
  });
