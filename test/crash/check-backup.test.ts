import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DescribeKeyCommand, DisableKeyCommand, ListKeyRotationsCommand } from '@aws-sdk/client-kms';
import { exampleWith, memoryAlone } from '../e2e/answers.ts';
import { inPractice, onlyKey } from '../practice/in-practice.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { assertWholeAndUnlocked } from './copied-ceremony.ts';
import { prepareLaterCeremony, timeout } from './later-ceremony.ts';

/*
 * Kills the check of a backup of a Disabled key at each of its points and goes on with the same command: the backup is found to be
 * the key, which has the one material that it had, without an expiry, and is Disabled again.
 */

const { killAtRequests, killAtFiles } = prepareLaterCeremony({
  args: () => ['check-backup', '--yes', '--identity', 'age-identity.txt', '--workdir', 'w'],
  answers: (folder) => exampleWith(backedUp(ageIdentity(folder).recipient, 'age-identity.txt'), memoryAlone),
  prepare: (folder) =>
    inPractice(join(folder, 'w'), async (kms) => {
      await kms.send(new DisableKeyCommand({ KeyId: await onlyKey(kms) }));
    }),
  check: assertAsBefore,
  oneIn: 40,
  requests: ['ImportKeyMaterial', 'GetParametersForImport', 'TrentService.DisableKey'],
  file: 'journal-check-backup',
});

test(
  'killed before and after every journal write and every AWS request, the backup is checked, and the key is Disabled again',
  { timeout },
  killAtRequests,
);

test(
  'killed while files are made, and in the middle of writes, the backup is checked, and the key is Disabled again',
  { timeout },
  killAtFiles,
);

async function assertAsBefore(folder: string): Promise<void> {
  const workdir = join(folder, 'w');
  const names = assertWholeAndUnlocked(workdir);
  const journals = names.filter((name) => /^journal-check-backup-.*\.jsonl$/.test(name)).sort();
  assert.match(readFileSync(join(workdir, journals.at(-1) ?? ''), 'utf8'), /"same":true[\s\S]*"kind":"finished"/);
  await inPractice(workdir, async (kms) => {
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
