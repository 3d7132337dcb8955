// A whole practice ceremony over ssh, and the same over mosh, in tmux and in GNU screen: all must show the same last
// screens. Not part of `npm test`, because it needs these programs and opens ports on loopback. After `npm run build`:
//
//   node --import tsx test/links/last-screen.ts
//
// It says `skipped` for each program that is missing, and ends with status 1 where a screen differs.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { quote } from '../../source/ceremony/shell-word.ts';
import { program } from '../e2e/program.ts';
import { TerminalSession } from '../e2e/terminal-session.ts';
import { assertFinished, walkToTheLastPage } from '../e2e/walk.ts';
import { newFolder } from '../new-folder.ts';

type Words = readonly [file: string, ...args: readonly string[]];
type Size = { readonly columns: number; readonly rows: number };

const sizes: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 60, rows: 20 },
];
const sshd = '/usr/sbin/sshd';
const folder = newFolder();

const isInstalled = (name: string) =>
  `${process.env.PATH}:/usr/sbin`.split(':').some((place) => existsSync(join(place, name)));

/** Runs the ceremony, says how it ended, and stays until Enter, so that its last screen can be read. */
function ceremonyIn(cwd: string): Words {
  const environment = `export HOME=${quote(cwd)} LANG=C.UTF-8 AWS_EC2_METADATA_DISABLED=true`;
  const run = `${quote(process.execPath)} ${quote(program)} --practice`;
  return ['sh', '-c', `${environment}; cd ${quote(cwd)}; ${run}; echo "exit status $?"; read _`];
}

const asOneWord = (words: Words) => words.map(quote).join(' ');

/** An sshd for this user alone, on loopback. */
async function serveSsh(): Promise<{ readonly server: ChildProcess; readonly ssh: Words }> {
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const port = await freePort();
  const config = join(folder, 'sshd_config');
  writeFileSync(
    config,
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'user.pub')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin prohibit-password',
    ].join('\n'),
  );
  // As root it wants this folder, which a package's service makes only when it starts.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const server = spawn(sshd, ['-D', '-e', '-f', config], { stdio: 'ignore' });
  await answers(port);
  const options = ['-F', 'none', '-i', join(folder, 'user'), '-p', String(port), '-l', userInfo().username];
  const trust = ['-o', 'UserKnownHostsFile=/dev/null', '-o', 'StrictHostKeyChecking=no', '-o', 'LogLevel=ERROR'];
  return { server, ssh: ['ssh', ...options, ...trust] };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const came = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (came) return;
    await pause(50);
  }
  throw new Error(`sshd does not answer on port ${port}`);
}

/** Key ids, hashes, names and times are other ones in each ceremony, and as long; they may break anywhere. */
const comparable = (screen: readonly string[]) =>
  screen.map((row) => row.trimEnd().replaceAll(/[0-9a-f]/g, '#')).join('\n');

/** The last page and what stays when it is left, as a person sees them at the other end of a link. */
async function lastScreens(over: (ceremony: Words) => Words, size: Size): Promise<readonly string[]> {
  const cwd = newFolder();
  const session = new TerminalSession([], {
    cwd,
    ...size,
    env: { PATH: process.env.PATH ?? '' },
    command: over(ceremonyIn(cwd)),
  });
  try {
    await walkToTheLastPage(session);
    const page = comparable(session.screen());
    session.send('\r');
    await session.shows('exit status 0');
    const left = comparable(session.screen());
    session.send('\r');
    await session.ends();
    await assertFinished(cwd);
    return [page, left];
  } finally {
    session.kill('SIGKILL');
  }
}

const screenrc = join(folder, 'screenrc');
writeFileSync(screenrc, 'startup_message off\n');
const tmuxSocket = join(folder, 'tmux');

async function compare(): Promise<number> {
  if (!isInstalled('ssh') || !existsSync(sshd)) {
    console.log('skipped: no ssh');
    return 0;
  }
  const { server, ssh } = await serveSsh();
  const overSsh = (ceremony: Words): Words => [...ssh, '-t', '127.0.0.1', asOneWord(ceremony)];
  const others: Readonly<Record<string, (ceremony: Words) => Words>> = {
    mosh: (ceremony) => [
      ...(['mosh', `--ssh=${asOneWord(ssh)}`, '--bind-server=127.0.0.1', '--family=inet'] as const),
      ...['--predict=never', '--no-init', '127.0.0.1', '--', ...ceremony],
    ],
    tmux: (ceremony) => [
      ...(['tmux', '-S', tmuxSocket, '-f', '/dev/null', '-u', 'new-session', asOneWord(ceremony)] as const),
      ...[';', 'set', 'status', 'off'],
    ],
    screen: (ceremony) => ['screen', '-U', '-c', screenrc, ...ceremony],
  };
  let differences = 0;
  try {
    for (const [name, over] of Object.entries(others)) {
      if (!isInstalled(name)) {
        console.log(`skipped: no ${name}`);
        continue;
      }
      for (const size of sizes) {
        const wanted = await lastScreens(overSsh, size);
        const found = await lastScreens(over, size);
        const same = wanted.every((screen, index) => screen === found[index]);
        console.log(
          `${name} ${size.columns}x${size.rows}: ${same ? 'the same last screens as over ssh' : 'DIFFERENT'}`,
        );
        if (!same) {
          differences += 1;
          console.log(
            wanted.flatMap((screen, index) => ['over ssh:', screen, `over ${name}:`, found[index]]).join('\n'),
          );
        }
      }
    }
  } finally {
    server.kill();
  }
  return differences === 0 ? 0 : 1;
}

process.exitCode = await compare();
