import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs, { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { type AgeOpener, openBackup } from '../../source/material/backup.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { backup } from '../../source/steps/backup.ts';
import { describeKey } from '../../source/steps/describe-key.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { keyHere } from '../../source/steps/secret-key-fact.ts';
import type { KeyferryStep } from '../../source/steps/services.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { must } from '../practice/practising.ts';
import { replaceMembers } from '../replace-members.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { typedText } from '../typed-text.ts';
import { bareContext } from './acting.ts';
import { beginImport, continueImport, problemOf, type RunningCeremony, refusalOf } from './ceremony.ts';

const name = 'my-first-key.key.age';
const { recipient, identityFile, identity } = ageIdentity(newFolder());
const toRecipient = { how: 'recipients', recipients: [recipient], identity: identityFile };

/** A ceremony whose key is in memory and in a backup, which is for a recipient where nothing else is said. */
const backedUp = (t: TestContext, backup: Answers = toRecipient) =>
  beginImport(t, { answers: { 'secret-key': { keep: 'memory' }, backup, wrap: { identity: identityFile } } });

/** A key of the person's own, in a file of its own. */
function ownKeyFile(): string {
  const file = join(newFolder(), 'my.key');
  writeFileSync(file, randomBytes(32), { mode: 0o600 });
  return file;
}

const ageFiles = ({ services }: RunningCeremony) =>
  readdirSync(services.folder.path).filter((file) => file.includes('.age'));

/** The check value of the key in the backup, or why it does not open. */
async function openedWith({ services }: RunningCeremony, opener: AgeOpener): Promise<string> {
  const opened = await openBackup(readFileSync(services.folder.file(name)), opener);
  if ('trouble' in opened) return opened.trouble;
  using key = opened;
  return keyCheckValue(key).value;
}

test('a file of the name of the backup that another wrote is refused, and stays byte for byte', async (t) => {
  const ceremony = await backedUp(t);
  await ceremony.upTo('describe-key');
  const { folder } = ceremony.services;
  const before = readdirSync(folder.path).toSorted();
  writeFileSync(folder.file(name), 'the only copy of another key', { mode: 0o600 });
  await assert.rejects(ceremony.upTo('backup'), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.match(error.problem.what, /name is taken/);
    return true;
  });
  assert.equal(readFileSync(folder.file(name), 'utf8'), 'the only copy of another key');
  assert.deepEqual(readdirSync(folder.path).toSorted(), [...before, name].toSorted());
});

for (const [when, last] of [
  ['before its outcome was noted', 'intent'],
  ['before it was done', 'outcome'],
] as const) {
  test(`a backup of a run that was cut off ${when} is set aside for a new one`, async (t) => {
    const ceremony = await backedUp(t);
    await ceremony.upTo('backup');
    const { folder, journal } = ceremony.services;
    const first = readFileSync(folder.file(name));
    const lines = readFileSync(journal.path, 'utf8').split('\n');
    const cut = lines.findIndex((line) => line.startsWith(`{"kind":"${last}","step":"backup","name":"write ${name}"`));
    assert.ok(cut > 0);
    writeFileSync(journal.path, `${lines.slice(0, cut + 1).join('\n')}\n`);
    const later = await continueImport(t, ceremony);
    const { backup, secret } = await later.upTo('backup');
    assert.ok(backup !== undefined && 'file' in backup);
    assert.equal(backup.proven, 'opened');
    assert.deepEqual(readFileSync(folder.file(`${name}.unused-1`)), first);
    assert.notDeepEqual(readFileSync(folder.file(name)), first);
    assert.equal(
      await openedWith(later, { by: 'identities', identities: [identity] }),
      keyHere(secret)?.checkValue.value,
    );
  });
}

test('a backup that was noted and is gone by the next run is made again', async (t) => {
  const ceremony = await backedUp(t);
  await ceremony.upTo('backup');
  const { folder, journal } = ceremony.services;
  const lines = readFileSync(journal.path, 'utf8').split('\n');
  const outcome = lines.findIndex((line) => line.startsWith('{"kind":"outcome","step":"backup"'));
  writeFileSync(journal.path, `${lines.slice(0, outcome + 1).join('\n')}\n`);
  rmSync(folder.file(name));
  const later = await continueImport(t, ceremony);
  const { secret } = await later.upTo('backup');
  assert.equal(
    await openedWith(later, { by: 'identities', identities: [identity] }),
    keyHere(secret)?.checkValue.value,
  );
});

