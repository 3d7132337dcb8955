import assert from 'node:assert/strict';
import crypto, { constants, createPublicKey, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import type { Answers } from '../../source/ceremony/question.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { keyHere } from '../../source/steps/secret-key-fact.ts';
import { wrap } from '../../source/steps/wrap.ts';
import { earlierFileSha256, takeWrappedFile } from '../../source/steps/wrapped-by-you.ts';
import { between } from '../faults/between.ts';
import { fetchedPair, generatedSecret, openedBackup } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';
import { replaceMembers } from '../replace-members.ts';
import { actingIn, parametersToImport } from './acting.ts';
import { beginImport, continueImport, problemOf, type RunningCeremony, refusalOf } from './ceremony.ts';

const plainKey = 'plain_text_aes_key.bin';
const wrappedKey = 'enc.aes.key';

const fileOf = ({ services }: RunningCeremony, name: string) => services.folder.file(name);

test('the wrapped key is as long as the wrapping key, for its owner alone, and the plain key stays as it is', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('wrapping-key');
  const plain = readFileSync(fileOf(ceremony, plainKey));
  const { wrapped, wrapping } = await ceremony.upTo('wrap');
  assert.equal(statSync(fileOf(ceremony, wrappedKey)).mode & 0o777, 0o600);
  assert.equal(readFileSync(fileOf(ceremony, wrappedKey)).length, 256);
  assert.equal(wrapped?.under, wrapping?.publicKeySha256);
  assert.deepEqual(readFileSync(fileOf(ceremony, plainKey)), plain);
  assert.equal(ceremony.receiptOf('wrap'), 'Secret wrapped: enc.aes.key, 256 bytes');
  assert.match(ceremony.commandsOf('wrap').join(''), /^openssl pkeyutl -encrypt .*rsa_oaep_md:sha256/);
});

test('a wrapped file of an earlier wrapping key is renamed and not overwritten', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('wrap');
  const first = readFileSync(fileOf(ceremony, wrappedKey));
  // Those that were set aside before keep their names.
  for (const number of [1, 2]) writeFileSync(fileOf(ceremony, `${wrappedKey}.${number}`), `${number}`);
  await ceremony.upTo('import', 'wrap');
  assert.deepEqual(readFileSync(fileOf(ceremony, `${wrappedKey}.3`)), first);
  for (const number of [1, 2])
    assert.equal(readFileSync(fileOf(ceremony, `${wrappedKey}.${number}`), 'utf8'), `${number}`);
  assert.notDeepEqual(readFileSync(fileOf(ceremony, wrappedKey)), first);
});

type Wrapping = (sound: typeof publicEncrypt, key: object, bytes: Buffer) => Buffer;

/** Lets Node wrap in another way, until the test ends. */
function wrapOtherwise(t: TestContext, wrapping: Wrapping): void {
  const { publicEncrypt: sound } = crypto;
  replaceMembers(t, crypto, { publicEncrypt: (key: object, bytes: Buffer) => wrapping(sound, key, bytes) });
}

test('where wrapping cannot be proven on the test pair, the key is not wrapped and nothing is sent', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('wrapping-key');
  wrapOtherwise(t, (sound, key, bytes) => sound(key as never, Buffer.alloc(bytes.length)));
  const { kind, state } = await problemOf(ceremony.upTo('import'));
  assert.equal(kind, 'ours');
  assert.equal(state, 'Your key has not been wrapped and nothing was sent to AWS.');
  assert.equal(existsSync(fileOf(ceremony, wrappedKey)), false);
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 0);
});

test('where the key cannot be wrapped although the proof has held, nothing is sent and no file is written', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('wrapping-key');
  let times = 0;
  wrapOtherwise(t, (sound, key, bytes) => {
    times += 1;
    if (times > 1) throw new Error('the key does not fit');
    return sound(key as never, bytes);
  });
  const { what, state } = await problemOf(ceremony.upTo('import'));
  assert.equal(what, "Can't wrap the secret key.");
  assert.equal(state, 'Nothing was sent to AWS and no file was written.');
  assert.equal(existsSync(fileOf(ceremony, wrappedKey)), false);
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 0);
});

test('a plain key file that has changed is not wrapped, and nothing is imported', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('wrapping-key');
  const other = randomBytes(32);
  writeFileSync(fileOf(ceremony, plainKey), other);
  const { what, why, state } = await problemOf(ceremony.upTo('import'));
  assert.equal(what, "Can't use the secret key: its file has changed.");
  assert.equal(why, `Its check value is no longer ${keyHere(ceremony.facts.secret)?.checkValue.value}.`);
  assert.equal(state, 'The KMS key, if there is one, waits for its material. Nothing was imported.');
  assert.equal(existsSync(fileOf(ceremony, wrappedKey)), false);
  assert.deepEqual(readFileSync(fileOf(ceremony, plainKey)), other);
  const { practice, facts } = ceremony;
  const { KeyMetadata } = await practice.kms().send(new DescribeKeyCommand({ KeyId: facts.key?.keyId }));
  assert.equal(KeyMetadata?.KeyState, 'PendingImport');
});

