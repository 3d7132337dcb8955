import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { defineCheckBackup } from '../../source/commands/definitions/check-backup.ts';
import { placeOptions } from '../../source/commands/definitions/options.ts';
import { keyferry, program } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';

const folder = newFolder();

/** What a run of the program prints, and its exit status. */
async function printed(...args: readonly string[]) {
  const { status, stdout, stderr } = await keyferry(args, folder);
  return { status, stdout, stderr };
}

test('-h, help and --help print the same, also of a command', async () => {
  const long = await printed('--help');
  assert.equal(long.status, 0);
  assert.match(long.stdout, /^Usage: keyferry \[options\] \[command\]/);
  assert.deepEqual(await printed('-h'), long);
  assert.deepEqual(await printed('help'), long);
  const ofRun = await printed('run', '--help');
  assert.match(ofRun.stdout, /^Usage: keyferry run /);
  assert.deepEqual(await printed('run', '-h'), ofRun);
  assert.deepEqual(await printed('help', 'run'), ofRun);
});

test('help through npx or npm start has commands that can be pasted, but completion works only where keyferry is installed', async () => {
  const prefixes = {
    'npx keyferry': { npm_lifecycle_event: 'npx' },
    'npm start --silent --': { npm_lifecycle_event: 'start', npm_package_name: 'keyferry' },
  };
  const man = await printed('man');
  for (const [prefix, environment] of Object.entries(prefixes)) {
    const help = async (...args: readonly string[]) => (await keyferry(args, folder, environment)).stdout;
    const ofAll = await help('help');
    assert.ok(ofAll.startsWith(`Usage: ${prefix} [options] [command]\n`));
    for (const line of ['--practice  ', '--profile ops  ', 'run answers.yaml  ', 'explain ERROR  '])
      assert.ok(ofAll.includes(`\n  ${prefix} ${line}`), line);
    assert.match(ofAll, /completes commands and flags of\n +an installed keyferry in a shell/);
    const ofCompletion = await help('completion', '--help');
    assert.ok(ofCompletion.startsWith(`Usage: ${prefix} completion [options] <shell>\n`));
    assert.match(ofCompletion, /^ {2}source <\(keyferry completion bash\) /m);
    assert.match(ofCompletion, /^ {2}keyferry completion fish \| source /m);
    // The manual page is kept for later, when keyferry may be installed.
    assert.equal(await help('man'), man.stdout);
  }
});

test('-v prints the version', async () => {
  assert.deepEqual(await printed('-v'), await printed('--version'));
});

test('an unknown command names the nearest, or all where none is near', async () => {
  for (const args of [['rum'], ['--profile', 'ops', 'rum'], ['help', 'rum']]) {
    const { status, stdout, stderr } = await keyferry(args, folder);
    assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
    assert.match(stderr, /^keyferry: unknown command rum\. The nearest is run\. .*\n$/);
  }
  assert.match((await keyferry(['check-bakup'], folder)).stderr, /The nearest is check-backup\./);
  const none = await keyferry(['decommission'], folder);
  assert.equal(none.status, 2);
  assert.match(
    none.stderr,
    /^keyferry: unknown command decommission\. The commands are run, import-existing, reimport, reimport-wrapped, expiry, check-backup, encrypt, .*help\. .*\n$/,
  );
});

test('a flag that is not there is told in one line, and to a program that wanted an object as one that cannot start', async () => {
  const says = "unknown option '--nonsense'";
  assert.deepEqual(await printed('doctor', '--nonsense'), { status: 2, stdout: '', stderr: `keyferry: ${says}\n` });
  for (const command of ['run', 'encrypt', 'check-backup']) {
    const { status, stdout, stderr } = await printed(command, '--json', '--nonsense');
    assert.deepEqual({ status, stderr }, { status: 2, stderr: `keyferry: ${says}\n` });
    const { ended, exit, problem } = JSON.parse(stdout);
    assert.deepEqual([ended, exit, problem.code, problem.what], ['cannot-start', 2, 'UsageError', says]);
    assert.deepEqual(problem.next, [`Correct the command: keyferry ${command} --help`]);
  }
});

