import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { generateIdentity } from 'age-encryption';
import type { Answers } from '../../source/ceremony/question.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import type { MadeBackup } from '../../source/steps/backup-fact.ts';
import {
  identityPath,
  identityProblem,
  keepBackup,
  openBackupFile,
  openingQuestion,
} from '../../source/steps/backup-file.ts';
import { type BadBackup, badBackupProblem } from '../../source/steps/bad-backup.ts';
import { workIn } from '../kept-environment.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices, makeOfflineServicesFor } from '../offline-services.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { typedText } from '../typed-text.ts';
import { problemOf } from './ceremony.ts';

const { recipient, identityFile } = ageIdentity(newFolder());
const strangerFile = join(newFolder(), 'stranger.txt');
writeFileSync(strangerFile, `${await generateIdentity()}\n`, { mode: 0o600 });
const name = 'a.key.age';

function folderHere(t: TestContext) {
  const services = makeOfflineServicesFor(t);
  const opens = (backup: MadeBackup, answers: Answers) => openBackupFile(backup, { facts: {}, answers, services });
  return { folder: services.folder, services, opens };
}

const factOf = (by: MadeBackup['by'], bytes: Buffer): MadeBackup => ({
  by,
  file: name,
  sha256: sha256Of(bytes),
  recipients: [],
  proven: 'opened',
});

test('a backup that cannot be opened says why, and asks for what would open it', async (t) => {
  const { folder, opens } = folderHere(t);
  const path = folder.file(name);
  await sealedTo(recipient, Buffer.alloc(32, 7), path);
  const bytes = readFileSync(path);
  const toRecipient = factOf('recipients', bytes);
  const key = await opens(toRecipient, { identity: identityFile });
  assert.ok(key.use((each) => each.every((byte) => byte === 7)));
  key.destroy();

  const cannotOpen = `Can't open the backup ${path}.`;
  const [missing, unread, wrong, changed] = [
    await problemOf(opens(toRecipient, {})),
    await problemOf(opens(toRecipient, { identity: 'gone.txt' })),
    await problemOf(opens(toRecipient, { identity: strangerFile })),
    await problemOf(opens({ ...toRecipient, sha256: 'f'.repeat(64) }, { identity: strangerFile })),
  ];
  for (const [{ what, why, remedies }, says] of [
    [missing, 'Its identity was not given in this run.'],
    [unread, 'There is no such file or folder.'],
  ] as const) {
    assert.deepEqual([what, why], ["Can't open the backup.", says]);
    assert.deepEqual(remedies, [{ action: 'ask-again', label: 'Give the identity', question: 'identity' }]);
  }
  assert.equal(wrong.what, cannotOpen);
  assert.deepEqual(wrong.remedies, [{ action: 'ask-again', label: 'Give another identity', question: 'identity' }]);
  assert.equal(changed.what, cannotOpen);
  assert.equal(changed.why, `The file has changed since it was made. ${wrong.why}`);
  assert.equal(changed.remedies, undefined);
  for (const { state } of [missing, unread, wrong, changed]) assert.equal(state, 'Nothing was changed.');
});

test('a backup under a passphrase is not opened without it, and with another one it is asked for again', async (t) => {
  const { folder, opens, services } = folderHere(t);
  await sealedTo(recipient, Buffer.alloc(32, 7), folder.file(name));
  const backup = factOf('passphrase', readFileSync(folder.file(name)));
  const missing = await problemOf(opens(backup, {}));
  assert.equal(missing.why, 'Its passphrase was not given in this run.');
  assert.deepEqual(missing.remedies, [{ action: 'ask-again', label: 'Give the passphrase', question: 'passphrase' }]);
  services.secrets.holdPassphrase(typedText('winter lamp orbit saddle'));
  const { remedies } = await problemOf(opens(backup, {}));
  assert.deepEqual(remedies, [{ action: 'ask-again', label: 'Give another passphrase', question: 'passphrase' }]);
});

test('a backup that is gone, or that cannot be read, is told with its path', async (t) => {
  const { folder, opens } = folderHere(t);
  const { what, why, next } = await problemOf(
    opens(factOf('recipients', Buffer.from('x')), { identity: identityFile }),
  );
  assert.equal(what, `Can't open the backup ${folder.file(name)}.`);
  assert.match(why ?? '', /\S/);
  assert.ok(next[0]?.includes(folder.file(name)));
});