test('a rehearsal has the backup that the answers choose, and none of a key elsewhere', () => {
  const description = { alias: 'alias/a', description: '' };
  const foreseen = (answers: Answers, facts: Facts = {}) =>
    backup.foresee?.({ facts: { description, ...facts }, answers, services: makeOfflineServices() });
  const made = { file: 'a.key.age', sha256: '', proven: 'written' } as const;
  assert.deepEqual(foreseen({ how: 'passphrase' }), { backup: { by: 'passphrase', recipients: [], ...made } });
  assert.deepEqual(foreseen(toRecipient), { backup: { by: 'recipients', recipients: [recipient], ...made } });
  for (const answers of [{}, { how: 'none' }]) assert.deepEqual(foreseen(answers), { backup: { by: 'declined' } });
  const secret = { origin: 'elsewhere', keeper: 'HSM' } as const;
  assert.deepEqual(foreseen({ how: 'passphrase' }, { secret }), { backup: { by: 'keeper' } });
});

test('the commands make a backup as the answers say and open it again where they can, and make none where none is made', () => {
  const description = { alias: 'alias/a', description: '' };
  const services = makeOfflineServices();
  const shown = (answers: Answers, facts: Facts = {}) =>
    backup.commands({ facts: { description, ...facts }, answers, services }).map(({ shell }) => shell);
  const opened = (opener: string) => `age --decrypt${opener} a.key.age | cmp - plain_text_aes_key.bin`;
  for (const answers of [{}, { how: 'passphrase', identity: identityFile }, { kept: 'another', how: 'passphrase' }])
    assert.deepEqual(shown(answers), ['age --passphrase --output a.key.age plain_text_aes_key.bin', opened('')]);
  const encrypted = `age --recipient ${recipient} --recipient age1second --output a.key.age plain_text_aes_key.bin`;
  const to = { how: 'recipients', recipients: [recipient, 'age1second'] };
  assert.deepEqual(shown({ ...to, identity: ' ' }), [encrypted]);
  assert.deepEqual(shown({ ...to, identity: identityFile }), [encrypted, opened(` --identity ${identityFile}`)]);
  for (const answers of [{ how: 'none' }, { kept: 'keep' }]) assert.deepEqual(shown(answers), []);
  assert.deepEqual(shown({ how: 'passphrase' }, { secret: { origin: 'elsewhere', keeper: 'HSM' } }), []);
});

test('what is done for a backup is told as it is done, and the key that it opened to is zero afterwards', async (t) => {
  const opened: SecretBytes[] = [];
  const { equals } = SecretBytes.prototype;
  t.mock.method(SecretBytes.prototype, 'equals', function (this: SecretBytes, other: SecretBytes) {
    opened.push(this);
    return equals.call(this, other);
  });
  for (const [answers, done] of [
    [toRecipient, 'opened again'],
    [{ ...toRecipient, identity: '' }, 'compared'],
  ] as const) {
    const ceremony = await backedUp(t, answers);
    await ceremony.upTo('describe-key');
    const before = ceremony.progress.length;
    await ceremony.upTo('backup');
    assert.deepEqual(
      ceremony.progress.slice(before).map(({ id, state, label }) => `${id} ${state}: ${label}`),
      [
        'backup working: Encrypting a copy of the key',
        'backup working: Reading it back',
        `backup done: ${name} written and ${done}`,
      ],
    );
  }
  assert.equal(opened.length, 1);
  for (const key of opened) assert.throws(() => key.use(() => {}), /destroyed/);
});

test('a backup that opens to other bytes than the key is removed and told, and nothing is imported', async (t) => {
  const ceremony = await backedUp(t);
  await ceremony.upTo('describe-key');
  t.mock.method(SecretBytes.prototype, 'equals', () => false);
  const { what, why, state } = await problemOf(ceremony.upTo('backup'));
  assert.equal(what, "Can't trust the backup: what was read back is not what was made.");
  assert.equal(why, 'It opened to other bytes than the key.');
  assert.equal(state, 'Nothing was imported; the key is unchanged. The file was removed.');
  assert.deepEqual(ageFiles(ceremony), []);
});

