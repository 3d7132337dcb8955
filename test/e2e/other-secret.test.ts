import assert from 'node:assert/strict';
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ListKeyRotationsCommand } from '@aws-sdk/client-kms';
import { generateIdentity } from 'age-encryption';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp, practice } from '../secrets/finished-ceremony.ts';
import { answersFile, type Changes, exampleWith, memoryAlone, ofEnvironment, withoutCopy } from './answers.ts';
import { keyferry } from './program.ts';

const wrapUnder = (publicKey: Uint8Array, material: Buffer) =>
  publicEncrypt(
    {
      key: createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
    },
    material,
  );

/** A ceremony in which the person wraps, stopped before they have; and what it takes to wrap some bytes and go on. */
async function wrappedByHand(t: TestContext, changes: Changes = {}, withBackup = true) {
  const { kms, environment, aws, control } = await practice(t);
  const folder = newFolder();
  const { recipient, identityFile } = ageIdentity(folder);
  const answers = answersFile(
    folder,
    exampleWith(
      ofEnvironment,
      { wrap: { by: 'me', file: 'by-hand.bin' } },
      withBackup ? backedUp(recipient, identityFile) : {},
      changes,
    ),
  );
  const run = () =>
    keyferry(['run', answers, '--endpoint-url', aws.endpoint, '--workdir', 'w', '--json'], folder, environment);
  const first = await run();
  assert.equal(first.status, 3, first.stderr);
  const w = join(folder, 'w');
  const named = (start: string) => join(w, readdirSync(w).find((one) => one.startsWith(start)) ?? '');
  const wrap = (material: Buffer) => {
    rmSync(join(w, 'by-hand.bin'), { force: true });
    writeFileSync(join(w, 'by-hand.bin'), wrapUnder(readFileSync(named('wrappingKey_')), material), { mode: 0o600 });
  };
  const record = () => readFileSync(join(w, 'record.md'), 'utf8');
  const plainKey = () => readFileSync(join(w, 'plain_text_aes_key.bin'));
  const check = (...more: readonly string[]) =>
    keyferry(['check-backup', ...more, '--workdir', 'w', '--endpoint-url', aws.endpoint], folder, environment);
  const materials = async (keyId: string) =>
    (await kms.send(new ListKeyRotationsCommand({ KeyId: keyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }))).Rotations;
  return { run, wrap, record, plainKey, check, materials, control, named, w, identityFile };
}

