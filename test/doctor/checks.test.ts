import assert from 'node:assert/strict';
import fs, { chmodSync, chownSync, constants, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SharedConfig } from '../../source/aws/shared-config.ts';
import { checkCeremonyFolders } from '../../source/doctor/ceremony-folders-check.ts';
import type { Check } from '../../source/doctor/check.ts';
import { checkClock } from '../../source/doctor/clock-check.ts';
import { checkFolder } from '../../source/doctor/folder-check.ts';
import { makeCheckFormatter, verdict } from '../../source/doctor/page.ts';
import { checkProfile } from '../../source/doctor/profile-check.ts';
import { checkProxy } from '../../source/doctor/proxy-check.ts';
import { checkSettings } from '../../source/doctor/settings-check.ts';
import { checkTerminal } from '../../source/doctor/terminal-check.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { configOf } from '../aws/shared-config-file.ts';
import { newFolder } from '../new-folder.ts';
import { replaceMembers } from '../replace-members.ts';
import { placeOf } from './place-of.ts';

const terminalOf = (columns: number, rows: number, env: Record<string, string> = {}) =>
  readTerminal({ env: { LANG: 'C.UTF-8', ...env }, stdin: { isTTY: true }, stdout: { isTTY: true, columns, rows } });

for (const [name, terminal, state, words] of [
  ['a usual one', terminalOf(80, 24), 'fine', /shows the screen/],
  ['a small one', terminalOf(30, 24), 'warning', /small for the screen/],
  ['a dumb one', terminalOf(80, 24, { TERM: 'dumb' }), 'warning', /asks line by line/],
  ['one that is read aloud', terminalOf(80, 24, { INK_SCREEN_READER: '1' }), 'warning', /screen reader/],
  [
    'a dumb one that is read aloud',
    terminalOf(80, 24, { TERM: 'dumb', INK_SCREEN_READER: '1' }),
    'warning',
    /asks line by line/,
  ],
  ['none', readTerminal({ env: {}, stdin: {}, stdout: {} }), 'warning', /no terminal/],
  ['none, and dumb', readTerminal({ env: { TERM: 'dumb' }, stdin: {}, stdout: {} }), 'warning', /no terminal/],
] as const) {
  test(`what a terminal means for the assistant is told: ${name}`, () => {
    const check = checkTerminal(terminal, { TERM: 'x' });
    assert.equal(check.state, state);
    assert.match(check.what, words);
  });
}

test('a folder that is not there can be made where the one above can be written', () => {
  const folder = newFolder();
  assert.equal(checkFolder(folder, 0o022).state, 'fine');
  assert.equal(checkFolder(join(folder, 'a', 'b'), 0o022).what, `The folder can be made: ${join(folder, 'a', 'b')}`);
  const file = join(folder, 'file');
  writeFileSync(file, '', { mode: 0o700 });
  assert.equal(checkFolder(join(file, 'x'), 0o022).state, 'fails');
});

test('a umask that takes rights from oneself stands in the way', () => {
  const folder = newFolder();
  assert.equal(checkFolder(folder, 0o077).state, 'fine');
  assert.deepEqual(checkFolder(folder, 0o022).details, ['umask 0022']);
  const found = checkFolder(folder, 0o277);
  assert.deepEqual([found.state, found.facts.umask], ['fails', '0277']);
  const file = join(folder, 'file');
  writeFileSync(file, '');
  assert.match(checkFolder(file, 0o277).why ?? '', /^The umask 0277 takes rights from yourself/);
});

test('a folder in which one may not write, or which one may not enter, stands in the way', (t) => {
  const folder = newFolder();
  for (const missing of [constants.W_OK, constants.X_OK]) {
    replaceMembers(t, fs, {
      accessSync: (_: string, asked: number) => {
        if ((asked & missing) !== 0) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
      },
    });
    const { state, why } = checkFolder(folder, 0o077);
    assert.deepEqual([state, why], ['fails', 'You are not allowed to open or change this file or folder.']);
  }
});

test('a folder belongs to its owner whatever its group is, and its mode is told without the sticky bit', {
  skip: process.geteuid?.() !== 0,
}, () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'something'), '');
  chownSync(folder, 12_345, 54_321);
  const look = () => checkCeremonyFolders({ paths: [folder], named: undefined, journal: 'j', uid: 12_345 });
  assert.equal(look().state, 'fine');
  chmodSync(folder, 0o1777);
  assert.deepEqual(look().facts.exposed, [{ path: folder, mode: '0777' }]);
});

