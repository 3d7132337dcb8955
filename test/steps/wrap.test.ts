import assert from 'node:assert/strict';
import crypto, { constants, createPublicKey, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { keyHere } from '../../source/steps/secret-key-fact.ts';
import { between } from '../faults/between.ts';
import { practise } from '../practice/practising.ts';
import { replaceMembers } from '../replace-members.ts';
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
  await ceremony.upTo('import', 'wrap');
  assert.deepEqual(readFileSync(fileOf(ceremony, `${wrappedKey}.1`)), first);
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