test('who wraps other bytes than the secret is told, in the record too, and the run ends with status 3', async (t) => {
  const { run, wrap, record, check, identityFile } = await wrappedByHand(t);
  wrap(randomBytes(32));
  const { status, stdout, stderr } = await run();
  assert.equal(status, 3, stderr);
  assert.match(stderr, /KMS says: you wrapped OTHER bytes than the secret of this ceremony/);
  assert.match(stderr, /\+ Key material imported, .*WARNING: it is NOT the secret of this ceremony/);
  const result = JSON.parse(stdout);
  assert.equal(result.secretInKms, 'other');
  assert.equal(result.keyState, 'Enabled');
  assert.deepEqual(Object.keys(result.problem), ['code', 'what', 'why', 'state', 'next']);
  assert.equal(result.problem.code, 'OtherKeyMaterial');
  const [, value = ''] = /Key check value ([0-9A-F]{10}) /.exec(record()) ?? [];
  assert.notEqual(value, '');
  assert.match(result.problem.why, new RegExp(`the secret of this ceremony, whose check value is ${value}`));
  assert.match(record(), /\*\*This secret is NOT the key in KMS\.\*\*/);
  assert.match(record(), /is \*\*not\*\* a backup of the key in KMS/);
  assert.doesNotMatch(record(), /The backup is `/);
  const again = await run();
  assert.equal(again.status, 3, again.stderr);
  assert.equal(JSON.parse(again.stdout).problem.code, 'OtherKeyMaterial');

  const checked = await check('--identity', identityFile, '--yes');
  assert.equal(checked.status, 1, checked.stderr);
  assert.match(checked.stdout, /It holds the secret of this ceremony .* but other bytes were imported/);
  assert.equal(checked.stdout.split(value).length - 1, 1, 'the value is said once, not as a difference to itself');
});

test('who wraps the secret itself gets a record that vouches for the backup; expiry stays as it was', async (t) => {
  const { run, wrap, record, plainKey, materials } = await wrappedByHand(t, {
    import: { expiry: 'date', 'valid-to': '90d' },
  });
  wrap(plainKey());
  const { status, stdout, stderr } = await run();
  assert.equal(status, 0, stderr);
  assert.match(stderr, /KMS says: you wrapped the secret of this ceremony/);
  const result = JSON.parse(stdout);
  assert.equal(result.secretInKms, 'shown');
  assert.equal(result.problem, undefined);
  assert.match(record(), /The backup is `my-first-key\.key\.age`/);
  assert.doesNotMatch(record(), /not shown|NOT the key/);
  const [material, ...more] = (await materials(result.keyId)) ?? [];
  assert.deepEqual(more, []);
  assert.equal(material?.ExpirationModel, 'KEY_MATERIAL_EXPIRES');
  assert.equal(material.ValidTo?.toISOString(), result.expiration.validTo);
});

test('a secret that was in memory alone and went with its run is not vouched for', async (t) => {
  const { run, wrap, record } = await wrappedByHand(t, { ...memoryAlone, ...withoutCopy }, false);
  wrap(randomBytes(32));
  const { status, stdout, stderr } = await run();
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout).secretInKms, 'not shown');
  assert.match(record(), /\*\*This secret is not shown to be the key in KMS\.\*\*/);
});

test('where only the backup still has the secret, the backup is opened for the comparison', async (t) => {
  const { run, wrap } = await wrappedByHand(t, memoryAlone);
  wrap(randomBytes(32));
  const { status, stdout, stderr } = await run();
  assert.equal(status, 3, stderr);
  assert.equal(JSON.parse(stdout).problem.code, 'OtherKeyMaterial');
});

test('a backup that is not opened leaves the comparison open, and the next run makes it', async (t) => {
  const { run, wrap, identityFile, w } = await wrappedByHand(t, memoryAlone);
  wrap(randomBytes(32));
  const right = readFileSync(identityFile);
  writeFileSync(identityFile, await generateIdentity());
  const { status, stdout, stderr } = await run();
  assert.equal(status, 3, stderr);
  assert.match(JSON.parse(stdout).problem.what, /backup/);
  assert.doesNotMatch(stderr, /was not compared/);
  assert.equal(existsSync(join(w, 'record.md')), false, 'nothing is vouched for yet');
  writeFileSync(identityFile, right);
  const again = await run();
  assert.equal(again.status, 3, again.stderr);
  assert.equal(JSON.parse(again.stdout).problem.code, 'OtherKeyMaterial');
});

test('a comparison without an answer is made up for, with a fresh token where the first is used up', async (t) => {
  const { run, wrap, control, named, w } = await wrappedByHand(t);
  wrap(randomBytes(32));
  control({ faults: [{ operation: 'kms:ImportKeyMaterial', do: 'drop-before', after: 1, times: 99 }] });
  const { status, stdout, stderr } = await run();
  assert.equal(status, 3, stderr);
  assert.match(JSON.parse(stdout).problem.what, /Can't tell whether you wrapped the secret of this ceremony/);
  assert.equal(existsSync(join(w, 'record.md')), false, 'nothing is vouched for yet');
  control({});
  const token = named('importToken_');
  rmSync(token);
  writeFileSync(token, randomBytes(600), { mode: 0o600 });
  const again = await run();
  assert.equal(again.status, 3, again.stderr);
  assert.equal(JSON.parse(again.stdout).problem.code, 'OtherKeyMaterial');
});
