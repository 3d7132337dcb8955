import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { answersFile, exampleWith, underPassphrase } from '../e2e/answers.ts';
import { keyInBackup } from '../e2e/backup-key.ts';
import { keyferry } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';

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
  ['no file', () => {}, /backup\.passphrase-file: There is no such file or folder\./],
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

test('one newline at the end of the file is no part of the passphrase', async () => {
  const { status, stderr, w } = await run(holding(`${passphrase}\r\n`));
  assert.equal(status, 0, stderr);
  assert.equal((await keyInBackup(join(w, 'my-first-key.key.age'), passphrase)).length, 32);
});