test("another user's folder, a link and an empty folder are told apart", () => {
  const folder = newFolder();
  const path = join(folder, 'link');
  symlinkSync(folder, path);
  const look = (at: string, uid: number | undefined) =>
    checkCeremonyFolders({ paths: [at], named: at, journal: 'journal.jsonl', uid });
  const link = look(path, undefined);
  assert.deepEqual([link.state, link.why], ['fails', `${path} is not a folder.`]);
  const foreign = look(folder, 99_999);
  assert.equal(foreign.state, 'fails', 'such a folder is refused');
  assert.match(foreign.why ?? '', /belongs to another user/);
  assert.equal(look(newFolder(), 99_999).state, 'fails', 'also an empty one');
  writeFileSync(join(folder, 'something'), '');
  chmodSync(folder, 0o755);
  const both = look(folder, 99_999);
  assert.match(both.why ?? '', /belongs to another user .* Others on this machine may look into/);
  assert.deepEqual(both.next, [`Have it given to you: chown 99999 '${folder}'`, `Run: chmod 700 '${folder}'`]);
  const empty = newFolder();
  chmodSync(empty, 0o755);
  assert.equal(look(empty, undefined).state, 'fine', 'it gets the right mode');
});

test('an exposed folder beside the one that was named does not stop the ceremony, and with it both are told', () => {
  const [named, beside] = [newFolder(), newFolder()];
  const look = (...paths: readonly string[]) => {
    for (const path of paths) writeFileSync(join(path, 'something'), '');
    for (const path of paths) chmodSync(path, 0o755);
    return checkCeremonyFolders({ paths: [named, beside], named, journal: 'j', uid: process.getuid?.() });
  };
  const other = look(beside);
  assert.deepEqual([other.state, other.what], ['warning', 'What a ceremony keeps here is not yours alone.']);
  const both = look(named, beside);
  assert.deepEqual([both.state, both.what], ['fails', 'Keyferry will not keep a ceremony in that folder.']);
  assert.deepEqual(both.next, [`Run: chmod 700 '${named}'`, `Run: chmod 700 '${beside}'`]);
  const none = checkCeremonyFolders({ paths: [], named: undefined, journal: 'j', uid: 1 });
  assert.deepEqual([none.state, none.what], ['fine', 'No ceremony was begun here yet.']);
});

for (const [mode, found] of [
  [0o600, 'fine'],
  [0o640, 'warning'],
  [0o604, 'warning'],
] as const) {
  test(`a journal of mode ${mode.toString(8)} is ${found}`, () => {
    const folder = newFolder();
    const path = join(folder, 'journal.jsonl');
    writeFileSync(path, '');
    chmodSync(path, mode);
    const { state, next } = checkCeremonyFolders({
      paths: [folder],
      named: folder,
      journal: 'journal.jsonl',
      uid: undefined,
    });
    assert.deepEqual([state, next], [found, found === 'fine' ? undefined : [`Run: chmod 600 '${path}'`]]);
  });
}

for (const [aheadMs, state] of [
  [0, 'fine'],
  [59_000, 'fine'],
  [61_000, 'warning'],
  [300_000, 'warning'],
  [301_000, 'fails'],
  [-301_000, 'fails'],
] as const) {
  test(`a clock ${aheadMs / 1000} s behind is ${state}`, () => {
    assert.equal(checkClock([['STS', { addresses: [], connectMs: 1, isPractice: false, aheadMs }]]).state, state);
  });
}

test('the clock of KMS counts where STS gave none', () => {
  const probe = { addresses: [], connectMs: 1, isPractice: false };
  const found = checkClock([
    ['STS', probe],
    ['KMS', { ...probe, aheadMs: 90_000 }],
  ]);
  assert.deepEqual(found.facts, { service: 'KMS', offsetSeconds: -90 });
});

for (const [aheadMs, words] of [
  [900, "This machine's clock agrees with STS's clock."],
  [90_000, "This machine's clock is 90 s behind STS's clock."],
  [-90_000, "This machine's clock is 90 s ahead of STS's clock."],
] as const) {
  test(`whose clock is compared with whose is said: ${words}`, () => {
    assert.equal(checkClock([['STS', { addresses: [], connectMs: 1, isPractice: false, aheadMs }]]).what, words);
  });
}

