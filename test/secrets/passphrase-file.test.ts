import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { answersFile, type Changes, exampleWith, underPassphrase } from '../e2e/answers.ts';
import { keyInBackup } from '../e2e/backup-key.ts';
import { keyferry } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';
import { sampleOf } from '../seed.ts';

const passphrase = 'winter lamp orbit saddle';

/** Runs the example with a backup under a passphrase. `prepare` makes pass.txt. */
async function run(prepare: (path: string) => void, changes = underPassphrase('pass.txt')) {
  const folder = newFolder();
  prepare(join(folder, 'pass.txt'));
  const args = ['run', answersFile(folder, exampleWith(changes)), '--practice', '--workdir', 'w', '--json'];
  return { ...(await keyferry(args, folder)), w: join(folder, 'w') };
}

const holding = (contents: string | Buffer) => (path: string) => writeFileSync(path, contents, { mode: 0o600 });

for (const [name, prepare, says, changes] of [
  ['nothing in the file', holding('\n'), /backup\.passphrase-file: It takes a passphrase/],
  ['a weak passphrase', holding('password1\n'), /backup\.passphrase-file: This is guessed within a day/],
  ['two lines', holding('winter lamp\norbit saddle\n'), /backup\.passphrase-file: It holds a line break/],
  ['a folder', (path: string) => mkdirSync(path), /backup\.passphrase-file: It is a folder\. Add the name/],
  ...[0o640, 0o604, 0o644].map(
    (mode) =>
      [
        `a file of mode ${mode.toString(8)}`,
        (path: string) => {
          holding(passphrase)(path);
          chmodSync(path, mode);
        },
        /passphrase-file: Others on this computer may open this file: its permissions are \d+\. Make them 600/,
      ] as const,
  ),
  [
    'a symbolic link',
    (path: string) => {
      holding(passphrase)(`${path}.real`);
      symlinkSync(`${path}.real`, path);
    },
    /passphrase-file: It is a symbolic link that is not followed\. Give the path of the file/,
  ],
  [
    'the passphrase itself in the answers',
    holding(passphrase),
    /backup\.passphrase is not a question\. Did you mean passphrase-file\?/,
    { backup: { how: 'passphrase', passphrase, 'confirm-none': undefined } },
  ],
] as const) {
  test(`unattended, ${name} is refused before anything is made, and the passphrase is not repeated`, async () => {
    const { status, stdout, stderr, w } = await run(prepare, changes);
    assert.match(stderr, says);
    assert.match(stderr, /any name\.yaml:\d+: backup\./);
    assert.equal(status, 2);
    assert.equal(JSON.parse(stdout).problem.code, 'AnswersRefused');
    assert.doesNotMatch(stderr + stdout, /orbit|password1/);
    assert.equal(existsSync(join(w, 'plain_text_aes_key.bin')), false);
  });
}

/** Runs with a backup under a passphrase in `named`, where nothing of that name is. */
async function runWithout(named: string, options: readonly string[], ...changes: readonly Changes[]) {
  const folder = newFolder();
  const answers = answersFile(folder, exampleWith(underPassphrase(named), ...changes));
  const args = ['run', answers, '--workdir', 'w', '--json', ...options];
  return { ...(await keyferry(args, folder)), folder, w: join(folder, 'w'), args };
}

const waysToPractise = [
  ['--practice', ['--practice'], {}],
  ['the answers', [], { connect: { source: 'practice' } }],
] as const;

for (const [name, options, changes] of sampleOf(waysToPractise, 2)) {
  test(`in practice by ${name}, a passphrase file that is missing is made in the folder, and serves from then on`, async () => {
    const { status, stderr, folder, w, args } = await runWithout('pass.txt', options, changes);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Made pass\.txt in w: practice only\.$/m);
    const path = join(w, 'pass.txt');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const made = readFileSync(path, 'utf8');
    assert.match(made, /^[a-z2-9]{25}\n$/);
    assert.equal((await keyInBackup(join(w, 'my-first-key.key.age'), made.trim())).length, 32);
    assert.doesNotMatch(stderr, new RegExp(made.trim()));
    const again = await keyferry(args, folder);
    assert.equal(again.status, 0, again.stderr);
    assert.doesNotMatch(again.stderr, /Made/);
    assert.equal(readFileSync(path, 'utf8'), made);
  });
}

test('on AWS a passphrase file that is missing is told with where it was looked for, and none is made', async () => {
  const { status, stderr, w } = await runWithout('pass.txt', [], { connect: { source: 'instance-role' } });
  assert.equal(status, 2, stderr);
  assert.match(stderr, /backup\.passphrase-file: There is no such file or folder\. Keyferry looked in w, and here\.\n/);
  assert.equal(existsSync(w), false);
});

for (const [name, named, changes, says] of [
  ['with another answer that is wrong', 'pass.txt', { import: { expiry: 'nevr' } }, /import\.expiry/],
  [
    'with an answer that AWS finds wrong',
    'pass.txt',
    { 'encrypt-objects': { where: 'existing', bucket: 'no-such-bucket-here' } },
    /There is no bucket/,
  ],
  ['outside of the folder', '../pass.txt', {}, /passphrase-file: There is no such file/],
] as const) {
  test(`in practice too, ${name} no passphrase file is made`, async () => {
    const { status, stderr, folder, w } = await runWithout(named, ['--practice'], changes);
    assert.equal(status, 2, stderr);
    assert.match(stderr, says);
    for (const place of [folder, w]) assert.equal(existsSync(join(place, 'pass.txt')), false);
  });
}

test('a reimport in practice makes no passphrase file', async () => {
  const { status, stderr, folder, w } = await runWithout('pass.txt', ['--practice']);
  assert.equal(status, 0, stderr);
  const backup = 'my-first-key.key.age';
  const answers = stringify({
    ceremony: 'reimport',
    'bring-back': { expiry: 'date', 'valid-to': '90d', backups: [backup], 'passphrase-file': 'other.txt' },
  });
  const args = ['run', answersFile(folder, answers), '--practice', '--workdir', 'w', '--json'];
  const refused = await keyferry(args, folder);
  assert.match(refused.stderr, /bring-back\.passphrase-file: There is no such file or folder\./);
  assert.equal(refused.status, 2);
  assert.equal(existsSync(join(w, 'other.txt')), false);
});

test('a relative path begins in the folder; what is only in the current directory is found there, as before', async () => {
  const other = 'quiet copper meadow violin';
  const places = [
    [other, other],
    [undefined, passphrase],
  ] as const;
  for (const [inFolder, wanted] of sampleOf(places, 2)) {
    const folder = newFolder();
    const w = join(folder, 'w');
    mkdirSync(w, { mode: 0o700 });
    holding(passphrase)(join(folder, 'pass.txt'));
    if (inFolder !== undefined) holding(inFolder)(join(w, 'pass.txt'));
    const answers = answersFile(folder, exampleWith(underPassphrase('pass.txt')));
    const { status, stderr } = await keyferry(['run', answers, '--practice', '--workdir', 'w'], folder);
    assert.equal(status, 0, stderr);
    assert.equal((await keyInBackup(join(w, 'my-first-key.key.age'), wanted)).length, 32);
  }
});

test('one newline at the end of the file is no part of the passphrase', async () => {
  const { status, stderr, w } = await run(holding(`${passphrase}\r\n`));
  assert.equal(status, 0, stderr);
  assert.equal((await keyInBackup(join(w, 'my-first-key.key.age'), passphrase)).length, 32);
});
