import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { Journal } from '../../source/ceremony/journal.ts';
import { answersFile, exampleWith, memoryAlone, ofEnvironment } from '../e2e/answers.ts';
import { bareEnvironment, keyferry, program } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';
import { isLong, sampleOf } from '../seed.ts';
import { ageIdentity } from './age-identity.ts';
import { backedUp, practice } from './finished-ceremony.ts';

const page = 4096;

/** A disk of so many bytes, or nothing where this user may mount none. */
function smallDisk(t: TestContext): { path: string; resize: (bytes: number) => void } | undefined {
  const path = join(newFolder(), 'disk');
  mkdirSync(path);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${page},mode=700`, 'keyferry-test', path]).status !== 0) return;
  t.after(() => execFileSync('umount', [path]));
  return { path, resize: (bytes) => void execFileSync('mount', ['-o', `remount,size=${bytes}`, path]) };
}

/** Everything in a folder that another step or another run would take for whole. */
function assertWhole(folder: string): void {
  if (existsSync(join(folder, 'journal.jsonl'))) {
    const bytes = readFileSync(join(folder, 'journal.jsonl'), 'utf8');
    assert.ok(bytes === '' || bytes.endsWith('\n'), 'the journal ends in a whole line');
    new Journal(join(folder, 'journal.jsonl'));
  }
  for (const name of readdirSync(folder)) {
    const { length } = readFileSync(join(folder, name));
    if (name === 'enc.aes.key') assert.equal(length, 256);
    if (name === 'plain_text_aes_key.bin') assert.equal(length, 32);
    if (name === 'record.json') JSON.parse(readFileSync(join(folder, name), 'utf8'));
    if (name.endsWith('.key.age')) assert.ok(length > 200, name);
    assert.equal(name.endsWith('.new'), false, name);
    assert.notEqual(name, 'journal.lock');
  }
}

test('a disk that fills up at any file stops the ceremony in words, and with room it ends', async (t) => {
  const disk = smallDisk(t);
  if (disk === undefined) return t.skip('no tmpfs may be mounted here');
  const { aws, kms, environment } = await practice(t);
  const folder = newFolder();
  const { recipient, identityFile } = ageIdentity(folder);
  const stoppedAt = new Set<string>();
  let aliases = 0;
  // Both forms on each size: the file of the article, and memory alone, of which a stopped run leaves nothing.
  const runs = sampleOf(
    Array.from({ length: 120 }, (_, index) => index + 2),
    7,
  );
  let fitted = 0;
  for (const run of runs) {
    if (fitted === 2) break;
    const pages = Math.floor(run / 2);
    disk.resize(pages * page);
    const w = join(disk.path, `w${run}`);
    const alias = `alias/run-${run}-on-${pages}-pages`;
    const answers = answersFile(
      folder,
      exampleWith(
        ofEnvironment,
        backedUp(recipient, identityFile),
        { 'describe-key': { alias } },
        run % 2 === 0 ? {} : memoryAlone,
      ),
    );
    const args = ['run', answers, '--endpoint-url', aws.endpoint, '--workdir', w, '--json'];
    const full = await keyferry(args, folder, environment);
    if (full.status === 0) {
      fitted += 1;
      aliases += 1;
      execFileSync('rm', ['-rf', w]);
      continue;
    }
    assert.equal(full.status, 3, full.stderr);
    assert.match(full.stderr, /^x Can't .*\.$/m);
    assert.match(full.stderr, /The disk is full\./);
    assert.match(full.stderr, /everything/i);
    const step = [...full.stderr.matchAll(/^(.*) \.\.\.$/gm)].at(-1)?.[1] ?? 'the start';
    stoppedAt.add(step);
    if (existsSync(w)) assertWhole(w);
    disk.resize(4_000_000);
    const roomy = await keyferry(args, folder, environment);
    assert.equal(roomy.status, 0, roomy.stderr);
    assert.equal(JSON.parse(roomy.stdout).keyState, 'Enabled');
    assertWhole(w);
    aliases += 1;
    execFileSync('rm', ['-rf', w]);
  }
  assert.equal(fitted, 2, 'a ceremony fits on a small disk');
  for (const step of isLong ? ['Secret key', 'Backup', 'Wrap'] : [])
    assert.ok(stoppedAt.has(step), `it stopped at ${step}`);
  assert.ok(stoppedAt.size > 1);
  const { Keys = [] } = await kms.send(new ListKeysCommand({ Limit: 1000 }));
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({ Limit: 100 }));
  const ours = Aliases.filter(({ AliasName }) => AliasName?.endsWith('-pages'));
  assert.equal(ours.length, aliases);
  assert.equal(new Set(ours.map(({ TargetKeyId }) => TargetKeyId)).size, aliases);
  assert.ok(Keys.length >= aliases);
});

test('a limit on the size of files stops the journal in words, and without it the ceremony goes on', async (t) => {
  const { aws, environment } = await practice(t);
  const folder = newFolder();
  const answers = answersFile(folder, exampleWith(ofEnvironment));
  const args = ['run', answers, '--endpoint-url', aws.endpoint, '--workdir', 'w', '--json'];
  // Blocks of 1024 bytes in bash, of 512 in other shells.
  const child = spawn('sh', ['-c', 'ulimit -f 6 && exec "$@"', 'sh', process.execPath, program, ...args], {
    cwd: folder,
    env: { ...bareEnvironment(folder), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
  assert.equal(child.exitCode, 3, stderr);
  assert.match(stderr, /Can't write down what is done, so nothing more is done\./);
  assert.match(stderr, /a file size limit is reached/);
  assertWhole(join(folder, 'w'));
  const { status, stderr: told } = await keyferry(args, folder, environment);
  assert.equal(status, 0, told);
});

test('a backup that a kill left half-written is not taken for one', async (t) => {
  const { aws, environment } = await practice(t);
  const folder = newFolder();
  const { recipient, identityFile } = ageIdentity(folder);
  mkdirSync(join(folder, 'w'), { mode: 0o700 });
  writeFileSync(join(folder, 'w', 'my-first-key.key.age.new'), randomBytes(100), { mode: 0o600 });
  const answers = answersFile(folder, exampleWith(ofEnvironment, backedUp(recipient, identityFile)));
  const args = ['run', answers, '--endpoint-url', aws.endpoint, '--workdir', 'w', '--json'];
  const { status, stderr } = await keyferry(args, folder, environment);
  assert.equal(status, 0, stderr);
  assertWhole(join(folder, 'w'));
});
