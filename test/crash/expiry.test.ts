import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { inPractice, onlyKey } from '../practice/in-practice.ts';
import { prepareLaterCeremony, readSingleRecord, timeout } from './later-ceremony.ts';

/*
 * Kills a change of an expiry at each of its points and goes on with the same command: KMS has the new expiry, and one record
 * says what was before and after, however often it took.
 */

/** A day, and not days from now: a run that finds all of it done has nothing to do. */
const validTo = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
const answers = `ceremony: expiry\nchange-expiry:\n  expiry: date\n  valid-to: ${validTo}\n  shorten: true\n`;

const { killAtRequests, killAtFiles } = prepareLaterCeremony({
  args: () => ['run', 'expiry.yaml', '--practice', '--workdir', 'w'],
  prepare: (folder) => writeFileSync(join(folder, 'expiry.yaml'), answers),
  check: assertChangedOnce,
  oneIn: 40,
  requests: ['ImportKeyMaterial', 'GetParametersForImport', 'kms TrentService.Decrypt', '(intent change-expiry)'],
  file: 'record-expiry',
});

test(
  'killed before and after every journal write and every AWS request, it changes the expiry with one record',
  { timeout },
  killAtRequests,
);

test(
  'killed while files are made, and in the middle of writes, it changes the expiry with one record',
  { timeout },
  killAtFiles,
);

async function assertChangedOnce(folder: string): Promise<void> {
  const record = readSingleRecord(folder, 'expiry');
  await inPractice(join(folder, 'w'), async (kms) => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: await onlyKey(kms) }));
    assert.equal(KeyMetadata?.KeyState, 'Enabled');
    const [material] = record.materials;
    assert.deepEqual([record.materials.length, material.keyMaterialId], [1, KeyMetadata?.CurrentKeyMaterialId]);
    const after = `${validTo}T00:00:00.000Z`;
    assert.equal(KeyMetadata?.ValidTo?.toISOString(), after);
    assert.deepEqual([material.before, material.change.asked, material.change.after], ['never', after, after]);
    assert.equal(record.proof.keyMaterialId, material.keyMaterialId);
  });
}