test('without the passphrase, which only this run may have, no backup is made and it is asked for', async (t) => {
  const ceremony = await backedUp(t, { how: 'passphrase', passphrase, 'passphrase-again': passphrase });
  await ceremony.upTo('describe-key');
  const { secrets } = ceremony.services;
  t.mock.getter(secrets, 'passphrase', () => undefined);
  const { facts, services } = ceremony;
  const context = bareContext({ facts, answers: { how: 'passphrase' }, services });
  const { what, why, state, remedies } = await problemOf(backup.act(context));
  assert.deepEqual([what, why], ['No backup was made.', 'Its passphrase was not given in this run.']);
  assert.equal(state, 'Nothing was imported; the key is unchanged.');
  assert.deepEqual(remedies, [{ action: 'ask-again', label: 'Give the passphrase', question: 'passphrase' }]);
  assert.deepEqual(ageFiles(ceremony), []);
});

test('a backup step that is done again sets its own earlier backup aside', async (t) => {
  const ceremony = await backedUp(t);
  await ceremony.upTo('backup');
  const { folder } = ceremony.services;
  const first = readFileSync(folder.file(name));
  ceremony.answer('backup', { kept: 'another' });
  const { backup } = await ceremony.upTo('backup', 'describe-key');
  assert.ok(backup !== undefined && 'file' in backup);
  assert.deepEqual(readFileSync(folder.file(`${name}.unused-1`)), first);
  assert.notDeepEqual(readFileSync(folder.file(name)), first);
});

test('a backup of the present key stays when the name of the key changes, and its file gets that name', async (t) => {
  const ceremony = await backedUp(t);
  const { backup } = await ceremony.upTo('backup');
  const { folder } = ceremony.services;
  const first = readFileSync(folder.file(name));
  for (const alias of ['payments', 'payments', 'archive', 'payments']) {
    ceremony.answer('describe-key', { alias });
    const changed = await ceremony.upTo('backup', 'describe-key');
    const file = `${alias}.key.age`;
    assert.deepEqual(changed.backup, { ...backup, file });
    assert.deepEqual(ageFiles(ceremony), [file]);
    assert.deepEqual(readFileSync(folder.file(file)), first);
  }
});

test('a key that only its backup holds after a new start is kept with it, and opened when it is wrapped', async (t) => {
  const ceremony = await backedUp(t);
  const { secret } = await ceremony.upTo('backup');
  const next = await continueImport(t, ceremony);
  await next.upTo('backup');
  assert.equal(next.services.secrets.key === undefined, true);
  const kept = next.questionsOf('backup', {});
  assert.deepEqual(
    kept.map(({ id }) => id),
    ['kept'],
    'nothing that needs the key is asked',
  );
  const [question] = kept;
  assert.ok(question?.kind === 'choice' && Array.isArray(question.options));
  assert.deepEqual(
    question.options.map(({ value, disabled }) => [value, disabled]),
    [
      ['keep', undefined],
      ['another', 'the key is only in this backup now'],
    ],
  );
  // A change asks a step with the facts of the steps before it.
  const { backup: _, description: __, ...before } = next.facts;
  const asked = (step: KeyferryStep) => step.questions({ facts: before, answers: {}, services: next.services });
  assert.match(asked(describeKey)[0]?.help ?? '', new RegExp(`key check value ${keyHere(secret)?.checkValue.value}`));
  assert.deepEqual(
    asked(backup).map(({ id }) => id),
    ['kept'],
    'nor is another backup offered',
  );
  next.answer('describe-key', { alias: 'payments' });
  const changed = await next.upTo('wrap', 'describe-key');
  assert.deepEqual(ageFiles(next), ['payments.key.age']);
  assert.deepEqual(changed.secret, secret, 'no new key was made');
  assert.equal(keyCheckValue(must(next.services.secrets.key)).value, keyHere(secret)?.checkValue.value);
});

test('a backup is not kept for another key, nor when its file has changed', async (t) => {
  const ceremony = await backedUp(t);
  await ceremony.upTo('backup');
  ceremony.answer('secret-key', { origin: 'file', file: ownKeyFile() });
  const { secret } = await ceremony.upTo('backup', 'secret-key');
  const opener = { by: 'identities', identities: [identity] } as const;
  assert.equal(await openedWith(ceremony, opener), keyHere(secret)?.checkValue.value);
  appendFileSync(ceremony.services.folder.file(name), 'x');
  await ceremony.upTo('backup', 'describe-key');
  assert.equal(await openedWith(ceremony, opener), keyHere(secret)?.checkValue.value);
  assert.equal(ageFiles(ceremony).length, 3);
});

