import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isNamed, type KnownKey, knownKeys, readKnownFolders } from '../../source/ceremonies/known-keys.ts';
import { newFolder } from '../new-folder.ts';
import { beginCheck, beginImport, beginReimport, continueImport, type RunningCeremony } from '../steps/ceremony.ts';
import { loseMaterial, opened, recipient, rotated } from '../steps/lost-material.ts';

const toRecipient = { how: 'recipients', recipients: [recipient], ...opened };

/** A first import in `keyferry-NAME` of a new folder, whose only copy is its backup. */
async function inFolder(t: TestContext, backup: object = toRecipient, parent = newFolder()) {
  const path = join(parent, 'keyferry-my-first-key');
  const answers = {
    'secret-key': { keep: 'memory' },
    backup: { ...backup },
    import: { expiry: 'date', 'valid-to': '90d' },
  };
  const ceremony = await beginImport(t, { path, answers });
  return { ceremony, parent, path };
}

const lastLine = ({ services }: RunningCeremony) => services.journal.lines.at(-1)?.at;
const later = (ceremony: RunningCeremony, hours: number) => {
  ceremony.practice.clock.now = new Date(ceremony.practice.clock.now.getTime() + hours * 3_600_000);
};

test('a folder tells of its key what the first import established, and when its backup was proven', async (t) => {
  const { ceremony, parent, path } = await inFolder(t);
  await ceremony.upTo('policy');
  const { key, connection } = ceremony.facts;
  const [begun, ...others] = knownKeys(parent);
  assert.deepEqual(others, []);
  assert.equal(begun?.isFinished, false);
  assert.ok(!('validTo' in (begun ?? {})) && begun?.backup === undefined, 'nothing is imported, so nothing is proven');
  assert.deepEqual([...readKnownFolders(parent).unfinished], [[ceremony.services.journal.state.id, path]]);

  await ceremony.upTo();
  const [known] = knownKeys(parent);
  const made = ceremony.services.journal.lines.find((line) => line.kind === 'done' && line.step === 'backup');
  assert.deepEqual(known, {
    keyArn: key?.keyArn,
    alias: 'alias/my-first-key',
    folder: path,
    accountId: connection?.accountId,
    region: 'us-east-1',
    source: 'practice',
    isFinished: true,
    asOf: lastLine(ceremony),
    validTo: ceremony.facts.imported?.validTo,
    backup: known?.backups[0],
    backups: [
      {
        file: join(path, 'my-first-key.key.age'),
        keyMaterialId: ceremony.facts.imported?.keyMaterialId,
        provenAt: made?.at,
      },
    ],
    hasUnopenedBackup: false,
  });
  assert.deepEqual([...readKnownFolders(parent).unfinished], []);
});

test('a key is meant by its id, its ARN, its alias or the ARN of that, and by nothing else', () => {
  const arn = 'arn:aws:kms:us-east-1:000000000000';
  const known = { keyArn: `${arn}:key/mrk-1`, alias: 'alias/a/b' } as KnownKey;
  for (const name of ['mrk-1', `${arn}:key/mrk-1`, 'alias/a/b', `${arn}:alias/a/b`, ' mrk-1 '])
    assert.equal(isNamed(known, name), true, name);
  for (const name of ['', 'mrk', 'b', 'a/b', `${arn}:alias/a`, `${arn}:key/mrk-1:alias/a/b`, 'key/mrk-1'])
    assert.equal(isNamed(known, name), false, name);
});

test('a backup that nothing here could open is not called proven', async (t) => {
  const { ceremony, parent } = await inFolder(t, { how: 'recipients', recipients: [recipient] });
  await ceremony.upTo();
  const [known] = knownKeys(parent);
  assert.deepEqual([known?.backup, known?.hasUnopenedBackup], [undefined, true]);
});

for (const [what, secretInKms] of [
  ['other bytes were imported than the backup holds', 'other'],
  ['KMS did not compare what was imported with the backup', 'not shown'],
] as const)
  test(`where ${what}, the backup is not called proven`, async (t) => {
    const { ceremony, parent } = await inFolder(t);
    await ceremony.upTo();
    const { journal } = ceremony.services;
    const { imported } = ceremony.facts;
    const other = await inFolder(t);
    await other.ceremony.upTo('wrap');
    // As the import notes what KMS has said of the secret of the ceremony.
    other.ceremony.services.journal.append({
      kind: 'done',
      step: 'import',
      facts: { imported: { ...imported, secretInKms } },
    });
    assert.equal(journal.state.finished, true);
    assert.deepEqual(knownKeys(other.parent)[0]?.backups, []);
    assert.equal(knownKeys(parent)[0]?.backups.length, 1);
  });