for (const [noProxy, state, what] of [
  ['', 'fails', 'A proxy that is set cannot be used.'],
  ['amazonaws.com', 'warning', 'A proxy that is set cannot be used, and no host here needs it.'],
] as const) {
  test(`a SOCKS proxy with NO_PROXY=${noProxy} is: ${state}`, () => {
    const env = { HTTPS_PROXY: 'socks5://127.0.0.1:9', NO_PROXY: noProxy };
    const found = checkProxy(env, ['https://kms.us-east-1.amazonaws.com']);
    assert.deepEqual([found.state, found.what], [state, what]);
    assert.match(found.why ?? '', /names a SOCKS proxy/);
  });
}

test('of two proxies that cannot be used, the one that a host needs stands in the way; an empty ALL_PROXY is none', () => {
  const env = { HTTP_PROXY: 'socks5://127.0.0.1:8', HTTPS_PROXY: 'socks5://127.0.0.1:9' };
  for (const [scheme, variable] of [
    ['http', 'HTTP_PROXY'],
    ['https', 'HTTPS_PROXY'],
  ] as const) {
    const { state, why } = checkProxy(env, [`${scheme}://kms.us-east-1.amazonaws.com`]);
    assert.equal(state, 'fails');
    assert.match(why ?? '', new RegExp(`^${variable} `));
  }
  assert.equal(checkProxy({ ALL_PROXY: '' }, ['https://kms.us-east-1.amazonaws.com']).state, 'fine');
});

test('the page keeps within 60 columns, and says once what checks have in common', () => {
  const terminal = terminalOf(60, 20);
  const linesOf = makeCheckFormatter(terminal);
  const check: Check = {
    id: 'endpoint-kms',
    state: 'fails',
    what: 'KMS at kms.eu-central-1.amazonaws.com does not answer: the name of the endpoint is not known here (DNS).',
    why: 'For a reason.',
    next: ['Check the Region, the firewall and the proxy settings, then try again.'],
    facts: {},
  };
  const first = linesOf(check);
  assert.deepEqual(first, [
    'x KMS at kms.eu-central-1.amazonaws.com does not answer: the',
    '  name of the endpoint is not known here (DNS).',
    '  For a reason.',
    '  > Check the Region, the firewall and the proxy settings,',
    '    then try again.',
  ]);
  assert.deepEqual(linesOf({ ...check, what: 'S3 too.\u001B[2J' }), ['x S3 too.[2J']);
  assert.equal(verdict([check]), 'Keyferry will not work here: 1 thing is in the way (x).');
});

test('a file of profiles that cannot be read is a warning that names it; one that is not there is none', () => {
  const env = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x' };
  const checkWith = (errorCode: string, ...read: readonly { path: string; kind: 'config' | 'credentials' }[]) => {
    const unread = { path: '/home/me/.aws/config', kind: 'config', sections: [], errorCode } as const;
    const files = [unread, ...read.map((file) => ({ ...file, sections: [] }))];
    return checkProfile(placeOf('environment', 'AWS_ACCESS_KEY_ID'), { config: configOf({}, { files }), env }).check;
  };
  const { state, details } = checkWith('EACCES');
  assert.deepEqual([state, details], ['warning', ['cannot be read (EACCES): /home/me/.aws/config']]);
  assert.equal(checkWith('ENOENT').state, 'fine');
  const { state: beside, facts } = checkWith('EACCES', { path: '/home/me/.aws/credentials', kind: 'credentials' });
  assert.equal(beside, 'warning');
  assert.deepEqual(facts.files, [
    { path: '/home/me/.aws/config', unread: 'EACCES' },
    { path: '/home/me/.aws/credentials' },
  ]);
  assert.ok(!('profile' in facts));
});

test('the profile in AWS_PROFILE has its settings too, and a defect is not told as a wrong setting', () => {
  const look = (config: SharedConfig) =>
    checkSettings(placeOf('environment', ''), { config, env: { AWS_PROFILE: 'ops' } });
  assert.equal(look(configOf({ ops: { use_fips_endpoint: 'true' } })).settings.useFips, true);
  const broken = Object.defineProperty(configOf({}), 'profiles', {
    get: () => {
      throw new TypeError('a defect');
    },
  });
  assert.throws(() => look(broken), /a defect/);
  assert.throws(() => checkProfile(placeOf('profile:ops', ''), { config: broken, env: {} }), /a defect/);
});

test('a profile that is named with a second line does not exist', () => {
  const named = placeOf('profile:ops\nops', 'AWS_PROFILE');
  const { check } = checkProfile(named, { config: configOf({ ops: {} }), env: {} });
  assert.equal(check.state, 'fails');
  assert.match(check.why ?? '', /^There is no profile ops/);
});
