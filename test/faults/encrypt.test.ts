import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { atATime } from '../crash/cut-off.ts';
import { sampleOf } from '../seed.ts';
import { outside } from './outside.ts';

/*
 * Every operation that encrypts objects later meets each passing fault. It finishes by itself, or after the same command once
 * more; both objects are under the key then, and one record says so.
 */

const timeout = 600_000;
const large = Buffer.alloc(9 * 1024 * 1024, 'ledger ');

const faults = [
  { do: 'throttle', times: 3 },
  { do: 'fail', times: 1 },
  { do: 'drop-before', times: 1 },
  { do: 'drop-after', times: 1 },
] as const;

/** A key that somebody else made, a bucket, two files, and the command that brings them together. */
async function waiting() {
  const ceremony = await outside();
  const { aws, cut, workdir, run } = ceremony;
  const config = { endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' };
  const kms = new KMSClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await s3.send(new CreateBucketCommand({ Bucket: 'an-archive' }));
  writeFileSync(join(cut.folder, 'small.txt'), 'some bytes');
  writeFileSync(join(cut.folder, 'large.bin'), large);
  const endpoint = cut.args[cut.args.indexOf('--endpoint-url') + 1] ?? '';
  const place = ['--endpoint-url', endpoint, '--workdir', 'w', '--json'];
  const words = ['small.txt', 'large.bin', '--to', 's3://an-archive', '--key', KeyMetadata?.KeyId ?? '', ...place];
  const named = (pattern: RegExp) =>
    existsSync(workdir) ? readdirSync(workdir).filter((name) => pattern.test(name)) : [];
  return {
    ...ceremony,
    keyArn: KeyMetadata?.Arn,
    encrypt: () => run({}, () => ['encrypt', ...words]),
    keysOf: async () => {
      const heads = ['small.txt', 'large.bin'].map((Key) =>
        s3.send(new HeadObjectCommand({ Bucket: 'an-archive', Key })),
      );
      return (await Promise.all(heads)).map(({ SSEKMSKeyId }) => SSEKMSKeyId);
    },
    records: () => named(/^record-encrypt-.*\.json$/),
    called: () =>
      named(/^journal-encrypt-/)
        .flatMap((name) => readFileSync(join(workdir, name), 'utf8').trimEnd().split('\n'))
        .map((line) => JSON.parse(line))
        .filter(({ kind }) => kind === 'call'),
  };
}

test('the encryption of more objects gets over each passing fault of each operation that it calls', {
  timeout,
}, async (t) => {
  const undisturbed = await waiting();
  const first = await undisturbed.encrypt();
  assert.equal(first.status, 0, first.stderr);
  const operations = [...new Set(undisturbed.called().map(({ operation }) => operation as string))];
  await undisturbed.close();
  assert.ok(operations.includes('S3.CompleteMultipartUpload') && operations.length >= 9, operations.join());
  const cases = operations.flatMap((operation) => faults.map((fault) => ({ operation, ...fault })));
  const failures: string[] = [];
  const ranAgain: string[] = [];
  const chosen = sampleOf(cases, 20);
  await atATime(3, chosen, async ({ operation, ...fault }) => {
    const ceremony = await waiting();
    const name = `${operation} ${fault.do}`;
    try {
      ceremony.set({
        faults: [
          { operation: operation.replace(/^\w+/, (service) => service.toLowerCase()).replace('.', ':'), ...fault },
        ],
      });
      const once = await ceremony.encrypt();
      if (once.status !== 0) ranAgain.push(name);
      const last = once.status === 0 ? once : await ceremony.encrypt();
      assert.equal(last.status, 0, once.stderr + last.stderr);
      assert.deepEqual(await ceremony.keysOf(), [ceremony.keyArn, ceremony.keyArn]);
      assert.equal(ceremony.records().length, 1);
      assert.ok(
        ceremony.called().some(({ error, tries }) => error !== undefined || tries !== undefined),
        'the fault was met',
      );
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    } finally {
      await ceremony.close();
    }
  });
  t.diagnostic(
    `${chosen.length} of ${cases.length} cases, ${ranAgain.length} after a second run: ${ranAgain.join(', ')}`,
  );
  assert.deepEqual(failures, []);
});