for (const [name, file] of [
  ['the plain key', plainKey],
  ['the wrapping key', undefined],
  ['a file that is not there', 'mine.bin'],
] as const) {
  test(`${name} is not taken for a wrapped file`, async (t) => {
    const ceremony = await beginImport(t);
    const { wrapping } = await ceremony.upTo('wrapping-key');
    ceremony.answer('wrap', { by: 'me', file: file ?? wrapping?.publicKeyFile ?? '' });
    assert.match(await refusalOf(ceremony.upTo('import')), /^wrap\.file: /);
    assert.equal(ceremony.facts.wrapped, undefined);
    assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 0);
  });
}

/** Wraps the plain key as a person would, below any modulus of that length, whose first bit is set. */
function wrapByHand(ceremony: RunningCeremony): Buffer {
  const der = readFileSync(fileOf(ceremony, ceremony.facts.wrapping?.publicKeyFile ?? ''));
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const wrapOnce = () => publicEncrypt({ key, padding, oaepHash: 'sha256' }, readFileSync(fileOf(ceremony, plainKey)));
  let mine = wrapOnce();
  while ((mine[0] ?? 0) >= 0x80) mine = wrapOnce();
  writeFileSync(fileOf(ceremony, 'mine.bin'), mine);
  ceremony.answer('wrap', { by: 'me', file: 'mine.bin' });
  return mine;
}

test('a file that a person wrapped under this wrapping key is taken where it lies', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('wrapping-key');
  const mine = wrapByHand(ceremony);
  const taken = (await ceremony.upTo('wrap')).wrapped;
  // Whoever goes back and comes again has the same file under the same wrapping key.
  assert.deepEqual((await ceremony.upTo('wrap', 'wrap')).wrapped, taken);
  const { wrapped, imported } = await ceremony.upTo('import');
  assert.deepEqual([wrapped?.file, wrapped?.by], ['mine.bin', 'you']);
  assert.equal(imported?.secretInKms, 'shown');
  assert.deepEqual(readFileSync(fileOf(ceremony, 'mine.bin')), mine);
  assert.equal(existsSync(fileOf(ceremony, wrappedKey)), false);
});

test('a file that was wrapped under an earlier wrapping key is not taken again, and secret and key are unchanged', async (t) => {
  const practice = await practise(t);
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint });
  await ceremony.upTo('wrapping-key');
  wrapByHand(ceremony);
  await ceremony.upTo('wrap');
  const { secret, key } = ceremony.facts;
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const PublicKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const changeBody = (body: string) => JSON.stringify({ ...JSON.parse(body), PublicKey });
  proxy.decide((call) => (call === 'kms:GetParametersForImport' ? { changeBody } : undefined));
  const { what, state } = await problemOf(ceremony.upTo('import', 'wrapping-key'));
  assert.equal(what, "Can't take this wrapped file again.");
  assert.equal(state, 'Your secret and the KMS key are unchanged. Nothing was imported.');
  assert.deepEqual([ceremony.facts.secret, ceremony.facts.key], [secret, key]);
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 0);
});

test('a wrong passphrase is told at the question, and the right one after it opens the backup once', async (t) => {
  const passphrase = 'seven small otters swim home';
  const answers = {
    'secret-key': { keep: 'memory' },
    backup: { how: 'passphrase', passphrase, 'passphrase-again': passphrase },
    wrap: { passphrase: 'of nothing here' },
  };
  const first = await beginImport(t, { answers });
  await first.upTo('wrapping-key');
  first.services.secrets.forget();
  const ceremony = await continueImport(t, first);
  assert.equal(await refusalOf(ceremony.upTo('wrap')), 'wrap.passphrase: This passphrase does not open it.');
  ceremony.answer('wrap', { passphrase });
  await ceremony.upTo('wrap');
  assert.equal(ceremony.receiptOf('wrap'), 'Secret wrapped: enc.aes.key, 256 bytes');
  assert.deepEqual(ceremony.services.secrets.passphrases, [], 'nothing needs the passphrase any more');
});

const der = parametersToImport(2048).PublicKey;
const presentPair = { ...fetchedPair, keySpec: 'RSA_2048', publicKeySha256: sha256Of(der) } as const;
/** Bytes that a key under RSA_2048 can be: as a number they are smaller than every modulus, whose first bit is set. */
const mine = Buffer.alloc(256, 1);

