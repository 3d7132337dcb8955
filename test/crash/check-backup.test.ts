import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { DescribeKeyCommand, DisableKeyCommand, ListKeyRotationsCommand } from '@aws-sdk/client-kms';
import { exampleWith, memoryAlone } from '../e2e/answers.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { assertWholeAndUnlocked, copyCeremony, inPractice, onlyKey } from './copied-ceremony.ts';
import { resumed } from './cut-off.ts';
import { type Killable, matrix } from './killing.ts';

/*
 * Kills the check of a backup of a Disabled key at each of its points and goes on with the same command: the backup is found to be
 * the key, which has the one material that it had, without an expiry, and is Disabled again.
 */

const home = newFolder();
const timeout = 600_000;
const prepared = newFolder();
const { recipient } = ageIdentity(prepared);

before(
  async () => {
    writeFileSync(join(prepared, 'answers.yaml'), exampleWith(backedUp(recipient, 'age-identity.txt'), memoryAlone));
    const args = ['run', 'answers.yaml', '--practice', '--workdir', 'w'];
    const { status, stderr } = await resumed({ folder: prepared, home, of: '', args });
    assert.equal(status, 0, stderr);
    await inPractice(prepared, async (kms) => {
      await kms.send(new DisableKeyCommand({ KeyId: await onlyKey(kms) }));
    });
  },
  { timeout },
);

test('killed before and after every journal write and every AWS request, the backup is checked, and the key is Disabled again', {
  timeout,
}, async (t) => {
  const of = '^(before|after) (write journal|request)';
  const through = ['ImportKeyMaterial', 'GetParametersForImport', 'TrentService.DisableKey'];
  await matrix(t, async () => copied(of), { oneIn: 40, through });
});

test('killed while files are made, and in the middle of writes, the backup is checked, and the key is Disabled again', {
  timeout,
}, async (t) => {
  const of = '^(before|half|after) (?!request|write journal)|^half write journal';
  await matrix(t, async () => copied(of), { oneIn: 40, through: ['journal-check-backup'] });
});

/** A copy of the ceremony. */
function copied(of: string): Killable {
  const folder = copyCeremony(prepared);
  const args = ['check-backup', '--yes', '--identity', 'age-identity.txt', '--workdir', 'w'];
  return { cut: { folder, home, of, args }, check: () => assertAsBefore(folder) };
}

async function assertAsBefore(folder: string): Promise<void> {
  const workdir = join(folder, 'w');
  const names = assertWholeAndUnlocked(workdir);
  const journals = names.filter((name) => /^journal-check-backup-.*\.jsonl$/.test(name)).sort();
  assert.match(readFileSync(join(workdir, journals.at(-1) ?? ''), 'utf8'), /"same":true[\s\S]*"kind":"finished"/);
  await inPractice(folder, async (kms) => {
    const KeyId = await onlyKey(kms);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    assert.deepEqual([KeyMetadata?.KeyState, KeyMetadata?.ValidTo], ['Disabled', undefined]);
    const all = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
    const { Rotations = [] } = await kms.send(all);
    assert.deepEqual(
      Rotations.map(({ KeyMaterialState, ImportState }) => [KeyMaterialState, ImportState]),
      [['CURRENT', 'IMPORTED']],
    );
  });
}
