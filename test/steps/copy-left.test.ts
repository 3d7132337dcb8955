import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sha256Of } from '../../source/disk/sha256.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { displayPath, findCopies, findSecret, isCopyLeft } from '../../source/steps/known-copies.ts';
import { foreverImported, openedBackup } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServicesFor } from '../offline-services.ts';

const file = 'plain_text_aes_key.bin';

/** A key, a folder for its copies, and the journal of a ceremony that has done these steps. */
function withSteps(t: TestContext, ...done: readonly string[]) {
  const services = makeOfflineServicesFor(t);
  const { folder, journal, secrets } = services;
  for (const step of done) journal.append({ kind: 'done', step, facts: {} });
  const bytes = randomBytes(32);
  const key = () => SecretBytes.takeFrom(Buffer.from(bytes));
  using copy = key();
  const secret = { origin: 'generated', bytes: 32, checkValue: keyCheckValue(copy) } as const;
  const write = (content: Uint8Array, name = file) => writeFileSync(folder.file(name), content, { mode: 0o600 });
  return {
    folder,
    services,
    secrets,
    bytes,
    key,
    secret,
    write,
    isLeft: (facts: Facts) => isCopyLeft(facts, services),
  };
}

const backupOf = (content: string) => ({ ...openedBackup, sha256: sha256Of(content) });

test('before its step is done, a file that will be written counts as a copy, and afterwards only what is there', (t) => {
  const planned = withSteps(t);
  assert.equal(planned.isLeft({ secret: { ...planned.secret, file } }), true);
  assert.equal(planned.isLeft({ secret: planned.secret }), false);
  const { isLeft, secret, write, bytes, folder, secrets, key } = withSteps(t, 'secret-key');
  const withFile = { secret: { ...secret, file } };
  assert.equal(isLeft(withFile), false);
  write(bytes);
  assert.equal(isLeft(withFile), true);
  write(randomBytes(32));
  assert.equal(isLeft(withFile), false, 'it is another key');
  rmSync(folder.file(file));
  secrets.holdKey(key());
  assert.equal(isLeft(withFile), false, 'what is in memory goes with the run');
  assert.equal(isLeft({ secret, backup: backupOf('x') }), true);
});

test('a backup is a copy as long as it is there as it was written; the copy of a keeper counts as stated', (t) => {
  const { isLeft, secret, services, write } = withSteps(t, 'secret-key', 'backup');
  const facts = { secret, backup: backupOf('sealed') };
  const whys = () => findSecret(facts, services).filesWithoutKey.map(({ why }) => why);
  assert.equal(isLeft(facts), false);
  assert.deepEqual(whys(), ['It is not there any more.']);
  write(Buffer.from('sealed'), 'a.key.age');
  assert.equal(isLeft(facts), true);
  write(Buffer.from('sealed.'), 'a.key.age');
  assert.equal(isLeft(facts), false);
  assert.deepEqual(whys(), ['It has changed since it was made.']);
  assert.equal(isLeft({ secret: { origin: 'elsewhere', keeper: 'the HSM' }, backup: { by: 'keeper' } }), true);
});

test('a file of the folder is shown with the short path of the folder, and any other as it is', (t) => {
  const { services, folder } = withSteps(t);
  assert.equal(displayPath(services, folder.file(file)), `${folder.shown}/${file}`);
  for (const path of ['/elsewhere/my.key', join(folder.path, 'more', 'my.key')])
    assert.equal(displayPath(services, path), path);
});

test('where KMS holds other bytes, nothing that holds the secret is a copy of the key, and each file says so', (t) => {
  const { services, secret, write, bytes, secrets, key, folder } = withSteps(t, 'secret-key', 'backup');
  write(bytes);
  secrets.holdKey(key());
  const facts = { secret: { ...secret, file }, backup: backupOf('sealed') };
  const imported = (secretInKms: 'shown' | 'not shown' | 'other'): Facts => ({
    ...{ ...facts, wrapped: { file: '', bytes: 0, by: 'you' } },
    imported: { ...foreverImported, secretInKms },
  });
  const kinds = (given: Facts) => findCopies(given, services).copies.map(({ kind }) => kind);
  for (const given of [facts, imported('shown'), imported('not shown')])
    assert.deepEqual(kinds(given), ['plain file', 'memory']);
  const { copies, filesWithoutKey, asOf } = findCopies(imported('other'), services);
  assert.deepEqual(copies, []);
  assert.deepEqual(filesWithoutKey, [
    { path: folder.file(file), why: 'It holds the secret of this ceremony, which is not the key in KMS.' },
    { path: folder.file('a.key.age'), why: 'It is not there any more.' },
  ]);
  assert.match(asOf, /^\d{4}-\d\d-\d\dT/);
});

test('a plain file counts by what it holds, wherever it is named, once, and with who else may read it', (t) => {
  const { services, secret, write, bytes, folder } = withSteps(t, 'secret-key');
  const place = newFolder();
  const own = join(place, 'my.key');
  const found = (facts: Facts) => {
    const { copies, filesWithoutKey } = findSecret(facts, services);
    return [copies, filesWithoutKey];
  };
  const plain = { kind: 'plain file', path: folder.file(file), openToOthers: false };
  assert.deepEqual(found({}), [[], []]);
  assert.deepEqual(found({ secret }), [[], []], 'it was never in a file');
  const gone = { path: folder.file(file), why: 'It is not there any more.' };
  assert.deepEqual(found({ secret: { ...secret, file } }), [[], [gone]]);
  assert.deepEqual(found({ secret: { ...secret, file }, finish: { record: 'record.md', plainKey: 'destroyed' } }), [
    [],
    [],
  ]);
  write(bytes);
  assert.deepEqual(found({ secret }), [[plain], []]);
  writeFileSync(own, bytes, { mode: 0o600 });
  const both = { secret: { ...secret, file, source: own } };
  assert.deepEqual(found(both), [[plain, { ...plain, kind: 'own file', path: own }], []]);
  chmodSync(own, 0o644);
  assert.deepEqual(found(both)[0]?.at(1), { kind: 'own file', path: own, openToOthers: true });
  rmSync(own);
  symlinkSync(folder.file(file), own);
  assert.deepEqual(found(both), [[plain], []], 'it is the same file');
  write(Buffer.from('no key'));
  const [, [unfit] = []] = found({ secret });
  assert.ok(unfit !== undefined && 'why' in unfit && unfit.path === folder.file(file));
  assert.doesNotMatch(unfit.why, /not there/);
});