test('what a command keeps of its flags is an endpoint without a password and a Region without blanks', () => {
  const flags = ['--endpoint-url', 'https://me:s3cret@kms.corp.test/a', '--workdir', 'w'];
  const check = new Command();
  defineCheckBackup(check, () => {});
  const place = placeOptions(new Command());
  for (const command of [place, ...check.commands]) {
    assert.deepEqual(command.parseOptions(flags), { operands: [], unknown: [] });
    assert.deepEqual(command.opts(), { endpointUrl: 'https://kms.corp.test/a', workdir: 'w' });
  }
  place.parseOptions(['--region', ' eu-west-1\n', '--practice', '--profile', ' my ops']);
  const { region, practice, profile } = place.opts();
  assert.deepEqual([region, practice, profile], ['eu-west-1', true, ' my ops']);
});

test('every command that leads through a ceremony takes --redact, and only the first import has the order of the video', async () => {
  for (const command of [
    [],
    ['run'],
    ['import-existing'],
    ['reimport'],
    ['reimport-wrapped'],
    ['expiry'],
    ['encrypt'],
  ]) {
    const { stdout } = await printed(...command, '--help');
    assert.match(stdout, /^ {2}--redact /m, command[0]);
    assert.equal(/^ {2}--as-in-the-video /m.test(stdout), command.length === 0 || command[0] === 'run', command[0]);
    for (const flag of [
      '--practice',
      '--profile <name>',
      '--region <code>',
      '--endpoint-url <url>',
      '--workdir <folder>',
    ])
      assert.ok(stdout.includes(`\n  ${flag} `), `${command[0]} ${flag}`);
  }
});

test('a command that asks and finds no terminal names itself and what works without one, and begins nothing', async () => {
  const here = newFolder();
  for (const id of ['reimport', 'reimport-wrapped', 'expiry']) {
    const { status, stdout, stderr } = await keyferry([id], here);
    assert.deepEqual([status, stdout], [2, '']);
    assert.deepEqual(stderr.split('\n'), [
      `keyferry: ${id} asks on a terminal, and this is none. Nothing was begun.`,
      `Line by line, also with pipes: keyferry ${id} --plain`,
      `Without a person: keyferry run --example ${id} > ${id}.yaml, then keyferry run ${id}.yaml`,
      '',
    ]);
  }
  // Compiled code is kept in the home folder, which is this one.
  assert.deepEqual(
    readdirSync(here).filter((name) => name !== '.cache'),
    [],
  );
});

test('the manual page has every command and flag that help has, and no fault that man finds', async (t) => {
  const page = (await keyferry(['man'], folder)).stdout;
  const plain = page.replaceAll('\\-', '-');
  const { stdout: help } = await keyferry(['--help'], folder);
  const list = /Commands:\n(.*?)\n\n/s.exec(help)?.[1] ?? '';
  const commands = [...list.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name ?? '');
  assert.equal(commands.includes('check-backup'), true);
  for (const command of commands) {
    const { stdout } = await keyferry([command, '--help'], folder);
    const [, usage = ''] = /^Usage: (.*)\n/.exec(stdout) ?? [];
    const section = plain.slice(plain.indexOf(`.SS "${usage}"`));
    assert.equal(section.startsWith(`.SS "${usage}"`), true, usage);
    const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag ?? '');
    assert.equal(flags.length > 0, true);
    for (const flag of flags) assert.equal(section.includes(flag), true, `${command} ${flag}`);
  }
  writeFileSync(join(folder, 'keyferry.1'), page);
  try {
    execFileSync('man', ['--version'], { stdio: 'ignore' });
  } catch {
    return t.skip('man is not installed');
  }
  const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '80' } } as const;
  const shown = execFileSync('sh', ['-c', `man --warnings -l '${join(folder, 'keyferry.1')}' 2>&1`], options);
  assert.doesNotMatch(shown, /warning|error:/);
  assert.match(shown, /^ +keyferry check-backup \[options\] \[file\]$/m);
});

for (const [stream, args, ends] of [
  ['stdout', ['--help'], 0],
  ['stderr', ['rum'], 2],
] as const)
  test(`a reader of ${stream} that is gone ends nothing with a stack trace, and changes no exit status`, async () => {
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    // Before the program has written anything.
    child[stream].destroy();
    let said = '';
    child[stream === 'stdout' ? 'stderr' : 'stdout'].setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [status] = await once(child, 'close');
    assert.deepEqual({ status, said }, { status: ends, said: '' });
  });

test('a help that the disk has no room for is no success', { skip: process.platform !== 'linux' }, () => {
  const full = openSync('/dev/full', 'w');
  try {
    const { status, stderr } = spawnSync(process.execPath, [program, '--help'], {
      cwd: folder,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    assert.notEqual(status, 0);
    assert.match(stderr, /ENOSPC/);
  } finally {
    closeSync(full);
  }
});
