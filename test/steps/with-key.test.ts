import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sha256Of } from '../../source/disk/sha256.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { findSecret } from '../../source/steps/known-copies.ts';
import type { KeyHere } from '../../source/steps/secret-key-fact.ts';
import { backupToOpen, isKeyAtHand, isKeyLost, withKey, withKeyAtHand } from '../../source/steps/with-key.ts';
import { openedBackup } from '../known-facts.ts';
import { key } from '../material/samples.ts';
import { assertDestroyed, watchSecrets } from '../material/watched-secrets.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServicesFor } from '../offline-services.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { makeServices } from '../services.ts';
import { problemOf } from './ceremony.ts';

const checkValue = keyCheckValue(SecretBytes.takeFrom(Buffer.from(key)));

test('a key at hand is the one of the ceremony: a file that holds another key is passed over', async (t) => {
  const { services } = await makeServices(t);
  services.folder.make();
  const source = join(newFolder(), 'my.key');
  const facts = { secret: { origin: 'file', bytes: 32, checkValue, source } } as const;
  const atHand = () => withKeyAtHand(facts, services, (secret) => secret?.use((bytes) => bytes.toString('hex')));
  writeFileSync(services.folder.file('plain_text_aes_key.bin'), SecretBytes.generate().use(Buffer.from), {
    mode: 0o600,
  });
  assert.equal(atHand(), undefined);
  writeFileSync(source, key, { mode: 0o600 });
  assert.equal(atHand(), key.toString('hex'));
});

test('a key that is made anew and cannot be noted is forgotten: nothing is wrapped that nobody knows', async (t) => {
  const { services } = await makeServices(t);
  services.folder.make();
  const facts = { secret: { origin: 'generated', bytes: 32, checkValue } } as const;
  services.journal.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '0.0.0' });
  services.journal.append({ kind: 'done', step: 'secret-key', facts });
  assert.equal(isKeyLost(facts, services), true);
  services.journal.close();
  const wrapping = withKey({ facts, answers: {}, services }, () => assert.fail('It was used.'));
  await assert.rejects(wrapping, /The journal is closed/);
  assert.equal(services.secrets.key, undefined);
});

const plainFile = 'plain_text_aes_key.bin';
const { recipient, identityFile } = ageIdentity(newFolder());

/** The steps that this ceremony has done, and its folder. */
function ceremonyAfter(t: TestContext, ...steps: readonly string[]) {
  const services = makeOfflineServicesFor(t);
  const { folder, journal, secrets } = services;
  journal.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '0.0.0' });
  const done = (step: string, facts: object = {}) => journal.append({ kind: 'done', step, facts });
  for (const step of steps) done(step);
  const write = (content: Buffer, path = folder.file(plainFile)) => {
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const secretOf = (more: Partial<KeyHere> = {}): KeyHere => ({ origin: 'generated', bytes: 32, checkValue, ...more });
  /** The bytes with which an act is done, while it is done; and where they are, so that a test sees whether they stay. */
  const use = async (facts: Facts, answers = {}) => {
    let place: Buffer = Buffer.alloc(0);
    const used = await withKey({ facts, answers, services }, (secret, fact) => {
      place = secret.use((bytes) => bytes);
      return { hex: place.toString('hex'), fact };
    });
    return { ...used, place };
  };
  return { services, folder, secrets, journal, done, write, secretOf, use };
}

const isZero = (bytes: Buffer) => bytes.length === 32 && bytes.every((byte) => byte === 0);

test('a key in its plain file is read for one act, and is zero in memory afterwards, also when the act fails', async (t) => {
  const { use, write, secretOf, secrets, services } = ceremonyAfter(t, 'secret-key');
  write(key);
  const facts = { secret: secretOf({ file: plainFile }) };
  const { hex, fact, place } = await use(facts);
  assert.equal(hex, key.toString('hex'));
  assert.equal(fact, facts.secret);
  assert.ok(isZero(place));
  assert.equal(secrets.key, undefined);
  let held: Buffer = Buffer.alloc(0);
  const failing = withKey({ facts, answers: {}, services }, (secret) => {
    held = secret.use((bytes) => bytes);
    throw new Error('It failed.');
  });
  await assert.rejects(failing, /It failed\./);
  assert.ok(isZero(held));
});

