import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { memoryAlone, together } from '../e2e/answers.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { outside } from './outside.ts';
import { callsIn, type Disturbable, getOverPassingFaults } from './passing-faults.ts';

/*
 * Every operation that the check of a backup calls meets each passing fault. It finishes by itself, or after the same command once
 * more, and the key is as it was.
 */

const { recipient, identityFile } = ageIdentity(newFolder());

/** A finished first import with a backup, and the check of that. */
async function imported(): Promise<Disturbable> {
  const changes = together(memoryAlone, backedUp(recipient, identityFile));
  const { aws, workdir, run, set, close } = await outside({ changes });
  const { status, stderr } = await run();
  assert.equal(status, 0, stderr);
  const kms = new KMSClient({ endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' });
  const KeyId = JSON.parse(readFileSync(join(workdir, 'record.json'), 'utf8')).key.keyId;
  return {
    set,
    close,
    go: () =>
      run({}, (args) => [
        'check-backup',
        '--yes',
        '--identity',
        identityFile,
        ...args.filter((word) => !/^run$|yaml$/.test(word)),
      ]),
    called: () => callsIn(workdir, /^journal-check-backup-/),
    check: async () => {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      assert.deepEqual([KeyMetadata?.KeyState, KeyMetadata?.ValidTo], ['Enabled', undefined]);
    },
  };
}

test('the check of a backup gets over each passing fault of each operation that it calls', { timeout: 600_000 }, (t) =>
  getOverPassingFaults(t, { make: imported, calls: 'KMS.ImportKeyMaterial', least: 4, oneIn: 20 }),
);
