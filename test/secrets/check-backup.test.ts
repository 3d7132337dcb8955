import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DescribeKeyCommand, DisableKeyCommand } from '@aws-sdk/client-kms';
import { sealBackup } from '../../source/material/backup.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { isLocked, lockHolder } from '../e2e/lock.ts';
import { keyferry } from '../e2e/program.ts';
import { TerminalSession } from '../e2e/terminal-session.ts';
import { between } from '../faults/between.ts';
import { finishedCeremony } from './finished-ceremony.ts';

const enter = '\r';

test('KMS says that the backup is the key, and its expiry and description stay', async (t) => {
  const ceremony = await finishedCeremony(t, { import: { expiry: 'date', 'valid-to': '90d' } });
  const before = await ceremony.rotations();
  assert.equal(before?.[0]?.ExpirationModel, 'KEY_MATERIAL_EXPIRES');
  const { status, stdout, stderr } = await ceremony.check('--identity', ceremony.identityFile, '--yes');
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^The backup is this key: KMS took it/);
  assert.match(stdout, /Its material expires at 20.* UTC, as before\./);
  assert.deepEqual(await ceremony.rotations(), before);
  const again = await ceremony.check('--identity', ceremony.identityFile, '--yes');
  assert.equal(again.status, 0, again.stderr);
  assert.equal(
    readdirSync(ceremony.w).filter((name) => /^journal-check-backup-\d{8}T\d{6}Z\.jsonl$/.test(name)).length,
    2,
  );
});

test('KMS says that the backup of another key is another key, and nothing changes', async (t) => {
  const { check, w, recipient, identityFile, rotations } = await finishedCeremony(t);
  const other = SecretBytes.generate();
  const file = join(w, 'other.key.age');
  writeFileSync(file, await sealBackup(other, { by: 'recipients', recipients: [recipient] }), { mode: 0o600 });
  const before = await rotations();
  const { status, stdout, stderr } = await check(file, '--identity', identityFile, '--yes');
  assert.equal(status, 1, stderr);
  assert.match(stdout, /^The backup is another key: KMS refused it\./);
  assert.match(stdout, /look for another copy/);
  assert.deepEqual(await rotations(), before);
});

test('a disabled key is explained, enabled by the import, and disabled again', async (t) => {
  const { kms, keyId, w, identityFile, endpoint, environment, folder } = await finishedCeremony(t);
  const stateOf = async () => (await kms.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata?.KeyState;
  await kms.send(new DisableKeyCommand({ KeyId: keyId }));
  const session = new TerminalSession(['check-backup', '--workdir', w, '--endpoint-url', endpoint], {
    cwd: folder,
    env: environment,
  });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('Which identity file opens');
  session.send(`${identityFile}${enter}`);
  await session.shows('The key is Disabled. An import enables it');
  await session.shows(/❯ Import it, then disable the key again/);
  session.send(enter);
  await session.shows('The backup is this key');
  await session.shows('is Disabled.');
  assert.equal(await stateOf(), 'Disabled');
  session.send(enter);
  assert.equal(await session.ends(), 0);
  const calls = readdirSync(w)
    .filter((name) => name.startsWith('journal-check-backup-'))
    .flatMap((name) => readFileSync(join(w, name), 'utf8').split('\n'));
  assert.equal(calls.filter((line) => line.includes('KMS.ImportKeyMaterial')).length, 1);
  assert.equal(calls.filter((line) => line.includes('KMS.DisableKey')).length, 1);
});

/** A stand-in between the check and KMS, which sends a smaller wrapping key so many times; and the calls that it saw. */
async function smallKeys(t: TestContext, endpoint: string, times: number) {
  const proxy = await between(endpoint);
  t.after(proxy.close);
  const log: string[] = [];
  let left = times;
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const PublicKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  proxy.decide((call) => {
    log.push(call);
    if (call !== 'kms:GetParametersForImport' || left === 0) return undefined;
    left -= 1;
    return { changeBody: (body) => JSON.stringify({ ...JSON.parse(body), PublicKey }) };
  });
  return { endpoint: proxy.endpoint, imports: () => log.filter((call) => call === 'kms:ImportKeyMaterial').length };
}

test('an unfit wrapping key is not used: nothing is sent, and once it is fit the check goes on by itself', async (t) => {
  const { endpoint, identityFile, environment, folder } = await finishedCeremony(t);
  const check = async (times: number) => {
    const small = await smallKeys(t, endpoint, times);
    const args = ['check-backup', '--identity', identityFile, '--yes', '--workdir', 'w'];
    const ended = await keyferry([...args, '--endpoint-url', small.endpoint], folder, environment);
    return { ...ended, imports: small.imports() };
  };
  const forEver = await check(Number.POSITIVE_INFINITY);
  assert.equal(forEver.status, 3, forEver.stderr);
  assert.match(
    forEver.stderr,
    /x Can't use the wrapping key that came\.\n {2}KMS was asked for an RSA_4096 wrapping key, and sent an RSA key of 2048 bits\.\n {2}Nothing was wrapped or sent\. The key has the material that it had\./,
  );
  assert.equal(forEver.imports, 0);
  const once = await check(1);
  assert.equal(once.status, 0, once.stderr);
  assert.match(once.stdout, /^The backup is this key: KMS took it/);
  assert.equal(once.imports, 1);
});

test('on the screen an unfit wrapping key is shown, and a fresh pair is offered', async (t) => {
  const { endpoint, identityFile, environment, folder, w } = await finishedCeremony(t);
  const small = await smallKeys(t, endpoint, 1);
  const session = new TerminalSession(['check-backup', '--workdir', w, '--endpoint-url', small.endpoint], {
    cwd: folder,
    env: environment,
  });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('Which identity file opens');
  session.send(`${identityFile}${enter}`);
  await session.shows(/❯ Import it again/);
  session.send(enter);
  await session.shows("Can't use the wrapping key that came.");
  await session.shows('RSA key of 2048 bits.');
  await session.shows(/❯ Fetch a fresh pair/);
  assert.equal(small.imports(), 0);
  session.send(enter);
  await session.shows('The backup is this key');
  assert.equal(small.imports(), 1);
  session.send(enter);
  assert.equal(await session.ends(), 0);
});

test('without a screen it must be agreed to, and nothing is sent before', async (t) => {
  const { check, identityFile } = await finishedCeremony(t);
  const { status, stdout, stderr } = await check('--identity', identityFile);
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /--yes/);
});

test('a signal ends a check with the lock given back, and says how to begin it again', async (t) => {
  const { w, endpoint, environment, folder } = await finishedCeremony(t);
  const session = new TerminalSession(['check-backup', '--workdir', w, '--endpoint-url', endpoint], {
    cwd: folder,
    env: environment,
  });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('Which identity file opens');
  process.kill(lockHolder(w), 'SIGTERM');
  assert.equal(await session.ends(), 143);
  assert.equal(isLocked(w), false);
  assert.match(session.transcript(), /To begin again: keyferry check-backup --workdir w/);
});

test('without a ceremony nearby it says what it needs', async (t) => {
  const { backup, folder } = await finishedCeremony(t);
  const { status, stderr } = await keyferry(['check-backup', '--yes'], folder);
  assert.equal(status, 2);
  assert.match(stderr, /Can't tell which key the backup belongs to/);
  assert.match(stderr, /--workdir/);
  const beside = await keyferry(['check-backup', backup, '--yes'], folder, { AWS_ACCESS_KEY_ID: 'x' });
  assert.doesNotMatch(beside.stderr, /Can't tell which key/);
});