test('a plain file that is gone, no key or another key is not used, and the person is told which file to put back', async (t) => {
  const { use, write, secretOf, folder } = ceremonyAfter(t, 'secret-key');
  const facts = { secret: secretOf({ file: plainFile }) };
  const other = Buffer.from(key).reverse();
  for (const [change, why] of [
    [() => rmSync(folder.file(plainFile), { force: true }), /./],
    [() => void write(Buffer.from('no key')), /./],
    [() => void write(other), new RegExp(`^Its check value is no longer ${checkValue.value}\\.$`)],
  ] as const) {
    change();
    const problem = await problemOf(use(facts));
    assert.equal(problem.what, "Can't use the secret key: its file has changed.");
    assert.match(problem.why ?? '', why);
    assert.equal(problem.next[0], `Put the right file back at ${folder.file(plainFile)}`);
  }
});

test('a key in memory is used and stays; without one, it is taken from what is there, and then stays in memory', async (t) => {
  const { use, write, secretOf, secrets, folder } = ceremonyAfter(t, 'secret-key', 'backup');
  secrets.holdKey(SecretBytes.takeFrom(Buffer.from(key)));
  const inMemory = await use({ secret: secretOf() });
  assert.equal(inMemory.place.toString('hex'), key.toString('hex'));
  secrets.forget();
  assert.ok(isZero(inMemory.place));

  const own = write(key, join(newFolder(), 'my.key'));
  const fromOwn = { secret: secretOf({ origin: 'file', source: own }) };
  assert.equal((await use(fromOwn)).hex, key.toString('hex'));
  assert.notEqual(secrets.key, undefined);
  secrets.forget();

  const path = folder.file('a.key.age');
  await sealedTo(recipient, key, path);
  const backup = { ...openedBackup, recipients: [recipient], sha256: sha256Of(readFileSync(path)) };
  const { hex, place } = await use({ secret: secretOf(), backup }, { identity: identityFile });
  assert.deepEqual([hex, place.toString('hex')], [key.toString('hex'), key.toString('hex')]);
  assert.notEqual(secrets.key, undefined);
  secrets.forget();
  await sealedTo(recipient, Buffer.from(key).reverse(), path);
  const { why, next } = await problemOf(use({ secret: secretOf(), backup }, { identity: identityFile }));
  assert.match(why ?? '', /^Its check value is no longer/);
  assert.equal(next[0], `Put the right file back at ${path}`);
  assert.equal(secrets.key, undefined);
});

test('a key that was made and is lost before its import is made anew, with its new check values in each step that noted it', async (t) => {
  const { use, done, secretOf, journal, secrets } = ceremonyAfter(t);
  const facts = { secret: secretOf() };
  done('secret-key', facts);
  done('describe-key', { description: { alias: 'alias/a', description: '' } });
  done('backup', { backup: { by: 'declined' }, ...facts });
  const { fact, place } = await use(facts);
  assert.notEqual(fact.checkValue.value, checkValue.value);
  assert.equal(keyCheckValue(SecretBytes.takeFrom(Buffer.from(place))).value, fact.checkValue.value);
  assert.notEqual(secrets.key, undefined);
  for (const step of ['secret-key', 'backup'])
    assert.deepEqual((journal.state.done.get(step) as Facts).secret, fact, step);
  assert.deepEqual((journal.state.done.get('backup') as Facts).backup, { by: 'declined' });
  assert.equal('secret' in (journal.state.done.get('describe-key') ?? {}), false);
});

test('only a key that Keyferry made, without any copy, and not imported yet, counts as lost', (t) => {
  const own = ceremonyAfter(t).write(key, join(newFolder(), 'my.key'));
  for (const [what, steps, more, facts, isLost] of [
    ['made, in memory alone', ['secret-key'], {}, {}, true],
    ['before it is made', [], {}, {}, false],
    ['after its import', ['secret-key', 'import'], {}, {}, false],
    ['with a backup', ['secret-key'], {}, { backup: openedBackup }, false],
    ['taken from a file that is gone', ['secret-key'], { origin: 'file', source: '/gone/my.key' }, {}, false],
    ['with the file of the person', ['secret-key'], { source: own }, {}, false],
    ['with a plain file on record', ['secret-key'], { file: plainFile }, {}, false],
  ] as const) {
    const { services, secretOf } = ceremonyAfter(t, ...steps);
    assert.equal(isKeyLost({ secret: secretOf(more), ...facts }, services), isLost, what);
  }
  const { services, secretOf, write, secrets, folder } = ceremonyAfter(t, 'secret-key');
  const facts = { secret: secretOf() };
  assert.equal(isKeyAtHand(facts, services), false);
  write(key);
  assert.deepEqual([isKeyAtHand(facts, services), isKeyLost(facts, services)], [true, false]);
  rmSync(folder.file(plainFile));
  secrets.holdKey(SecretBytes.generate());
  assert.deepEqual([isKeyAtHand(facts, services), isKeyLost(facts, services)], [true, false]);
});

