import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import {
  answersFile,
  type Changes,
  exampleWith,
  memoryAlone,
  together,
  underPassphrase,
  withoutCopy,
} from '../e2e/answers.ts';
import { keyInBackup } from '../e2e/backup-key.ts';
import { keyferry } from '../e2e/program.ts';
import { howMuch } from '../e2e/set-up.ts';
import { TerminalSession } from '../e2e/terminal-session.ts';
import { type Screens, walkTo } from '../e2e/walk.ts';
import { outside } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from './age-identity.ts';
import { backedUp } from './finished-ceremony.ts';

const enter = '\r';
const passphrase = 'winter lamp orbit saddle';

/** Stops a ceremony before it wraps, with the key in memory alone, and gives the way to go on with other answers. */
async function stoppedBeforeWrap(changes: Changes, files: Readonly<Record<string, Buffer | string>> = {}) {
  const folder = newFolder();
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes, { mode: 0o600 });
  const args = (answers: string) => ['run', answers, '--practice', '--workdir', 'w', '--json'];
  const run = (more: Changes) => keyferry(args(answersFile(folder, exampleWith(memoryAlone, changes, more))), folder);
  const stopped = await run({ wrap: { by: 'me' } });
  assert.equal(stopped.status, 3, stopped.stderr);
  assert.match(stopped.stderr, /wrap\.file\b.*There is no such file or folder/);
  return { folder, w: join(folder, 'w'), goOn: (more: Changes = {}) => run(more), stopped };
}

const recordIn = (w: string) => JSON.parse(readFileSync(join(w, 'record.json'), 'utf8'));
const checkValueOf = (key: Buffer) => keyCheckValue(SecretBytes.takeFrom(Buffer.from(key))).value;

test('behind the backup, a key that was in memory is taken from it again', async () => {
  const { w, goOn } = await stoppedBeforeWrap(underPassphrase('pass.txt'), { 'pass.txt': passphrase });
  const backup = join(w, 'my-first-key.key.age');
  const key = await keyInBackup(backup, passphrase);
  const { status, stderr } = await goOn();
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stderr, /a new one was made/);
  assert.equal(recordIn(w).secret.checkValue.value, checkValueOf(key));
  assert.deepEqual(
    readdirSync(w).filter((name) => name.endsWith('.age')),
    ['my-first-key.key.age'],
  );
});