test('what opens a backup is asked for by its kind, and the identity file of before is the likely answer', (t) => {
  const { services } = folderHere(t);
  const asked = (by: MadeBackup['by']) => openingQuestion({ by, file: name }, services, 'why');
  assert.deepEqual([asked('passphrase').kind, asked('recipients').kind], ['secret', 'file']);
  const { ask, label, form, help } = asked('passphrase');
  assert.deepEqual([ask, help], [`What is the passphrase of ${name}?`, 'why']);
  for (const words of [label, form]) assert.match(words, /passphrase/i);
  const secret = asked('passphrase');
  assert.deepEqual([secret.id, secret.kind === 'secret' && secret.answeredIn], ['passphrase', 'backup']);
  const file = asked('recipients');
  assert.deepEqual([file.id, file.ask, file.help], ['identity', `Which identity file opens ${name}?`, 'why']);
  assert.equal(file.kind === 'file' && typeof file.complete, 'function');
  const defaultNow = () => {
    const question = asked('recipients');
    return question.kind === 'file' ? question.default : assert.fail('it is a file');
  };
  assert.equal(defaultNow(), undefined);
  for (const [identity, likely] of [
    ['', undefined],
    [identityFile, identityFile],
  ] as const) {
    services.journal.append({ kind: 'answered', step: 'backup', answers: { identity } });
    assert.equal(defaultNow(), likely);
  }
});

test('an identity file is one that holds an age identity, and its path is taken from the folder in which a person works', (t) => {
  const here = workIn(t);
  const { services } = folderHere(t);
  writeFileSync(join(here, 'id.txt'), readFileSync(identityFile), { mode: 0o600 });
  writeFileSync(join(here, 'other.txt'), 'no identity', { mode: 0o600 });
  assert.equal(identityPath({ identity: 'id.txt' }, services), join(here, 'id.txt'));
  for (const answers of [{}, { identity: '' }, { identity: '  ' }]) assert.equal(identityPath(answers, services), '');
  assert.equal(identityProblem('id.txt', services), undefined);
  assert.equal(identityProblem(' ', services), 'Type the path of the identity file.');
  for (const unfit of ['other.txt', 'gone.txt']) assert.match(identityProblem(unfit, services) ?? '', /\S/);
});

test('a backup gets its name only once it is proven as it is on the disk, and nothing half-written stays', async (t) => {
  const { folder, services } = folderHere(t);
  const [path, half] = [folder.file(name), folder.file(`${name}.new`)];
  const bytes = Buffer.from('age-encryption.org/v1\n');
  writeFileSync(half, 'half of one that a run which was killed has left', { mode: 0o600 });
  const proof = await keepBackup(bytes, name, services, async (readBack) => {
    assert.deepEqual(readBack, bytes);
    assert.deepEqual([existsSync(path), statSync(half).mode & 0o777], [false, 0o600]);
    return 'proven';
  });
  assert.equal(proof, 'proven');
  assert.deepEqual(readFileSync(path), bytes);
  assert.equal(existsSync(half), false);

  const unproven = keepBackup(Buffer.from('other'), name, services, () => Promise.reject(new Error('no')));
  await assert.rejects(unproven, /^Error: no$/);
  const tooLarge = Buffer.alloc(8 * 1024 * 1024);
  const { what } = await problemOf(keepBackup(tooLarge, name, services, () => assert.fail('it is not read')));
  assert.equal(what, `Can't open the backup ${half}.`);
  assert.deepEqual(readFileSync(path), bytes);
  assert.equal(existsSync(half), false);
});

test('a file that is no good backup is told by what is wrong with it, and only another passphrase or identity is asked for', () => {
  const services = makeOfflineServices();
  const command = 'keyferry check-backup FILE --workdir w';
  const keep = 'Keep the KMS key as it is until a copy is found good.';
  const check = (what: string) => `${what}: ${command}`;
  const named = check('Name the backup that Keyferry made, which ends in .key.age');
  const another = check('Check another copy of this backup');
  const orAnother = check('Or check another backup');
  const codes = new Set<string>();
  for (const [trouble, question, ...next] of [
    ['not read', undefined, check('Name a backup that is there')],
    ['plain key', undefined, check('Encrypt it with age first, and check that file')],
    ['not an age file', undefined, named],
    ['no key', undefined, named],
    ['cut off', undefined, another, keep],
    ['damaged', undefined, another, keep],
    ['wrong passphrase', 'passphrase', 'Give the passphrase that was chosen for this backup.', orAnother],
    ['wrong identity', 'identity', 'Give the identity of one of its recipients.', orAnother],
  ] as const satisfies readonly (readonly [BadBackup['trouble'], string | undefined, ...string[]])[]) {
    const { code = '', ...problem } = badBackupProblem({ path: 'a.age', trouble, why: 'It is so.' }, services);
    assert.deepEqual(problem, {
      kind: 'fixable',
      what: "Can't use a.age as a backup.",
      why: 'It is so.',
      state: 'Nothing was sent or changed.',
      next,
      endsHere: true,
      ...(question === undefined
        ? {}
        : { remedies: [{ action: 'ask-again', label: `Give another ${question}`, question }] }),
    });
    assert.match(code, /^\w+$/);
    codes.add(code);
  }
  assert.equal(codes.size, 8, 'a program tells them apart');
});