test('a check that KMS answered with "the same" proves the backup anew; one that it refused does not', async (t) => {
  const { ceremony, parent, path } = await inFolder(t);
  await ceremony.upTo();
  later(ceremony, 5);
  const file = join(path, 'my-first-key.key.age');
  const check = await beginCheck(t, ceremony, { file, answers: { 're-import': opened } });
  await check.upTo('recorded-key');
  assert.equal(knownKeys(parent)[0]?.isFinished, true, 'a check that has sent nothing is as if it had not been begun');
  await check.upTo();
  const [known] = knownKeys(parent);
  assert.deepEqual([known?.backup?.file, known?.backup?.provenAt], [file, check.facts.answer?.answeredAt]);
  assert.equal(known?.asOf, lastLine(check));

  later(ceremony, 5);
  const another = await inFolder(t, toRecipient);
  await another.ceremony.upTo();
  const wrong = await beginCheck(t, ceremony, {
    file: join(another.path, 'my-first-key.key.age'),
    answers: { 're-import': opened },
    journalName: 'journal-check-backup-20271125T140200Z.jsonl',
  });
  await wrong.upTo();
  assert.equal(wrong.facts.answer?.same, false);
  assert.deepEqual(knownKeys(parent)[0]?.backup, known?.backup);
});

test('a reimport from a backup proves it and tells the expiry anew; each material has its own proof', async (t) => {
  const { ceremony, parent } = await inFolder(t);
  await ceremony.upTo();
  later(ceremony, 5);
  const path = await rotated(ceremony, recipient);
  await loseMaterial(ceremony);
  const before = knownKeys(parent)[0]?.backup;
  const again = await beginReimport(t, ceremony, {
    answers: { ...opened, backups: [path], expiry: 'date', 'valid-to': '30d' },
  });
  await again.upTo('bring-back');
  assert.equal(knownKeys(parent)[0]?.isFinished, false);
  await again.upTo();
  const [known] = knownKeys(parent);
  const [brought] = again.facts.broughtBack?.materials ?? [];
  assert.equal(known?.isFinished, true);
  assert.deepEqual(known?.backups, [
    before,
    { file: path, keyMaterialId: brought?.keyMaterialId, provenAt: brought?.importedAt },
  ]);
  assert.deepEqual(known?.backup, known?.backups[1]);
});

test('a reimport of the material of the first import tells when that expires now', async (t) => {
  const { ceremony, parent } = await inFolder(t);
  await ceremony.upTo();
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony, { answers: { ...opened, expiry: 'never' } });
  await again.upTo();
  assert.equal(knownKeys(parent)[0]?.validTo, null);
});

test('a reimport that was given up counts as under way no more once a later one is finished', async (t) => {
  const { ceremony, parent } = await inFolder(t);
  await ceremony.upTo();
  await loseMaterial(ceremony);
  const givenUp = await beginReimport(t, ceremony, { answers: opened });
  await givenUp.upTo('bring-back');
  await loseMaterial(ceremony);
  const journalName = 'journal-reimport-20261126T140200Z.jsonl';
  const again = await beginReimport(t, ceremony, { answers: opened, journalName });
  await again.upTo('bring-back');
  assert.equal(knownKeys(parent)[0]?.isFinished, false);
  await again.upTo();
  assert.equal(knownKeys(parent)[0]?.isFinished, true);
});

test('a key file in the clear from which material came back is no backup, and none once it is gone', async (t) => {
  const parent = newFolder();
  const path = join(parent, 'keyferry-my-first-key');
  const ceremony = await beginImport(t, { path });
  await ceremony.upTo('prove');
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony);
  await again.upTo('bring-back');
  const file = again.facts.broughtBack?.materials[0]?.file ?? '';
  assert.match(file, /plain_text_aes_key\.bin$/);
  assert.deepEqual(knownKeys(parent)[0]?.backups, []);
  rmSync(file);
  assert.deepEqual(knownKeys(parent)[0]?.backups, []);
});

test('folders are found in the current one, and beside it where it is one of them', async (t) => {
  const { ceremony, parent, path } = await inFolder(t);
  await ceremony.upTo('policy');
  ceremony.services.journal.close();
  const other = join(parent, 'keyferry-other');
  mkdirSync(other);
  assert.deepEqual(knownKeys(other), []);
  assert.deepEqual(
    knownKeys(path).map(({ folder }) => folder),
    [path],
  );
  renameSync(path, join(parent, 'elsewhere'));
  assert.deepEqual(knownKeys(parent), [], 'folders of other names are not looked into');
  renameSync(join(parent, 'elsewhere'), other);
  await beginImport(t, { path, practice: ceremony.practice }).then((second) => second.upTo('secret-key'));
  assert.deepEqual(
    knownKeys(path).map(({ folder }) => folder),
    [other],
  );
  const continued = await continueImport(t, ceremony, { path: other });
  await continued.upTo();
  assert.equal(knownKeys(parent)[0]?.isFinished, true);
});

test('a journal that cannot be read is told, with its place', async (t) => {
  const { ceremony, parent, path } = await inFolder(t);
  await ceremony.upTo('policy');
  ceremony.services.journal.close();
  writeFileSync(join(path, 'journal.jsonl'), '{"kind":"begun"}\n');
  const { keys, unreadable } = readKnownFolders(parent);
  assert.deepEqual(keys, []);
  assert.deepEqual(
    unreadable.map((one) => one.path),
    [join(path, 'journal.jsonl')],
  );
  assert.match(unreadable[0]?.why ?? '', /^The line /);
});
