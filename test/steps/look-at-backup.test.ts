import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { generateIdentity } from 'age-encryption';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { lookAtBackup } from '../../source/steps/look-at-backup.ts';
import { openForCheck, openingForCheck } from '../../source/steps/open-backup.ts';
import { openedBackup } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices, makeOfflineServicesFor } from '../offline-services.ts';
import { ageIdentity, recipient } from '../secrets/age-identity.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { problemOf } from './ceremony.ts';

/** A folder whose first import has made the backup `a.key.age`; the command line may name another file. */
async function withBackup() {
  const folder = new CeremonyFolder(newFolder(), false);
  const file = folder.file(openedBackup.file);
  await sealedTo(recipient, randomBytes(32), file);
  const sha256 = sha256Of(readFileSync(file));
  const backup = { ...openedBackup, sha256, recipients: [recipient] };
  const look = (named?: string) =>
    lookAtBackup({
      ...makeOfflineServices(folder),
      recorded: { backup, secret: { origin: 'elsewhere', keeper: 'HSM' } },
      preset: named === undefined ? {} : { backup: named },
    });
  return { file, sha256, look, place: newFolder() };
}

test('the backup of the folder is looked at, or the one that is named; only the recorded bytes are the recorded backup', async () => {
  const { file, sha256, look, place } = await withBackup();
  assert.deepEqual(look(), { file, by: 'recipients', sha256, recorded: true });
  const copy = join(place, 'copy.key.age');
  writeFileSync(copy, readFileSync(file));
  assert.deepEqual(look(copy), { file: copy, by: 'recipients', sha256, recorded: true });
  const other = join(place, 'other.key.age');
  await sealedTo(recipient, randomBytes(32), other);
  assert.deepEqual(look(other), {
    ...{ file: other, by: 'recipients', sha256: sha256Of(readFileSync(other)), recorded: false },
  });
});

test('a file that is gone, is no backup or is the key itself is told as that', async () => {
  const { look, place } = await withBackup();
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(join(place, name), content, { mode: 0o600 });
    return join(place, name);
  };
  const whyOf = async (path: string) => (await problemOf(() => look(path))).why ?? '';
  assert.match(await whyOf(join(place, 'gone')), /no such file/);
  const plain = await whyOf(write('my.key', randomBytes(32)));
  assert.match(plain, /It is a plain key file, and no backup: whoever reads it has the key\./);
  const letter = await whyOf(write('letter', 'Dear Sir or Madam,'));
  assert.doesNotMatch(letter, /plain key file|no such file/);
  assert.notEqual(letter, '');
});

/** What opens a backup that is to be checked, as it is asked for; an identity file that opens it, and one of a stranger. */
async function asking(t: TestContext, { recorded = true, isGone = false } = {}) {
  const services = makeOfflineServicesFor(t);
  const { recipient, identityFile } = ageIdentity(newFolder());
  const file = join(newFolder(), 'b.key.age');
  await sealedTo(recipient, randomBytes(32), file);
  const look = { file, by: 'recipients', sha256: '', recorded } as const;
  if (isGone) rmSync(file);
  const stranger = join(newFolder(), 'stranger.txt');
  writeFileSync(stranger, `${await generateIdentity()}\n`, { mode: 0o600 });
  const question = openingForCheck(look, services, 'Nothing is sent.');
  return { question, services, look, file, identityFile, stranger };
}

test('what opens a backup is tried when it is answered, and the key then stays in memory for the step', async (t) => {
  const { question, services, look, file, identityFile } = await asking(t);
  assert.equal(question.help, `It opens\n${file}\nNothing is sent.`);
  assert.equal(question.isVerifiedByAct, true);
  assert.equal(await question.verify?.(identityFile), undefined);
  const { key } = services.secrets;
  assert.ok(key !== undefined);
  rmSync(file);
  assert.equal(await openForCheck(look, {}, services), key, 'it is not opened again');
});

test('an identity that opens no backup is told at the question, with a note where the file is not the recorded one', async (t) => {
  for (const [recorded, note] of [
    [true, ''],
    [false, ' It is not, byte for byte, the file that was made with the key.'],
  ] as const) {
    const { question, services, look, stranger } = await asking(t, { recorded });
    const why = `It is not encrypted to this identity.${note}`;
    assert.equal(await question.verify?.(stranger), why);
    const problem = await problemOf(openForCheck(look, { identity: stranger }, services));
    assert.deepEqual([problem.why, problem.code, problem.endsHere], [why, 'WrongIdentity', true]);
    assert.deepEqual(problem.remedies, [{ action: 'ask-again', label: 'Give another identity', question: 'identity' }]);
    assert.equal(services.secrets.key, undefined);
  }
});

test('a backup that is gone by the answer is told in full, because no other answer helps', async (t) => {
  const { question, identityFile } = await asking(t, { isGone: true });
  const words = String(await question.verify?.(identityFile));
  assert.match(
    words,
    /^There is no such file or folder\. Nothing was sent or changed\. Name a backup that is there: keyferry check-backup FILE/,
  );
});