test('a key without a copy that is not lost is told with where its file belongs', async (t) => {
  const { use, secretOf } = ceremonyAfter(t, 'secret-key');
  const from = await problemOf(use({ secret: secretOf({ origin: 'file', source: '/gone/my.key' }) }));
  assert.equal(from.what, "Can't use the secret key: no copy of it is here.");
  assert.deepEqual(from.next, ['Put your key file back at /gone/my.key', 'Then try again.']);
  const imported = ceremonyAfter(t, 'secret-key', 'import');
  assert.deepEqual((await problemOf(imported.use({ secret: secretOf() }))).next, ['Begin a new ceremony.']);
});

test('a backup has to be opened only where it is made and nothing else holds the key', (t) => {
  const made = ceremonyAfter(t, 'secret-key', 'backup');
  const facts = { secret: made.secretOf(), backup: openedBackup };
  assert.equal(backupToOpen(facts, made.services), openedBackup);
  assert.equal(backupToOpen({ ...facts, backup: { by: 'declined' } }, made.services), undefined);
  assert.equal(backupToOpen(facts, ceremonyAfter(t, 'secret-key').services), undefined, 'it is still to be made');
  made.write(key);
  assert.equal(backupToOpen(facts, made.services), undefined);
});

test('a key at hand is zero in memory after the look at it, and the one in memory stays', (t) => {
  const { services, write, secretOf, secrets } = ceremonyAfter(t, 'secret-key');
  const facts = { secret: secretOf() };
  const look = () => withKeyAtHand(facts, services, (secret) => secret?.use((bytes) => bytes));
  assert.equal(look(), undefined);
  write(key);
  assert.ok(isZero(look() ?? Buffer.alloc(0)));
  write(Buffer.from('no key at all'));
  assert.equal(look(), undefined);
  secrets.holdKey(SecretBytes.takeFrom(Buffer.from(key)));
  assert.equal(look()?.toString('hex'), key.toString('hex'));
});

test('a key of another ceremony, and one that is only compared, is not kept in memory', async (t) => {
  const { services, use, write, secretOf } = ceremonyAfter(t, 'secret-key');
  const other = Buffer.from(key).reverse();
  write(other);
  const facts = { secret: secretOf({ file: plainFile }) };
  const made = watchSecrets(t);
  await problemOf(use(facts));
  const used = made.length;
  assertDestroyed(made, used);
  withKeyAtHand(facts, services, (secret) => assert.equal(secret, undefined));
  assert.ok(made.length > used);
  assertDestroyed(made, made.length);
  write(key);
  const soFar = made.length;
  assert.equal(findSecret(facts, services).copies.at(0)?.kind, 'plain file');
  assert.ok(made.length > soFar);
  assertDestroyed(made, made.length);
});

test('a file that holds the key as text is the key too', async (t) => {
  const { services, use, write, secretOf } = ceremonyAfter(t, 'secret-key');
  const own = write(Buffer.from(`${key.toString('hex')}\n`), join(newFolder(), 'my.key'));
  const hexAtHand = (facts: Facts) =>
    withKeyAtHand(facts, services, (secret) => secret?.use((bytes) => bytes.toString('hex')));
  const facts = { secret: secretOf({ origin: 'file', source: own }) };
  assert.equal(hexAtHand(facts), key.toString('hex'));
  assert.equal((await use(facts)).hex, key.toString('hex'));
});

test('a key whose backup was made before the person went back over it is not lost', (t) => {
  const { services, secretOf, done, folder } = ceremonyAfter(t);
  const secret = secretOf();
  done('secret-key', { secret });
  const bytes = Buffer.from('age-encryption.org/v1');
  const backup = { ...openedBackup, sha256: sha256Of(bytes) };
  done('backup', { backup });
  folder.write(backup.file, bytes);
  services.journal.append({ kind: 'reopened', step: 'backup' });
  assert.equal(isKeyLost({ secret }, services), false);
  rmSync(folder.file(backup.file));
  assert.equal(isKeyLost({ secret }, services), true);
});
