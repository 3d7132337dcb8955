import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { CreateAliasCommand, CreateKeyCommand, DescribeKeyCommand, ListKeyRotationsCommand } from '@aws-sdk/client-kms';
import { keyInBackup } from '../e2e/backup-key.ts';
import { existingWith } from '../e2e/existing-answers.ts';
import { newFolder } from '../new-folder.ts';
import { inPractice, onlyKey } from '../practice/in-practice.ts';
import { importMaterial } from '../practice/practising.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { assertWholeAndUnlocked, copyCeremony } from './copied-ceremony.ts';
import { type Killable, matrix } from './killing.ts';

/*
 * Kills an import into an existing key at each of its points and goes on with the same command: the key has one material,
 * its backup is that material, and one record says so.
 */

const home = newFolder();
const timeout = 600_000;
const prepared = newFolder();
const { recipient, identity } = ageIdentity(prepared);

before(
  async () => {
    writeFileSync(join(prepared, 'answers.yaml'), existingWith(backedUp(recipient, 'age-identity.txt')));
    await inPractice(join(prepared, 'w'), async (kms) => {
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
      await kms.send(new CreateAliasCommand({ AliasName: 'alias/theirs', TargetKeyId: KeyMetadata?.KeyId }));
    });
  },
  { timeout },
);

test('killed before and after every journal write and every AWS request, it imports one material, with one record', {
  timeout,
}, async (t) => {
  const of = '^(before|after) (write journal|request)';
  const through = ['ImportKeyMaterial', 'GetKeyPolicy', 'GetParametersForImport', '(intent import)'];
  await matrix(t, async () => waiting(of), { oneIn: 48, through });
});

test('killed while files are made, and in the middle of writes, it imports one material, with one record', {
  timeout,
}, async (t) => {
  const of = '^(before|half|after) (?!request|write journal)|^half write journal';
  await matrix(t, async () => waiting(of), { oneIn: 48, through: ['record.md', 'theirs.key.age'] });
});

/** A copy of an account in which somebody else's key waits. */
function waiting(of: string): Killable {
  const folder = copyCeremony(prepared);
  const args = ['run', 'answers.yaml', '--practice', '--workdir', 'w'];
  return { cut: { folder, home, of, args }, check: () => assertImportedOnce(folder) };
}

async function assertImportedOnce(folder: string): Promise<void> {
  const workdir = join(folder, 'w');
  const names = assertWholeAndUnlocked(workdir);
  const record = JSON.parse(readFileSync(join(workdir, 'record.json'), 'utf8'));
  assert.ok(names.includes('record.md'));
  const kept = await keyInBackup(join(workdir, record.backup.file), { by: 'identities', identities: [identity] });
  await inPractice(workdir, async (kms) => {
    const KeyId = await onlyKey(kms);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    assert.deepEqual([KeyMetadata?.KeyState, record.key.keyId], ['Enabled', KeyId]);
    assert.equal(record.material.keyMaterialId, KeyMetadata?.CurrentKeyMaterialId);
    const { Rotations = [] } = await kms.send(
      new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    );
    assert.deepEqual(
      Rotations.map(({ KeyMaterialState, ImportState }) => [KeyMaterialState, ImportState]),
      [['CURRENT', 'IMPORTED']],
    );
    // The backup is the very material: KMS takes no other bytes as existing material.
    await importMaterial(kms, KeyId, kept, { ImportType: 'EXISTING_KEY_MATERIAL' });
  });
}
