import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { provenBackups } from '../../source/ceremonies/backup-proofs.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { openedBackup as backup, foreverImported, wrappedHere as wrapped } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';

/* Which backups a journal shows to hold the key: only what was opened and what KMS has said of its bytes counts. */

const [at, then] = ['2026-11-25T14:00:00.000Z', '2026-11-26T14:00:00.000Z'];
const { keyMaterialId } = foreverImported;
const made: Facts = { backup, wrapped, imported: foreverImported };

/** The backups that a journal proves whose steps have established these facts, one after the other. */
function proven(t: TestContext, folder: string, ...steps: readonly (readonly [step: string, facts: Facts])[]) {
  let now = at;
  const journal = new Journal(join(folder, 'journal.jsonl'), () => new Date(now));
  t.after(() => journal.close());
  for (const [step, facts] of steps) {
    journal.append({ kind: 'done', step, facts });
    now = then;
  }
  journal.append({ kind: 'call', operation: 'KMS.DescribeKey' });
  return provenBackups(journal);
}

test('a backup that was opened when it was made is proven at that time, once KMS has the secret in it', (t) => {
  const folder = newFolder();
  const [, ...none] = proven(t, newFolder(), ['backup', { backup }]);
  assert.deepEqual(none, []);
  const { backup: _, ...others } = made;
  assert.deepEqual(proven(t, folder, ['backup', { backup }], ['import', others]), [
    { file: join(folder, 'a.key.age'), keyMaterialId, provenAt: at },
  ]);
  const anew = proven(t, newFolder(), ['backup', { backup }], ['backup', { backup }], ['import', others]);
  assert.equal(anew[0]?.provenAt, then, 'the backup was made anew');
});

for (const [what, facts] of [
  ['that was not opened', { ...made, backup: { ...backup, proven: 'written' } }],
  ['that nobody made', { ...made, backup: { by: 'declined' } }],
  ['of a key that was not imported', { backup, wrapped }],
  ['that a later ceremony repeats', { backup, imported: foreverImported }],
  ['of another secret than KMS has', { ...made, imported: { ...foreverImported, secretInKms: 'other' } }],
  [
    'of a secret that KMS is not shown to have',
    { ...made, imported: { ...foreverImported, secretInKms: 'not shown' } },
  ],
] as const)
  test(`a backup ${what} is not proven`, (t) => {
    assert.deepEqual(proven(t, newFolder(), ['backup', facts as Facts]), []);
  });

test('a check proves a backup when KMS has said that it is the same', (t) => {
  const look = { file: '/copies/a.key.age', by: 'recipients', sha256: '', recorded: true } as const;
  const check = { ...look, keyState: 'Enabled', validTo: null, materialDescription: null };
  const answer = { same: true, answeredAt: then, checkValue: 'aa' };
  const checked = (facts: Facts) => proven(t, newFolder(), ['re-import', facts]);
  const all: Facts = { imported: foreverImported, check, answer };
  assert.deepEqual(checked(all), [{ file: look.file, keyMaterialId, provenAt: then }]);
  for (const fewer of [
    { ...all, answer: { ...answer, same: false } },
    { imported: foreverImported, check },
  ])
    assert.deepEqual(checked(fewer), []);
  assert.deepEqual(checked({ check, answer }), []);
  assert.deepEqual(checked({ imported: foreverImported, answer }), []);
});

test('an import proves the backups from which it came, in a reimport and in a change of the expiry, and no plain file', (t) => {
  const folder = newFolder();
  const age = 'age-encryption.org/v1\n-> X25519 a\nb\n--- c\nd';
  for (const [name, bytes] of [
    ['one.key.age', age],
    ['two', age],
    ['plain.bin', 'x'.repeat(32)],
    ['plain.age', 'x'.repeat(32)],
  ] as const)
    writeFileSync(join(folder, name), bytes);
  const material = (name: string) => ({
    ...{ keyMaterialId: `of ${name}`, checkValue: '', file: join(folder, name), importedAt: then },
    ...{ validTo: null, wasThere: false },
  });
  /** The backups that are proven by a journal whose step has imported from these files. */
  const broughtBy = (step: string, ...names: readonly string[]) => {
    const journal = new Journal(join(newFolder(), 'journal.jsonl'));
    t.after(() => journal.close());
    for (const name of names)
      journal.append({ kind: 'outcome', step, name: `import ${name}`, outcome: 'done', result: material(name) });
    return provenBackups(journal);
  };
  const proofOf = (name: string) => ({ file: join(folder, name), keyMaterialId: `of ${name}`, provenAt: then });
  for (const step of ['bring-back', 'change-expiry']) {
    const found = broughtBy(step, 'one.key.age', 'two', 'plain.bin', 'plain.age', 'gone.age', 'gone.bin');
    assert.deepEqual(found, ['one.key.age', 'two', 'gone.age'].map(proofOf), step);
  }
  assert.deepEqual(broughtBy('other-step', 'two'), []);
});
