import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { spawn } from '@lydell/node-pty';
import { bareEnvironment, keyferry } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';

const folder = newFolder();

/** How each shell starts without a person's settings, and what makes it print the arguments of `keyferry`, one in each <>. */
const shells = {
  bash: {
    flags: ['--norc', '--noprofile', '-i'],
    prepare: `PS1='re''ady '; keyferry() { printf '<%s>' "$@"; }; source completion.bash`,
  },
  zsh: {
    flags: ['-f', '-i'],
    prepare: `PS1='re''ady '; keyferry() { printf '<%s>' "$@"; }; autoload -U compinit; compinit -u -D; source completion.zsh`,
  },
  fish: {
    flags: ['--no-config', '-i'],
    prepare: `function fish_prompt; echo -n 're''ady '; end; function keyferry; printf '<%s>' $argv; end; source completion.fish`,
  },
} as const;
type Shell = keyof typeof shells;

/** What is typed before the tab, and the arguments of the command as it then runs. */
const cases: readonly (readonly [typed: string, args: readonly string[]])[] = [
  ['chec', ['check-backup']],
  ['--as', ['--as-in-the-video']],
  ['--hel', ['--help']],
  ['--vers', ['--version']],
  ['run --runb', ['run', '--runbook']],
  ['check-backup --hel', ['check-backup', '--help']],
  ['practice-aws --clo', ['practice-aws', '--clock-speed']],
  ['--profile run unf', ['--profile', 'run', 'unfinished']],
  ['--practice run --runb', ['--practice', 'run', '--runbook']],
  ['run answers --runb', ['run', 'answers', '--runbook']],
  ['--workdir run unf', ['--workdir', 'run', 'unfinished']],
  ['run ans', ['run', 'answers one.yaml']],
  ['run --example ans', ['run', '--example', 'answers one.yaml']],
  ['import-existing ans', ['import-existing', 'ans']],
  ['--profile ans', ['--profile', 'ans']],
  ['--workdir back', ['--workdir', 'backups']],
  ['unfinished --workdir back', ['unfinished', '--workdir', 'backups']],
  ['check-backup --identity backup.', ['check-backup', '--identity', 'backup.age']],
  ['completion zs', ['completion', 'zsh']],
  ['help unf', ['help', 'unfinished']],
];

before(async () => {
  for (const shell of Object.keys(shells)) {
    const { stdout, stderr } = await keyferry(['completion', shell], folder);
    assert.equal(stderr, '');
    writeFileSync(join(folder, `completion.${shell}`), stdout);
  }
  mkdirSync(join(folder, 'backups'));
  for (const file of ['answers one.yaml', 'backup.age']) writeFileSync(join(folder, file), '');
});

/** The shell in a terminal of its own; `type` gives what it shows until its next prompt. */
function openShell(path: string, flags: readonly string[]) {
  const env = { ...bareEnvironment(folder), PATH: process.env.PATH } as Record<string, string>;
  const terminal = spawn(path, [...flags], { cols: 300, rows: 50, cwd: folder, env });
  let shown = '';
  let changed = () => {};
  terminal.onData((data) => {
    shown += data;
    changed();
  });
  return {
    close: () => terminal.kill('SIGKILL'),
    async type(text: string, until: RegExp): Promise<string> {
      shown = '';
      terminal.write(text);
      while (!until.test(shown)) await new Promise<void>((resolve) => (changed = resolve));
      return shown;
    },
  };
}

for (const [name, { flags, prepare }] of Object.entries(shells)) {
  test(`${name} completes commands, flags, folders and files`, async (t) => {
    const path = whereIs(name as Shell);
    if (path === undefined) return t.skip(`${name} is not installed`);
    const shell = openShell(path, flags);
    t.after(shell.close);
    await shell.type(`${prepare}\r`, /ready /);
    for (const [typed, args] of cases) {
      const shown = await shell.type(`keyferry ${typed}\t\r`, /<.*>.*ready /s);
      // zsh takes the slash after a folder away when the line is run.
      assert.equal(/<.*>/.exec(shown)?.[0].replaceAll('/>', '>'), args.map((arg) => `<${arg}>`).join(''), shown);
    }
  });
}

test('zsh and fish say beside a command what it does, in one sentence, and beside both spellings of a flag what it is for', async () => {
  const { stdout: zsh } = await keyferry(['completion', 'zsh'], folder);
  const { stdout: fish } = await keyferry(['completion', 'fish'], folder);
  const says = 'Lets KMS say whether a backup is the key: imports it again as the material that is there';
  assert.ok(zsh.includes(`\n    'check-backup:${says}'\n`));
  assert.ok(fish.includes(`\ncomplete -c keyferry -n '__keyferry_in ""' -a check-backup -d '${says}'\n`));
  assert.ok(zsh.includes("\n    'man:Prints this help as a manual page'\n"), 'without the point at its end');
  for (const name of ['-v', '--version']) assert.ok(zsh.includes(`\n    '*${name}[print the version]' \\\n`));
  assert.match(fish, /^complete -c keyferry -n '__keyferry_in ""' -l version -s v -d 'print the version'$/m);
  // A quote in a description ends no word of the script.
  assert.match(zsh, /^ {4}'\*--workdir\[the ceremony'\\''s folder, .*\]:value:_files -\/' \\$/m);
  assert.match(fish, /-l workdir -r -f -a '\(__fish_complete_directories\)' -d 'the ceremony\\'s folder, .*'$/m);
});

function whereIs(shell: Shell): string | undefined {
  try {
    return execFileSync('sh', ['-c', `command -v ${shell}`], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