test('a backup that is gone when it is to be kept is told, and another one can be made', async (t) => {
  const ceremony = await backedUp(t);
  const facts = await ceremony.upTo('describe-key');
  const { services } = ceremony;
  const { signal } = new AbortController();
  const attempt = () => Promise.reject(new Error('Nothing is tried here.'));
  const told = { report: () => {}, pause: async () => {}, attempt, signal };
  const { why, state, remedies } = await problemOf(backup.act({ facts, answers: { kept: 'keep' }, services, ...told }));
  assert.equal(why, 'Its file has changed, or is gone.');
  assert.equal(state, 'Nothing was imported; the key is unchanged.');
  assert.deepEqual(remedies, [{ action: 'ask-again', label: 'Choose how to make it', question: 'how' }]);
});

test('a name that another file has is refused for a backup that is kept too', async (t) => {
  const ceremony = await backedUp(t);
  await ceremony.upTo('backup');
  writeFileSync(ceremony.services.folder.file('payments.key.age'), 'of another key', { mode: 0o600 });
  ceremony.answer('describe-key', { alias: 'payments' });
  const { what } = await problemOf(ceremony.upTo('backup', 'describe-key'));
  assert.match(what, /name is taken/);
  assert.equal(readFileSync(ceremony.services.folder.file('payments.key.age'), 'utf8'), 'of another key');
});

for (const length of [16, 31, 33]) {
  test(`a ceremony that goes on with a backup of ${length} bytes says so, and wraps nothing`, async (t) => {
    const ceremony = await backedUp(t);
    await ceremony.upTo('wrapping-key');
    await sealedTo(recipient, randomBytes(length), ceremony.services.folder.file(name));
    const later = await continueImport(t, ceremony);
    await assert.rejects(later.upTo('import'), (error) => {
      assert.ok(error instanceof ProblemError);
      assert.match(
        error.problem.why ?? '',
        new RegExp(`^The file has changed since it was made\\..*holds ${length} bytes`),
      );
      assert.equal(error.problem.remedies, undefined, 'another identity would not help');
      return true;
    });
    assert.equal(later.facts.wrapped, undefined);
    assert.equal(later.countOf('KMS.ImportKeyMaterial'), 0);
  });
}

/** A disk that gives back another byte than was written at the end of a backup, until the test ends. */
function damageBackups(t: TestContext): void {
  const { linkSync } = fs;
  const damaging = (from: fs.PathLike, to: fs.PathLike) => {
    linkSync(from, to);
    if (!String(to).includes('.key.age')) return;
    const bytes = readFileSync(to);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(to, bytes);
  };
  replaceMembers(t, fs, { linkSync: damaging });
}

for (const [what, answers] of [
  ['is opened', toRecipient],
  ['is only compared', { how: 'recipients', recipients: [recipient], identity: '' }],
] as const) {
  test(`a backup that ${what} and comes back from the disk otherwise is removed, and nothing is made in AWS`, async (t) => {
    const ceremony = await backedUp(t, answers);
    await ceremony.upTo('describe-key');
    const { folder } = ceremony.services;
    const before = readdirSync(folder.path).toSorted();
    damageBackups(t);
    const { what: title, why, state } = await problemOf(ceremony.upTo());
    assert.equal(title, "Can't trust the backup: what was read back is not what was made.");
    assert.equal(why, 'The file on the disk is not what was written.');
    assert.equal(state, 'Nothing was imported; the key is unchanged. The file was removed.');
    assert.deepEqual(readdirSync(folder.path).toSorted(), before);
    assert.deepEqual(ageFiles(ceremony), []);
    assert.equal(ceremony.facts.backup, undefined);
    assert.deepEqual(ceremony.changes, []);
  });
}

test('an identity that does not open the backup is told, and the file removed', async (t) => {
  const file = join(newFolder(), 'other.txt');
  writeFileSync(file, `${await generateIdentity()}\n`, { mode: 0o600 });
  const ceremony = await backedUp(t, { ...toRecipient, identity: file });
  const { what, state } = await problemOf(ceremony.upTo());
  assert.equal(what, "Can't open the backup with this identity file.");
  assert.equal(state, 'Nothing was imported; the key is unchanged. The file was removed.');
  assert.deepEqual(ageFiles(ceremony), []);
  assert.deepEqual(ceremony.changes, []);
});