test('a backup that was changed in between is not believed', async () => {
  const { recipient, identityFile } = ageIdentity(newFolder());
  const { w, goOn } = await stoppedBeforeWrap(backedUp(recipient, identityFile));
  const backup = join(w, 'my-first-key.key.age');
  const bytes = readFileSync(backup);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(backup, bytes);
  const { status, stderr } = await goOn();
  assert.equal(status, 3, stderr);
  assert.match(stderr, /Can't open the backup .*my-first-key\.key\.age\./);
  assert.match(stderr, /The file has changed since it was made\. It is damaged/);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(backup, bytes);
  assert.equal((await goOn()).status, 0);
});

test('without a backup, a key that was in memory is made anew, and that is told', async () => {
  const { w, goOn, stopped } = await stoppedBeforeWrap(withoutCopy);
  assert.match(
    stopped.stderr,
    /Everything but the key itself is saved: it was in memory only, and is lost with this run\. A new one is made when you go on\./,
  );
  assert.doesNotMatch(stopped.stderr, /Everything so far is saved/);
  const first = /32 bytes in memory, key check value (\w+)/.exec(stopped.stderr)?.[1];
  const { status, stderr } = await goOn();
  assert.equal(status, 0, stderr);
  const second = /only in memory; a new one was made, key check value (\w+)/.exec(stderr)?.[1];
  assert.ok(first !== undefined && second !== undefined && first !== second);
  assert.equal(recordIn(w).secret.checkValue.value, second);
});

test('a problem that stops a run ends it with a line that says that the key in memory is lost', async () => {
  const ceremony = await outside({
    settings: { faults: [{ operation: 'kms:CreateKey', do: 'expire' }] },
    changes: together(memoryAlone, withoutCopy),
  });
  try {
    const { status, stderr } = await ceremony.run();
    assert.equal(status, 3, stderr);
    assert.match(
      stderr,
      /Stopped\. The folder is w\nEverything but the key itself is saved: it was in memory only, and is lost with this run\. A new one is made when you go on\.\nTo continue: run the same command again\n$/,
    );
  } finally {
    await ceremony.close();
  }
});

test("a key of one's own is read from its file again, and missed where the file is gone", async () => {
  const key = randomBytes(32);
  const brought = { 'secret-key': { origin: 'file', file: 'my.key' } };
  const { folder, w, goOn } = await stoppedBeforeWrap(brought, { 'my.key': key });
  const path = join(folder, 'my.key');
  writeFileSync(path, randomBytes(32));
  const other = await goOn();
  assert.equal(other.status, 3, other.stderr);
  assert.match(other.stderr, /Its check value is no longer/);
  writeFileSync(path, key);
  chmodSync(path, 0o600);
  const { status, stderr } = await goOn();
  assert.equal(status, 0, stderr);
  assert.equal(recordIn(w).secret.checkValue.value, checkValueOf(key));
  assert.equal(recordIn(w).secret.source, undefined);
  assert.equal(existsSync(join(w, 'plain_text_aes_key.bin')), false);
});

test('a kill between the key and its backup costs nothing but the key, and the screen says so', async (t) => {
  const cwd = newFolder();
  const first = new TerminalSession(['--practice'], { cwd });
  t.after(() => first.kill('SIGKILL'));
  await walkTo(first, 'How should the backup be encrypted?');
  first.kill('SIGKILL');
  await first.ends();
  const second = new TerminalSession(['--practice'], { cwd });
  t.after(() => second.kill('SIGKILL'));
  await second.shows('Continue keyferry-payments-2026');
  second.send(enter);
  await second.shows('The key was only in memory when Keyferry stopped, so a new one is made.');
  for (const [shows, keys] of [
    ['How should the backup be encrypted?', enter],
    ['Which passphrase should open the backup?', `${passphrase}${enter}`],
    ['Type the passphrase once more.', `${passphrase}${enter}`],
  ] as const) {
    await second.shows(shows);
    second.send(keys);
  }
  await second.shows('Which kind of key policy?');
  assert.equal(
    (await keyInBackup(join(cwd, 'keyferry-payments-2026', 'payments-2026.key.age'), passphrase)).length,
    32,
  );
});

test('whoever goes back over the backup of a key that was made anew has that key, by its own check value', async (t) => {
  const cwd = newFolder();
  const first = new TerminalSession(['--practice'], { cwd });
  t.after(() => first.kill('SIGKILL'));
  const type = async (session: TerminalSession, screens: Screens) => {
    for (const [shows, keys] of screens) {
      await session.shows(shows);
      session.send(keys);
    }
  };
  await type(first, [
    ['In which Region?', enter],
    [howMuch, enter],
    ['What should the key be called?', `my-first-key${enter}`],
  ]);
  await first.shows('Which passphrase should open the backup?');
  first.kill('SIGKILL');
  await first.ends();
  const second = new TerminalSession(['--practice'], { cwd });
  t.after(() => second.kill('SIGKILL'));
  const backUp = [
    ['Which passphrase should open the backup?', `${passphrase}${enter}`],
    ['Type the passphrase once more.', `${passphrase}${enter}`],
  ] as const;
  const file = join(cwd, 'keyferry-my-first-key', 'my-first-key.key.age');
  const showsValue = async () => {
    await second.shows('Is this what you want?');
    await second.shows(`check value ${checkValueOf(await keyInBackup(file, passphrase))}`);
  };
  await type(second, [
    ['Continue keyferry-my-first-key', enter],
    ['How should the backup be encrypted?', enter],
    ...backUp,
  ]);
  await showsValue();
  second.send('\u001B');
  await type(second, [
    ['Keep the backup that was made?', `j${enter}`],
    ['How should the backup be encrypted?', enter],
    ...backUp,
  ]);
  await showsValue();
  second.send(` ${enter}`);
  await second.shows('Your key is Enabled, and it works');
  await second.shows(new RegExp(`Check value +${checkValueOf(await keyInBackup(file, passphrase))}`));
});
