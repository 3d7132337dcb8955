import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  KMSClient,
  ListKeyRotationsCommand,
} from '@aws-sdk/client-kms';
import { ofEnvironment } from '../e2e/answers.ts';
import { existingWith } from '../e2e/existing-answers.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { outside } from './outside.ts';
import { callsIn, type Disturbable, getOverPassingFaults } from './passing-faults.ts';

/*
 * Every operation that an import into an existing key calls meets each passing fault. It finishes by itself, or after the
 * same command once more; the key has one material then, and one record says so.
 */

/** A key of somebody else that waits, and the import into it. */
async function waiting(): Promise<Disturbable> {
  const { aws, cut, workdir, run, set, close } = await outside();
  const kms = new KMSClient({ endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
  const KeyId = KeyMetadata?.KeyId;
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/theirs', TargetKeyId: KeyId }));
  const { recipient, identityFile } = ageIdentity(cut.folder);
  writeFileSync(join(cut.folder, 'answers.yaml'), existingWith(backedUp(recipient, identityFile), ofEnvironment));
  return {
    set,
    close,
    go: () => run(),
    called: () => callsIn(workdir, /^journal\.jsonl$/),
    check: async () => {
      const now = await kms.send(new DescribeKeyCommand({ KeyId }));
      assert.equal(now.KeyMetadata?.KeyState, 'Enabled');
      const all = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
      const materials = ((await kms.send(all)).Rotations ?? []).map(({ KeyMaterialId }) => KeyMaterialId);
      const { material } = JSON.parse(readFileSync(join(workdir, 'record.json'), 'utf8'));
      assert.deepEqual(materials, [material.keyMaterialId]);
    },
  };
}

test(
  'an import into an existing key gets over each passing fault of each operation that it calls',
  {
    timeout: 600_000,
  },
  (t) => getOverPassingFaults(t, { make: waiting, calls: 'KMS.GetKeyPolicy', least: 12, oneIn: 20 }),
);