test('before anything is made in AWS the backup is there, for its owner alone, and opens to the key', async (t) => {
  const ceremony = await backedUp(t);
  const { backup, secret } = await ceremony.upTo('backup');
  assert.ok(backup !== undefined && 'file' in backup);
  assert.deepEqual([backup.proven, backup.recipients], ['opened', [recipient]]);
  const { folder } = ceremony.services;
  assert.equal(statSync(folder.file(name)).mode & 0o777, 0o600);
  assert.match(readFileSync(folder.file(name), 'latin1'), /^age-encryption\.org\/v1\n/);
  assert.equal(
    await openedWith(ceremony, { by: 'identities', identities: [identity] }),
    keyHere(secret)?.checkValue.value,
  );
  assert.deepEqual(ceremony.changes, []);
  assert.equal(ceremony.receiptOf('backup'), `Backup made: ${name}, opened again to the same key`);
  assert.deepEqual(ceremony.commandsOf('backup'), [
    `age --recipient ${recipient} --output ${name} plain_text_aes_key.bin`,
    `age --decrypt --identity ${identityFile} ${name} | cmp - plain_text_aes_key.bin`,
  ]);
});

test('a backup that nothing here can open is called no more than read back', async (t) => {
  const ceremony = await backedUp(t, { ...toRecipient, identity: '' });
  await ceremony.upTo('describe-key');
  // Half a file that a run which was killed has left does not stand in the way.
  writeFileSync(ceremony.services.folder.file(`${name}.new`), 'age-encryption.org/v1', { mode: 0o600 });
  const { backup } = await ceremony.upTo('backup');
  assert.deepEqual(ageFiles(ceremony), [name]);
  assert.ok(backup !== undefined && 'file' in backup);
  assert.equal(backup.proven, 'written');
  assert.equal(ceremony.receiptOf('backup'), `Backup made: ${name}, read back byte for byte`);
});

test('each recipient alone can open the backup, and nobody else', async (t) => {
  const [second, stranger] = [await generateIdentity(), await generateIdentity()];
  const recipients = [recipient, await identityToRecipient(second)];
  const ceremony = await backedUp(t, { how: 'recipients', recipients, identity: identityFile });
  const { secret } = await ceremony.upTo('backup');
  for (const one of [identity, second])
    assert.equal(
      await openedWith(ceremony, { by: 'identities', identities: [one] }),
      keyHere(secret)?.checkValue.value,
    );
  assert.equal(await openedWith(ceremony, { by: 'identities', identities: [stranger] }), 'wrong identity');
});

test('what is no recipient is refused, above all a secret identity', async (t) => {
  for (const [recipients, says] of [
    [[identity], /That is an identity, which is secret/],
    [['ssh-ed25519 AAAA'], /SSH keys are not taken/],
    [[`${recipient.slice(0, -1)}${recipient.endsWith('q') ? 'p' : 'q'}`], /a letter is missing or wrong/],
    [[], /at least 1/],
  ] as const) {
    const ceremony = await backedUp(t, { ...toRecipient, recipients });
    assert.match(await refusalOf(ceremony.upTo('backup')), says);
  }
});

const passphrase = 'winter lamp orbit saddle';

test('a backup under a passphrase opens with it and no other, and the passphrase is zero once it is made', async (t) => {
  const ceremony = await backedUp(t, { how: 'passphrase', passphrase, 'passphrase-again': passphrase });
  await ceremony.upTo('describe-key');
  const { secrets } = ceremony.services;
  const held: Buffer[] = [];
  const keep = secrets.holdPassphrase.bind(secrets);
  t.mock.method(secrets, 'holdPassphrase', (text: Parameters<typeof keep>[0]) => {
    keep(text);
    held.push(secrets.passphrase?.use((bytes) => bytes) ?? assert.fail('it is held'));
  });
  const { secret } = await ceremony.upTo('backup');
  const open = (text: string) => openedWith(ceremony, { by: 'passphrase', passphrase: Buffer.from(text) });
  assert.equal(await open(passphrase), keyHere(secret)?.checkValue.value);
  assert.equal(await open(`${passphrase} `), 'wrong passphrase');
  assert.equal(secrets.passphrase, undefined);
  assert.ok(held.length > 0);
  for (const bytes of held) assert.ok(bytes.every((byte) => byte === 0));
  assert.equal(readFileSync(ceremony.services.journal.path, 'utf8').includes('orbit'), false);
});