/** The step that takes a file which the person has wrapped. Its folder has the wrapping key and such a file. Nothing is sent. */
function beforeWrappedFile(t: TestContext, facts: Facts = {}) {
  const acting = actingIn(t, { step: 'wrap', facts: { wrapping: presentPair, secret: generatedSecret, ...facts } });
  const { services, context, journal } = acting;
  services.folder.make();
  services.folder.write(presentPair.publicKeyFile, der);
  services.folder.write('mine.bin', mine);
  const done = (step: string, noted: Facts) => journal.append({ kind: 'done', step, facts: noted });
  const fetched = (publicKeySha256: string, olderFileSha256?: string) =>
    done('wrapping-key', {
      wrapping: { ...presentPair, publicKeySha256, ...(olderFileSha256 === undefined ? {} : { olderFileSha256 }) },
    });
  const taken = () => done('wrap', { wrapped: { file: 'mine.bin', bytes: 256, by: 'you', sha256: sha256Of(mine) } });
  const take = (file = 'mine.bin') => takeWrappedFile(context.facts, { by: 'me', file }, services);
  return { ...acting, done, fetched, taken, take };
}

const earlier = 'b'.repeat(64);
const present = presentPair.publicKeySha256;
const wasThere =
  'It was there before this wrapping key was fetched, so it was wrapped under another. If that was not from KMS, whoever made it can open the file.';
const ofTheOneBefore =
  'It was wrapped under the wrapping key before this one, whose import token is not used any more.';

test('a wrapped file that is older than a wrapping key is never taken again, however many keys were fetched since', async (t) => {
  const older = beforeWrappedFile(t);
  older.fetched(earlier, sha256Of(mine));
  assert.equal((await problemOf(older.take)).why, wasThere);
  older.fetched(present);
  assert.equal((await problemOf(older.take)).why, wasThere);
  const other = beforeWrappedFile(t);
  other.fetched(present, sha256Of(Buffer.from('another file')));
  assert.equal(other.take().sha256, sha256Of(mine));
});

test('a wrapped file is taken again under the wrapping key under which it was taken, and under no later one', async (t) => {
  const same = beforeWrappedFile(t);
  same.fetched(present, sha256Of(mine));
  same.taken();
  assert.equal(same.take().under, present);
  const later = beforeWrappedFile(t);
  later.fetched(earlier);
  later.taken();
  later.fetched(present);
  const { what, why, next } = await problemOf(later.take);
  assert.deepEqual([what, why], ["Can't take this wrapped file again.", ofTheOneBefore]);
  assert.equal(next[0], `Wrap your secret again, with ${later.services.folder.shown}/${presentPair.publicKeyFile}`);
});

test('a wrapped file outside of the folder is noted by its whole path, and one in it by its name', (t) => {
  const { take } = beforeWrappedFile(t);
  const outside = join(newFolder(), 'mine.bin');
  writeFileSync(outside, mine);
  assert.deepEqual([take().file, take(outside).file], ['mine.bin', outside]);
});

test('a file that cannot be a wrapped key is refused by the step too, and another can be chosen', async (t) => {
  for (const [secret, next] of [
    [generatedSecret, 'Choose another file, or let Keyferry wrap the secret.'],
    [{ origin: 'elsewhere', keeper: 'HSM' }, 'Choose another file.'],
  ] as const) {
    const { take, services } = beforeWrappedFile(t, { secret });
    services.folder.write('short.bin', mine.subarray(1));
    for (const file of ['short.bin', 'gone.bin']) {
      const problem = await problemOf(() => take(file));
      assert.equal(problem.what, "Can't take this wrapped file.");
      assert.deepEqual(problem.next, [next]);
      assert.deepEqual(problem.remedies, [{ action: 'ask-again', label: 'Choose again', question: 'by' }]);
    }
  }
});

test('a file that was wrapped under a key of somebody else is to be deleted, and a fresh pair is only offered', async (t) => {
  const { take } = beforeWrappedFile(t, { wrapping: { ...presentPair, publicKeySha256: earlier } });
  const { what, state, next, renewal } = await problemOf(take);
  assert.equal(what, "Can't take a file that was wrapped under this wrapping key.");
  assert.equal(state, 'Nothing was sent. The KMS key still waits for its material.');
  assert.equal(next[1], 'Delete what you wrapped: whoever made the other wrapping key can open it.');
  assert.deepEqual([renewal?.step, renewal?.ask, renewal?.isOffered], ['wrapping-key', ['wrap'], true]);
});

