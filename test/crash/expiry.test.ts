import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { exampleWith } from '../e2e/answers.ts';
import { newFolder } from '../new-folder.ts';
import { assertWholeAndUnlocked, copyCeremony, inPractice, onlyKey } from './copied-ceremony.ts';
import { resumed } from './cut-off.ts';
import { type Killable, matrix } from './killing.ts';

/*
 * Kills a change of an expiry at each of its points and goes on with the same command: KMS has the new expiry, and one record
 * says what was before and after, however often it took.
 */

const home = newFolder();
const timeout = 600_000;
const prepared = newFolder();
/** A day, and not days from now: a run that finds all of it done has nothing to do. */
const validTo = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
const answers = `ceremony: expiry\nchange-expiry:\n  expiry: date\n  valid-to: ${validTo}\n  shorten: true\n`;

before(
  async () => {
    writeFileSync(join(prepared, 'answers.yaml'), exampleWith());
    const args = ['run', 'answers.yaml', '--practice', '--workdir', 'w'];
    const { status, stderr } = await resumed({ folder: prepared, home, of: '', args });
    assert.equal(status, 0, stderr);
    writeFileSync(join(prepared, 'expiry.yaml'), answers);
  },
  { timeout },
);

test('killed before and after every journal write and every AWS request, it changes the expiry with one record', {
  timeout,
}, async (t) => {
  const of = '^(before|after) (write journal|request)';
  const through = ['ImportKeyMaterial', 'GetParametersForImport', 'kms TrentService.Decrypt', '(intent change-expiry)'];
  await matrix(t, async () => copied(of), { oneIn: 40, through });
});

test('killed while files are made, and in the middle of writes, it changes the expiry with one record', {
  timeout,
}, async (t) => {
  const of = '^(before|half|after) (?!request|write journal)|^half write journal';
  await matrix(t, async () => copied(of), { oneIn: 40, through: ['record-expiry'] });
});

/** A copy of the ceremony. */
function copied(of: string): Killable {
  const folder = copyCeremony(prepared);
  const args = ['run', 'expiry.yaml', '--practice', '--workdir', 'w'];
  return { cut: { folder, home, of, args }, check: () => assertChangedOnce(folder) };
}

async function assertChangedOnce(folder: string): Promise<void> {
  const workdir = join(folder, 'w');
  const names = assertWholeAndUnlocked(workdir);
  const journals = names.filter((name) => /^journal-expiry-.*\.jsonl$/.test(name));
  const unfinished = journals.filter(
    (name) => !readFileSync(join(workdir, name), 'utf8').includes('"kind":"finished"'),
  );
  assert.ok(unfinished.length <= 1, `unfinished: ${unfinished}`);
  const records = names.filter((name) => /^record-expiry-.*\.json$/.test(name));
  assert.equal(records.length, 1, 'one record');
  const record = JSON.parse(readFileSync(join(workdir, records[0] as string), 'utf8'));
  assert.ok(names.includes(records[0]?.replace('.json', '.md') as string));
  await inPractice(folder, async (kms) => {
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
