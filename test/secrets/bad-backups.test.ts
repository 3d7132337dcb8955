import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DeleteImportedKeyMaterialCommand } from '@aws-sdk/client-kms';
import { generateIdentity } from 'age-encryption';
import { keyferry } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { finishedCeremony } from './finished-ceremony.ts';
import { sealedTo } from './sealed.ts';

/* Every kind of bad file ends a check in the same words and with the same status; and a check that asks AWS nothing. */

type Finished = Awaited<ReturnType<typeof finishedCeremony>>;

/** For each kind of bad file: makes it, and gives what is wrong with it. */
const badFiles: Readonly<Record<string, (ceremony: Finished, path: string) => Promise<{ code: string; why: RegExp }>>> =
  {
    missing: async () => ({ code: 'BackupNotRead', why: /^There is no such file or folder\.$/ }),
    'cut off in its header': async ({ backup }, path) => {
      writeFileSync(path, readFileSync(backup).subarray(0, 60));
      return { code: 'BackupCutOff', why: /It is cut off: the end of the file is missing\./ };
    },
    'cut off at its end': async ({ backup }, path) => {
      writeFileSync(path, readFileSync(backup).subarray(0, -9));
      return { code: 'BackupCutOff', why: /It is cut off: the end of the file is missing\./ };
    },
    damaged: async ({ backup }, path) => {
      const bytes = readFileSync(backup);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      writeFileSync(path, bytes);
      return { code: 'BackupDamaged', why: /It is damaged: its contents are not as they were written\./ };
    },
    'of another format': async (_, path) => {
      writeFileSync(path, 'Dear Sir or Madam,');
      return { code: 'NotABackup', why: /It is not an age file: its first line is another\./ };
    },
    'a plain key file': async (_, path) => {
      writeFileSync(path, randomBytes(32), { mode: 0o600 });
      return { code: 'PlainKeyFile', why: /It is a plain key file, and no backup: whoever reads it has the key\./ };
    },
    'to another identity': async ({ identityFile, backup }, path) => {
      writeFileSync(path, readFileSync(backup));
      writeFileSync(identityFile, `${await generateIdentity()}\n`, { mode: 0o600 });
      return { code: 'WrongIdentity', why: /It is not encrypted to this identity\./ };
    },
    'of no key': async ({ recipient }, path) => {
      await sealedTo(recipient, randomBytes(31), path);
      return { code: 'NoKeyInBackup', why: /It opens, but holds 31 bytes\./ };
    },
  };

for (const [kind, make] of Object.entries(badFiles)) {
  for (const flags of [['--yes'], ['--offline']]) {
    test(`a file that is ${kind} ends the check ${flags} with status 3, in the words for bad files`, async (t) => {
      const ceremony = await finishedCeremony(t);
      const path = join(newFolder(), 'copy.key.age');
      const { code, why } = await make(ceremony, path);
      const before = await ceremony.rotations();
      const ended = await ceremony.check(path, '--identity', ceremony.identityFile, '--json', ...flags);
      assert.equal(ended.status, 3, ended.stderr);
      const { problem, exit, ended: how } = JSON.parse(ended.stdout);
      assert.deepEqual([how, exit, problem.code], ['stopped', 3, code]);
      assert.equal(problem.what, `Can't use ${path} as a backup.`);
      assert.match(problem.why, why);
      assert.equal(problem.state, 'Nothing was sent or changed.');
      assert.match(problem.next.join('\n'), /: \S.* check-backup FILE --workdir w$/m);
      assert.match(ended.stderr, /^Stopped\.$/m);
      assert.doesNotMatch(ended.stderr, /same command again|To continue/);
      assert.deepEqual(await ceremony.rotations(), before);
    });
  }
}

test('a passphrase that is not the one of the backup ends the check in the same way', async (t) => {
  const ceremony = await passphraseCeremony(t);
  writeFileSync(join(ceremony.folder, 'other.txt'), 'other words than those of the backup', { mode: 0o600 });
  for (const flags of [['--yes'], ['--offline']]) {
    const { status, stdout, stderr } = await ceremony.check('--passphrase-file', 'other.txt', '--json', ...flags);
    assert.equal(status, 3, stderr);
    const { problem } = JSON.parse(stdout);
    assert.deepEqual([problem.code, problem.state], ['WrongPassphrase', 'Nothing was sent or changed.']);
    assert.match(problem.why, /^This passphrase does not open it\./);
    assert.doesNotMatch(stderr, /same command again|To continue/);
  }
});

