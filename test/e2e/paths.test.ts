import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { answersFile, exampleWith } from './answers.ts';
import { piped } from './piped.ts';
import { keyferry } from './program.ts';
import { everything } from './set-up.ts';
import { TerminalSession } from './terminal-session.ts';
import { walkTo } from './walk.ts';

/* Paths as a shell takes them. The home folder of a run is the folder in which it runs. */

const down = '\u001B[B';

/** A home folder with a key in a folder with a blank in its name. */
function homeWithKey(): string {
  const home = newFolder();
  mkdirSync(join(home, 'my keys'), { mode: 0o700 });
  writeFileSync(join(home, 'my keys', 'first.key'), randomBytes(32), { mode: 0o600 });
  return home;
}

test('the path of a key is completed by Tab from ~, and a paste of several lines names several files', async (t) => {
  const cwd = homeWithKey();
  for (const name of ['one.txt', 'two.txt']) writeFileSync(join(cwd, 'my keys', name), name);
  const session = new TerminalSession(['--practice'], { cwd });
  t.after(() => session.kill('SIGKILL'));
  await walkTo(session, 'Which secret should the key be?');
  session.send(down);
  session.send('\r');
  await session.shows('Which file holds the 256-bit secret?');
  session.send('~/m\t');
  await session.shows('File: ~/my keys/');
  session.send('\t');
  await session.shows('first.key one.txt two.txt');
  session.send('f\t');
  await session.shows('File: ~/my keys/first.key');
  session.send('\r');
  await session.shows('Where may the plain key be');
  session.send('\r');
  await session.shows('What should the key be called?');
  const journal = readFileSync(join(cwd, 'keyferry-new', 'journal.jsonl'), 'utf8');
  assert.match(journal, new RegExp(`"file":"${join(cwd, 'my keys', 'first.key')}"`));
});

test('several files are pasted as lines where files are uploaded', async (t) => {
  const cwd = newFolder();
  for (const name of ['one.txt', 'two words.txt']) writeFileSync(join(cwd, name), name);
  const session = new TerminalSession(['--practice'], { cwd });
  t.after(() => session.kill('SIGKILL'));
  await walkTo(session, 'What should be encrypted?');
  session.send(down);
  session.send('\r');
  await session.shows('Which files?');
  session.send('\u001B[200~~/one.txt\ntwo words.txt\n~/three.txt\n\u001B[201~');
  await session.shows(`Left out: ${join(cwd, 'three.txt')}:`);
  await session.shows('2 chosen');
  session.send('\r');
  await session.shows('Read each object back');
  session.send('\r');
  await session.shows('Upload them now?');
  session.send('\r');
  await session.shows('is Enabled in us-east-1');
  const record = JSON.parse(readFileSync(join(cwd, 'keyferry-payments-2026', 'record.json'), 'utf8'));
  assert.equal(record.objects.length, 2);
});

test('a folder is a row that can be ticked, and what is chosen is counted at once', async (t) => {
  const cwd = newFolder();
  mkdirSync(join(cwd, 'a folder', 'in it'), { recursive: true });
  for (const name of ['a folder/one.txt', 'a folder/in it/two.txt', 'three.txt']) writeFileSync(join(cwd, name), name);
  const session = new TerminalSession(['--practice'], { cwd });
  t.after(() => session.kill('SIGKILL'));
  await walkTo(session, 'What should be encrypted?');
  session.send(down);
  session.send('\r');
  await session.shows('[ ] a folder/');
  await session.shows(/keyferry-payments-2026\/ +the folder of this/);
  session.send(' ');
  await session.shows('[x] a folder/');
  await session.shows('2 files, 38 bytes, 2 requests.');
  session.send('three\r');
  await session.shows('3 files, 47 bytes, 3 requests.');
  session.send('\r');
  await session.shows('Read each object back');
  session.send('\r');
  await session.shows('upload 3 files, 47 bytes');
  session.send('\r');
  await session.shows('is Enabled in us-east-1');
  const record = JSON.parse(readFileSync(join(cwd, 'keyferry-payments-2026', 'record.json'), 'utf8'));
  assert.deepEqual(
    record.objects.map(({ key }: { key: string }) => key),
    ['in it/two.txt', 'one.txt', 'three.txt'],
  );
});

test('an answers file and the lines of --plain take ~ too', async () => {
  const home = homeWithKey();
  writeFileSync(join(home, 'photo.bin'), 'a photo');
  const changes = {
    'secret-key': { origin: 'file', file: '~/my keys/first.key', keep: 'memory' },
    finish: { 'plain-key': undefined },
    'encrypt-objects': { what: 'files', files: ['~/photo.bin'] },
  };
  const answers = answersFile(home, exampleWith(changes));
  const { status, stderr } = await keyferry(['run', answers, '--practice', '--workdir', 'w'], home);
  assert.equal(status, 0, stderr);
  const record = JSON.parse(readFileSync(join(home, 'w', 'record.json'), 'utf8'));
  assert.equal(record.objects.length, 1);
  const { stdout } = await piped(
    ['--plain', '--practice'],
    ['', everything.line, 'file', '~/my keys/first.key', '', ':stop'],
    home,
  );
  assert.match(stdout, /Secret key taken: 32 bytes in memory/);
});

test('a key file with a name of the article or the developer guide is offered, and an answers file must still name it', async (t) => {
  for (const name of ['plain_text_aes_key.bin', 'PlaintextKeyMaterial.bin']) {
    const cwd = newFolder();
    writeFileSync(join(cwd, name), randomBytes(32), { mode: 0o600 });
    const session = new TerminalSession(['--practice'], { cwd });
    t.after(() => session.kill('SIGKILL'));
    await walkTo(session, 'Which secret should the key be?');
    await session.shows(`${name} is here`);
    session.send(down);
    session.send('\r');
    await session.shows(`File: ${name}`);
    session.send('\r');
    await session.shows('Where may the plain key be');
    session.kill('SIGKILL');
    const answers = answersFile(cwd, exampleWith({ 'secret-key': { origin: 'file' } }));
    const { status, stderr } = await keyferry(['run', answers, '--practice', '--workdir', 'w'], cwd);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /secret-key\.file is missing/);
  }
});