test('a passphrase that was judged too early is judged again, and only for practice may Keyferry make one', async (t) => {
  const ceremony = await backedUp(t);
  const facts = await ceremony.upTo('describe-key');
  const { services } = ceremony;
  const askedIn = (source: 'practice' | 'environment') => {
    const connection = { ...must(facts.connection), source };
    const questions = backup.questions({ facts: { ...facts, connection }, answers: { how: 'passphrase' }, services });
    const question = questions.find(({ id }) => id === 'passphrase');
    return question?.kind === 'secret' ? question : assert.fail('it is asked');
  };
  assert.deepEqual([askedIn('practice').mayBeMade, askedIn('environment').mayBeMade], [true, false]);
  services.secrets.holdPassphrase(typedText('password1'));
  assert.match(String(await askedIn('practice').verify?.('given')), /guessed within a day/);
});

test('who changes only how the backup is made is not asked whether the one from before stays', async (t) => {
  const ceremony = await backedUp(t);
  await ceremony.upTo('backup');
  ceremony.services.journal.append({ kind: 'reopened', step: 'backup' });
  const idsWith = (answers: Answers) => ceremony.questionsOf('backup', answers).map(({ id }) => id);
  assert.deepEqual(idsWith({}), ['kept']);
  assert.deepEqual(idsWith({ kept: 'keep' }), ['kept']);
  assert.deepEqual(idsWith({ kept: 'another', how: 'none' }), ['kept', 'how', 'confirm-none']);
  assert.deepEqual(idsWith({ how: 'none' }), ['how', 'confirm-none']);
});

for (const [what, answers, says] of [
  ['is guessed within a day', { passphrase: 'password1' }, /guessed within a day/],
  ['was typed otherwise the second time', { passphrase, 'passphrase-again': `${passphrase}s` }, /The two differ/],
] as const) {
  test(`a passphrase that ${what} makes no backup`, async (t) => {
    const ceremony = await backedUp(t, { how: 'passphrase', ...answers });
    assert.match(await refusalOf(ceremony.upTo('backup')), says);
    assert.deepEqual(ageFiles(ceremony), []);
  });
}

test('going on without a backup takes the typed phrase, and nothing less', async (t) => {
  const ceremony = await backedUp(t, { how: 'none', 'confirm-none': 'yes' });
  assert.match(await refusalOf(ceremony.upTo()), /Type exactly: no backup/);
  ceremony.answer('backup', { 'confirm-none': 'back' });
  const { what, why, state } = await problemOf(ceremony.upTo());
  assert.equal(what, 'No backup was made.');
  assert.equal(why, 'Going on without one takes the typed phrase.');
  assert.equal(state, 'Nothing was imported; the key is unchanged.');
  assert.deepEqual(ceremony.changes, []);
  ceremony.answer('backup', { 'confirm-none': 'no backup' });
  assert.deepEqual((await ceremony.upTo('backup')).backup, { by: 'declined' });
  assert.match(ceremony.receiptOf('backup'), /^Backup declined/);
});

test('a key that was in memory alone when Keyferry stopped is made anew before it was backed up, and that is told', async (t) => {
  const ceremony = await backedUp(t);
  const { secret } = await ceremony.upTo('describe-key');
  const later = await continueImport(t, ceremony);
  assert.match(
    later.questionsOf('backup')[0]?.help ?? '',
    /^The key was only in memory when Keyferry stopped, so a new one is made\./,
  );
  // Also who takes the recommended set-up hears of it.
  assert.equal(later.questionsOf('backup')[0]?.asked, 'always');
  const { secret: made, imported } = await later.upTo('import');
  assert.notEqual(keyHere(made)?.checkValue.value, keyHere(secret)?.checkValue.value);
  assert.notEqual(keyHere(made)?.zeroBlockCheckValue, keyHere(secret)?.zeroBlockCheckValue);
  assert.ok(imported !== undefined);
  assert.equal(await openedWith(later, { by: 'identities', identities: [identity] }), keyHere(made)?.checkValue.value);
  assert.ok(later.progress.some(({ label }) => label.includes('a new one was made')));
});

test('a key that was in memory alone when Keyferry stopped is taken from its backup once it has one', async (t) => {
  const ceremony = await backedUp(t);
  const { secret } = await ceremony.upTo('wrapping-key');
  const later = await continueImport(t, ceremony);
  const opening = later.questionsOf('wrap', { by: 'keyferry' }).at(-1);
  assert.equal(opening?.help, 'Only the backup still holds the key, so it is taken from there.');
  assert.equal(opening?.kind === 'file' && opening.default, identityFile, 'what opened it before is the likely answer');
  const { secret: now, imported } = await later.upTo('import');
  assert.deepEqual(now, secret);
  assert.ok(imported !== undefined);
});