/** A finished ceremony whose backup is under a passphrase, which `passphrase.txt` holds. */
async function passphraseCeremony(t: TestContext): Promise<Finished> {
  const file = join(newFolder(), 'passphrase.txt');
  writeFileSync(file, passphrase, { mode: 0o600 });
  return finishedCeremony(t, {
    backup: { how: 'passphrase', 'passphrase-file': file, recipients: undefined, identity: undefined },
  });
}

test('the check prints one object at every exit status', async (t) => {
  const ceremony = await finishedCeremony(t);
  const { identityFile, recipient, kms, keyId, folder } = ceremony;
  const objectOf = async (...flags: readonly string[]) => {
    const { status, stdout } = await ceremony.check('--json', ...flags);
    const object = JSON.parse(stdout);
    assert.equal(object.exit, status);
    assert.equal(object.ceremony, 'check-backup');
    return object;
  };
  const same = await objectOf('--identity', identityFile, '--yes');
  assert.deepEqual([same.exit, same.ended, same.same, same.keyState], [0, 'finished', true, 'Enabled']);
  const other = join(folder, 'other.key.age');
  await sealedTo(recipient, randomBytes(32), other);
  const refused = await objectOf(other, '--identity', identityFile, '--yes');
  assert.deepEqual([refused.exit, refused.ended, refused.same], [1, 'finished', false]);
  const unasked = await objectOf('--identity', identityFile);
  assert.deepEqual([unasked.exit, unasked.ended, unasked.problem.code], [2, 'cannot-start', 'ConsentMissing']);
  const unopened = await objectOf('--yes');
  assert.deepEqual([unopened.exit, unopened.problem.code], [2, 'AnswersRefused']);
  assert.match(unopened.problem.why, /^--identity is missing\./);
  await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
  const gone = await objectOf('--identity', identityFile, '--yes');
  assert.deepEqual([gone.exit, gone.ended], [3, 'stopped']);
  assert.match(gone.problem.next[0], /: \S.* reimport --workdir w$/);
  const elsewhere = await keyferry(['check-backup', '--json', '--nonsense'], folder);
  assert.equal(elsewhere.status, 2);
  assert.equal(JSON.parse(elsewhere.stdout).problem.code, 'UsageError');
});

test('offline it compares with the record, also in a copy of the folder without credentials, and asks AWS nothing', async (t) => {
  const ceremony = await finishedCeremony(t);
  const { w, identityFile, recipient } = ceremony;
  const asked: string[] = [];
  ceremony.decide((call) => {
    asked.push(call);
    return undefined;
  });
  const elsewhere = newFolder();
  cpSync(w, join(elsewhere, 'copy'), { recursive: true });
  chmodSync(join(elsewhere, 'copy'), 0o700);
  const check = (...more: readonly string[]) =>
    keyferry(['check-backup', ...more, '--offline', '--identity', identityFile, '--workdir', 'copy'], elsewhere);
  const same = await check();
  assert.equal(same.status, 0, same.stderr);
  assert.match(same.stdout, /^The backup holds the key on record\.$/m);
  assert.match(same.stdout, new RegExp(`^${join(elsewhere, 'copy', 'my-first-key.key.age')}$`, 'm'));
  assert.match(same.stdout, /^This compares with the record, and not with KMS: AWS was asked nothing\.$/m);
  const other = join(elsewhere, 'other.key.age');
  await sealedTo(recipient, randomBytes(32), other);
  const different = await check(other, '--json');
  assert.equal(different.status, 1, different.stderr);
  const object = JSON.parse(different.stdout);
  assert.deepEqual([object.ceremony, object.same, object.offline], ['check-backup-offline', false, true]);
  assert.deepEqual(asked, []);
  writeFileSync(join(elsewhere, 'a.yaml'), `ceremony: check-backup-offline\ncompare:\n  identity: ${identityFile}\n`);
  const answered = await keyferry(['run', 'a.yaml', '--workdir', 'copy', '--json'], elsewhere);
  assert.equal(answered.status, 0, answered.stderr);
  assert.equal(JSON.parse(answered.stdout).same, true);
});

test('without a terminal the check opens no screen, and says what it needs', async (t) => {
  const { check } = await finishedCeremony(t);
  const { status, stdout, stderr } = await check();
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /say --yes to that, or --offline\./);
});

test('a flag that is missing is called by its name alone, as there is no file with lines', async (t) => {
  const { check } = await finishedCeremony(t);
  const { status, stderr } = await check('--offline');
  assert.equal(status, 2, stderr);
  assert.match(stderr, /^ +--identity is missing\. It takes /m);
});
