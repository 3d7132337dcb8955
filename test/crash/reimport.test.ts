import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeleteImportedKeyMaterialCommand, DescribeKeyCommand } from '@aws-sdk/client-kms';
import { inPractice, onlyKey } from '../practice/in-practice.ts';
import { prepareLaterCeremony, readSingleRecord, timeout } from './later-ceremony.ts';

/*
 * Kills a reimport at each of its points and goes on with the same command: the key is Enabled again, and one record says
 * what was imported, however often it took.
 */

/** A day, and not days from now: a run that finds all of it done has nothing to do. */
const validTo = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
const answers = `ceremony: reimport\nbring-back:\n  expiry: date\n  valid-to: ${validTo}\n`;

const { killAtRequests, killAtFiles } = prepareLaterCeremony({
  args: () => ['run', 'reimport.yaml', '--practice', '--workdir', 'w'],
  prepare: async (folder) => {
    await inPractice(join(folder, 'w'), async (kms) => {
      await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: await onlyKey(kms) }));
    });
    writeFileSync(join(folder, 'reimport.yaml'), answers);
  },
  check: assertBroughtBackOnce,
  oneIn: 20,
  requests: ['ImportKeyMaterial', 'GetParametersForImport', 'kms TrentService.Decrypt', '(intent bring-back)'],
  file: 'record-reimport',
});

test(
  'killed before and after every journal write and every AWS request, it brings the key back with one record',
  { timeout },
  killAtRequests,
);

test(
  'killed while files are made, and in the middle of writes, it brings the key back with one record',
  { timeout },
  killAtFiles,
);

async function assertBroughtBackOnce(folder: string): Promise<void> {
  const record = readSingleRecord(folder, 'reimport');
  await inPractice(join(folder, 'w'), async (kms) => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: await onlyKey(kms) }));
    assert.equal(KeyMetadata?.KeyState, 'Enabled');
    const [brought] = record.materials;
    assert.deepEqual([record.materials.length, brought.keyMaterialId], [1, KeyMetadata?.CurrentKeyMaterialId]);
    assert.equal(brought.validTo, KeyMetadata?.ValidTo?.toISOString());
    assert.equal(record.proof.keyMaterialId, brought.keyMaterialId);
  });
}
