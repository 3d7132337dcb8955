import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeleteImportedKeyMaterialCommand, DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { outside } from './outside.ts';
import { callsIn, type Disturbable, filesIn, getOverPassingFaults } from './passing-faults.ts';

/*
 * Every operation that a reimport calls meets each passing fault. It finishes by itself, or after the same command once
 * more; the key is Enabled then, and one record says what came back.
 */

/** A finished first import whose material is gone, and its reimport. */
async function lost(): Promise<Disturbable> {
  const { aws, cut, workdir, run, set, close } = await outside();
  const { status, stderr } = await run();
  assert.equal(status, 0, stderr);
  const kms = new KMSClient({ endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' });
  const KeyId = JSON.parse(readFileSync(join(workdir, 'record.json'), 'utf8')).key.keyId;
  await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
  writeFileSync(join(cut.folder, 'reimport.yaml'), 'ceremony: reimport\nbring-back:\n  expiry: keep\n');
  return {
    set,
    close,
    go: () => run({}, (args) => args.map((word) => (word === 'answers.yaml' ? 'reimport.yaml' : word))),
    called: () => callsIn(workdir, /^journal-reimport-/),
    check: async () => {
      assert.equal((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState, 'Enabled');
      assert.equal(filesIn(workdir, /^record-reimport-.*\.json$/).length, 1);
    },
  };
}

test('a reimport gets over each passing fault of each operation that it calls', { timeout: 600_000 }, (t) =>
  getOverPassingFaults(t, { make: lost, calls: 'KMS.ImportKeyMaterial', least: 8, oneIn: 10 }),
);