test('only the file that a person wrapped counts as older than a wrapping key that is fetched', (t) => {
  const { journal, services } = beforeWrappedFile(t);
  const answered = (answers: Answers) => {
    journal.append({ kind: 'answered', step: 'wrap', answers });
    return earlierFileSha256(services);
  };
  assert.equal(earlierFileSha256(services), undefined);
  assert.equal(answered({ by: 'me', file: 'mine.bin' }), sha256Of(mine));
  assert.equal(answered({ by: 'keyferry', file: 'mine.bin' }), undefined);
  assert.equal(answered({ by: 'me', file: 'gone.bin' }), undefined);
});

test('what opens the backup is asked for only once Keyferry is to wrap what the backup alone holds', (t) => {
  const { context, done } = beforeWrappedFile(t, { backup: openedBackup });
  const idsAfter = (answers: Answers) => wrap.questions({ ...context, answers }).map(({ id }) => id);
  assert.deepEqual(idsAfter({ by: 'keyferry' }), ['by'], 'the backup is still to be made');
  done('backup', { backup: openedBackup });
  assert.deepEqual(idsAfter({}), ['by']);
  assert.deepEqual(idsAfter({ by: 'keyferry' }), ['by', 'identity']);
  assert.equal(wrap.questions({ ...context, answers: { by: 'keyferry' } })[1]?.isVerifiedByAct, true);
  assert.deepEqual(idsAfter({ by: 'me' }), ['by', 'file']);
});

test('the commands wrap into the file that the person names, and take the key from its backup where it is in no file', (t) => {
  const { context, done } = beforeWrappedFile(t, { backup: openedBackup });
  done('backup', { backup: openedBackup });
  const shown = (answers: Answers, facts: Facts = {}) =>
    wrap.commands({ ...context, facts: { ...context.facts, ...facts }, answers }).map(({ shell }) => shell);
  const [open, wrapped, remove, ...more] = shown({});
  assert.match(open ?? '', /^\(umask 077 && set -o noclobber && age --decrypt --identity IDENTITY_FILE a\.key\.age > /);
  assert.match(wrapped ?? '', / -out enc\.aes\.key/);
  assert.deepEqual([remove, more], [`shred --remove ${plainKey}`, []]);
  assert.match(shown({ by: 'me', file: 'mine.bin' })[1] ?? '', / -out mine\.bin/);
  assert.match(shown({ by: 'me', file: '' })[1] ?? '', / -out enc\.aes\.key/);
  assert.equal(shown({}, { secret: { ...generatedSecret, file: plainKey } }).length, 1);
  assert.equal(shown({}, { backup: { by: 'declined' } }).length, 1);
});

test('where the key is elsewhere, each way to wrap it names the hash that was agreed, and the length of the result', (t) => {
  for (const [algorithm, keySpec, names, bytes] of [
    ['RSAES_OAEP_SHA_256', 'RSA_4096', ['CKM_SHA256', 'CKG_MGF1_SHA256', 'sha256'], 512],
    ['RSAES_OAEP_SHA_1', 'RSA_2048', ['CKM_SHA_1', 'CKG_MGF1_SHA1', 'sha1'], 256],
  ] as const) {
    const { context } = beforeWrappedFile(t, {
      secret: { origin: 'elsewhere', keeper: 'HSM' },
      wrapping: { ...presentPair, algorithm, keySpec },
    });
    const [token, cloud, file, look] = wrap.commands({ ...context, answers: { by: 'me', file: 'mine.bin' } });
    const [hash, mask, name] = names;
    assert.ok(token?.shell.includes(`CKM_RSA_PKCS_OAEP with ${hash}, ${mask},`));
    assert.ok(token?.shell.includes(`the ${bytes} bytes that C_WrapKey gives to mine.bin`));
    assert.ok(cloud?.shell.includes(`--hash-function ${name} --mgf mgf1-${name} --path mine.bin`));
    assert.match(file?.shell ?? '', new RegExp(`rsa_oaep_md:${name} .*rsa_mgf1_md:${name}`, 's'));
    assert.equal(look?.says, `Bring the wrapped file here. It must have ${bytes} bytes`);
    assert.deepEqual(
      [token, cloud, file, look].map((command) => command?.isForOther),
      [true, true, true, undefined],
    );
  }
  const { context } = beforeWrappedFile(t, { secret: { origin: 'elsewhere', keeper: 'HSM' } });
  const [by, chosen] = wrap.questions({ ...context, answers: {} });
  assert.ok(by?.kind === 'choice' && Array.isArray(by.options));
  assert.deepEqual([by.options[1]?.disabled, chosen?.id], ['the key was never here', 'file']);
});
