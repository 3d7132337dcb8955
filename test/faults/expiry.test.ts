import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { outside } from './outside.ts';
import { callsIn, type Disturbable, filesIn, getOverPassingFaults } from './passing-faults.ts';

/*
 * Every operation that a change of an expiry calls meets each passing fault. It finishes by itself, or after the same command
 * once more; KMS has the new expiry then, and one record says it.
 */

/** A day, and not days from now: a run that finds all of it done has nothing to do. */
const validTo = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);

/** A finished first import whose material does not expire, and the change of that. */
async function imported(): Promise<Disturbable> {
  const { aws, cut, workdir, run, set, close } = await outside();
  const { status, stderr } = await run();
  assert.equal(status, 0, stderr);
  const kms = new KMSClient({ endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' });
  const KeyId = JSON.parse(readFileSync(join(workdir, 'record.json'), 'utf8')).key.keyId;
  const answers = `ceremony: expiry\nchange-expiry:\n  expiry: date\n  valid-to: ${validTo}\n  shorten: true\n`;
  writeFileSync(join(cut.folder, 'expiry.yaml'), answers);
  return {
    set,
    close,
    go: () => run({}, (args) => args.map((word) => (word === 'answers.yaml' ? 'expiry.yaml' : word))),
    called: () => callsIn(workdir, /^journal-expiry-/),
    check: async () => {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      assert.equal(KeyMetadata?.ValidTo?.toISOString(), `${validTo}T00:00:00.000Z`);
      assert.equal(filesIn(workdir, /^record-expiry-.*\.json$/).length, 1);
    },
  };
}

test('a change of an expiry gets over each passing fault of each operation that it calls', { timeout: 600_000 }, (t) =>
  getOverPassingFaults(t, { make: imported, calls: 'KMS.ImportKeyMaterial', least: 8, oneIn: 20 }),
);
