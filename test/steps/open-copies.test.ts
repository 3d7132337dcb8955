import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { cardFileOf } from '../../source/steps/backup-card.ts';
import { openCopies, openMore } from '../../source/steps/open-copies.ts';
import { openingQuestions } from '../../source/steps/opening-questions.ts';
import { hex, key } from '../material/samples.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServicesFor } from '../offline-services.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo, sealedUnder } from '../secrets/sealed.ts';
import { typedText } from '../typed-text.ts';
import { problemOf } from './ceremony.ts';

const { recipient, identityFile } = ageIdentity(newFolder());
const opening = { identity: identityFile };
const checkValue = keyCheckValue(SecretBytes.takeFrom(Buffer.from(key))).value;

/** A folder with copies, and what a run works with. */
function withCopies(t: TestContext) {
  const services = makeOfflineServicesFor(t);
  const place = newFolder();
  const put = (name: string, content: string | Buffer) => {
    const path = join(place, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const sealed = async (name: string, bytes = key) => {
    await sealedTo(recipient, bytes, join(place, name));
    return join(place, name);
  };
  const locked = async (name: string, passphrase: string) => {
    await sealedUnder(passphrase, key, join(place, name));
    return join(place, name);
  };
  return { services, secrets: services.secrets, place, put, sealed, locked };
}

test('each copy is opened to its key, with its check value, and with the material that its card names', async (t) => {
  const { services, secrets, put, sealed, locked } = withCopies(t);
  const paths = [
    put('raw', key),
    put('hex', hex),
    await sealed('a.key.age'),
    await locked('b.key.age', 'one two three'),
  ];
  const card = {
    keyArn: 'arn',
    keyMaterialId: 'a'.repeat(64),
    checkValue: { method: 'AES-CMAC', value: checkValue },
    backup: { file: 'a.key.age', sha256: '' },
  };
  put(cardFileOf('a.key.age'), JSON.stringify(card));
  secrets.holdPassphrase(typedText('one two three'));
  const opened = await openCopies(paths, opening, services);
  assert.deepEqual(
    opened.map(({ path, secret, keyMaterialId, ...more }) => [
      path,
      secret.use((bytes) => bytes.toString('hex')),
      more.checkValue,
      keyMaterialId,
    ]),
    paths.map((path) => [path, hex, checkValue, path.endsWith('a.key.age') ? card.keyMaterialId : undefined]),
  );
  assert.deepEqual(secrets.passphrases, [], 'they are not needed any more');
  for (const { path, secret } of opened) assert.equal(secrets.copy(path), secret);
});

test('what is open stays open, and what is not named any more is zero', async (t) => {
  const { services, sealed, secrets } = withCopies(t);
  const [one, two] = [await sealed('a.key.age'), await sealed('b.key.age', Buffer.from(key).reverse())];
  const [first, second] = await openCopies([one, two], opening, services);
  const bytes = [first, second].map((copy) => copy?.secret.use((each) => each) ?? assert.fail('it is open'));
  rmSync(one);
  const [again] = await openCopies([one], {}, services);
  assert.equal(again?.secret, first?.secret);
  assert.equal(secrets.copy(two), undefined);
  assert.deepEqual(
    bytes.map((each) => each.every((byte) => byte === 0)),
    [false, true],
  );
});

test('a copy that does not open is told with the reason, and with what may be answered otherwise', async (t) => {
  const { services, secrets, put, sealed, locked, place } = withCopies(t);
  mkdirSync(join(place, 'folder.key.age'));
  secrets.holdPassphrase(typedText('of nothing here'));
  const damaged = readFileSync(await sealed('c.key.age'));
  damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
  const another = ['Name another copy', 'backups'];
  for (const [path, answers, why, mends] of [
    [join(place, 'gone'), {}, /./, [another]],
    [join(place, 'folder.key.age'), {}, /./, [another]],
    [put('letter', 'Dear Sir or Madam,'), {}, /letter is neither a backup nor a key file\./, [another]],
    [
      await locked('a.key.age', 'one two three'),
      {},
      /^This passphrase does not open it\./,
      [['Give another passphrase', 'passphrase'], another],
    ],
    [put('b.key.age', damaged), { identity: identityFile }, /./, [['Give another identity', 'identity'], another]],
  ] as const) {
    const { what, why: reason, state, remedies } = await problemOf(openCopies([path], answers, services));
    assert.match(what, /^Can't open the copy .*\/(gone|folder\.key\.age|letter|[ab]\.key\.age)\.$/);
    assert.match(reason ?? '', why);
    assert.equal(state, 'Nothing was sent or changed.');
    assert.deepEqual(
      remedies?.map((remedy) => [remedy.label, remedy.action === 'ask-again' && remedy.question]),
      mends,
    );
  }
});

test('every passphrase that was given is tried, until one opens a backup or shows that it is damaged', async (t) => {
  const { services, secrets, locked, put } = withCopies(t);
  const path = await locked('a.key.age', 'one two three');
  assert.match((await problemOf(openCopies([path], {}, services))).why ?? '', /^Its passphrase was not given\.$/);
  secrets.holdPassphrase(typedText('one two three'));
  secrets.holdPassphrase(typedText('of another backup'), 'passphrase-2');
  assert.equal((await openCopies([path], {}, services)).length, 1);
  secrets.forget();
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  put('b.key.age', bytes);
  secrets.holdPassphrase(typedText('one two three'));
  secrets.holdPassphrase(typedText('of another backup'), 'passphrase-2');
  const { why = '' } = await problemOf(openCopies([path.replace('a.key', 'b.key')], {}, services));
  assert.doesNotMatch(why, /This passphrase does not open it/);
});

test('an answer is wrong only where it opens none of the copies that are still closed', async (t) => {
  const { services, secrets, sealed, locked } = withCopies(t);
  const copies = [await locked('a.key.age', 'one two three'), await locked('b.key.age', 'four five six')];
  secrets.holdPassphrase(typedText('of nothing here'));
  assert.equal(
    await openMore(copies, {}, services),
    'It opens none of these 2 backups. This passphrase does not open it.',
  );
  assert.equal(await openMore(copies.slice(0, 1), {}, services), 'This passphrase does not open it.');
  assert.equal(secrets.isTried('passphrase'), true);
  secrets.holdPassphrase(typedText('one two three'));
  assert.equal(secrets.isTried('passphrase'), false);
  assert.equal(await openMore(copies, {}, services), undefined, 'one of two');
  const first = secrets.copy(copies[0] ?? '');
  assert.equal(await openMore(copies, {}, services), 'This passphrase does not open it.', 'it opens no further one');
  secrets.holdPassphrase(typedText('four five six'), 'passphrase-2');
  assert.equal(await openMore(copies, {}, services), undefined);
  assert.equal(await openMore(copies, {}, services), undefined, 'none is closed');
  assert.equal(secrets.copy(copies[0] ?? ''), first);
  const toRecipient = await sealed('c.key.age');
  assert.equal(await openMore([toRecipient], { identity: '/gone' }, services), 'There is no such file or folder.');
  assert.equal(await openMore([toRecipient], opening, services), undefined);
});

test('a passphrase is asked for as long as a copy under one is closed, and an identity where a copy needs one', async (t) => {
  const { services, secrets, sealed, locked, put } = withCopies(t);
  const [one, two] = [await locked('a.key.age', 'one two three'), await locked('b.key.age', 'four five six')];
  const given = { passphrase: true };
  const questions = (paths: readonly string[], answers: Answers = {}) =>
    openingQuestions(paths, { facts: {}, answers, services });
  const ids = (...asked: Parameters<typeof questions>) => questions(...asked).map(({ id }) => id);
  assert.deepEqual(ids([put('raw', key)]), []);
  assert.deepEqual(ids([await sealed('c.key.age')]), ['identity']);
  assert.deepEqual(ids([one, await sealed('c.key.age')]), ['passphrase', 'identity']);
  assert.deepEqual(ids([one, two], given), ['passphrase'], 'it was not tried yet');
  secrets.holdPassphrase(typedText('one two three'));
  await openMore([one, two], {}, services);
  assert.deepEqual(ids([one, two], given), ['passphrase', 'passphrase-2']);
  const [first, second] = questions([one, two], given);
  assert.match(first?.help ?? '', new RegExp(`^It opens\n${one}\n${two}$`));
  assert.equal(second?.help, `The passphrases so far do not open\n${two}`);
  assert.equal(await first?.verify?.('given'), undefined, 'a copy is open already');
  assert.equal(await second?.verify?.('given'), 'This passphrase does not open it.');
  assert.deepEqual(ids([one], given), ['passphrase'], 'all are open');
  const [several] = questions([await sealed('c.key.age'), await sealed('d.key.age')]);
  assert.match(several?.help ?? '', /c\.key\.age\n.*d\.key\.age\nWhere each has an identity of its own, put them all/);
  assert.doesNotMatch(questions([await sealed('c.key.age')])[0]?.help ?? '', /put them all/);
});
