import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs, {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { suite, test } from 'node:test';
import type { ProblemError } from '../../source/ceremony/problem.ts';
import { expandHome } from '../../source/disk/home.ts';
import { inspectKeyFile } from '../../source/material/inspect.ts';
import { readKeyFile } from '../../source/material/key-file.ts';
import { withSmallFile } from '../../source/material/small-file.ts';
import { replaceMembers } from '../replace-members.ts';
import { assertPlain, key } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();

suite('a path that is no key file', () => {
  const cases = [
    {
      name: 'nothing there',
      path: () => join(folder.path, 'nothing'),
      verdict: 'absent',
      says: /no such file or folder/,
    },
    { name: 'nothing typed', path: () => '', verdict: 'absent', says: /no such file/ },
    { name: 'below a file', path: () => join(folder.put('key', key), 'more'), verdict: 'absent', says: /not a folder/ },
    { name: 'a NUL in the path', path: () => 'a\0b', verdict: 'absent', says: /character that no name has/ },
    { name: 'a very long path', path: () => 'x'.repeat(5000), verdict: 'absent', says: /too long/ },
    { name: 'a folder', path: () => folder.path, verdict: 'refused', says: /folder/ },
    { name: 'a device', path: () => '/dev/null', verdict: 'refused', says: /device/ },
    {
      name: 'a link to a key',
      path: () => linkTo(folder.put('key', key)),
      verdict: 'refused',
      says: /symbolic link that is not followed\. Give the path/,
    },
    {
      name: 'a link to nothing',
      path: () => linkTo(join(folder.path, 'nothing')),
      verdict: 'refused',
      says: /does not exist/,
    },
    { name: 'a link to itself', path: () => linkTo(join(folder.path, 'link')), verdict: 'refused', says: /./ },
    { name: 'a pipe', path: pipe, verdict: 'refused', says: /pipe/ },
    {
      name: 'a large file',
      path: largeFile,
      verdict: 'refused',
      size: 2 ** 32,
      says: /4294967296 bytes, far too large/,
    },
  ];
  for (const { name, path, verdict, size, says } of cases) {
    test(name, () => {
      const { findings, ...found } = inspectKeyFile(path());
      assert.equal(found.verdict, verdict);
      assert.equal(found.form, 'none');
      if (size !== undefined) assert.equal(found.size, size);
      assert.match(findings.join(' '), says);
      assertPlain(findings);
    });
  }

  test('a file that may not be read', { skip: process.getuid?.() === 0 && 'the superuser may read everything' }, () => {
    const { verdict, findings } = inspectKeyFile(folder.put('secret', key, 0o000));
    assert.equal(verdict, 'refused');
    assert.match(findings.join(), /not allowed/);
  });
});

test('a leading ~/ is the home folder, and a folder on the way may be a link', () => {
  const path = folder.put('key', key);
  assert.equal(inspectKeyFile(`~/${relative(homedir(), path)}`).verdict, 'ready');
  assert.equal(expandHome('~/keys'), join(homedir(), 'keys'));
  assert.equal(expandHome('~other/keys'), '~other/keys');
  const linked = join(folder.path, 'linked');
  rmSync(linked, { force: true });
  symlinkSync(folder.path, linked);
  assert.equal(inspectKeyFile(join(linked, 'key')).verdict, 'ready');
});

for (const mode of [0o640, 0o604, 0o644]) {
  test(`a key in a file of mode ${mode.toString(8)} is usable, with a warning`, () => {
    const { verdict, warning } = inspectKeyFile(folder.put('open', key, mode));
    assert.equal(verdict, 'ready');
    assert.match(warning ?? '', new RegExp(`permissions are ${mode.toString(8)}`));
    assert.equal(inspectKeyFile(folder.put('open', key.toString('hex'), mode)).warning, warning);
  });
}

test('a file of 64 KiB is read, and a larger one is not', () => {
  const size = 64 * 1024;
  const path = folder.put('large', Buffer.concat([Buffer.alloc(size - 32, 0x81), key]));
  assert.match(inspectKeyFile(path).findings.join(), /^This file is 65536 bytes; an AES-256 key is exactly 32\./);
  const descriptor = openSync(path, 'r+');
  try {
    const read = () => withSmallFile(descriptor, (bytes) => bytes.subarray(-32).toString('hex'));
    assert.equal(read(), key.toString('hex'));
    assert.equal(read(), key.toString('hex'), 'the place in the file is as it was');
    assert.equal(readFileSync(descriptor).length, size);
    const given = withSmallFile(descriptor, (bytes) => bytes);
    assert.ok(
      given?.every((byte) => byte === 0),
      'the bytes are overwritten afterwards',
    );
    ftruncateSync(descriptor, size + 1);
    assert.equal(read(), undefined);
  } finally {
    closeSync(descriptor);
  }
  assert.match(inspectKeyFile(path).findings.join(), /^This file is 65537 bytes, far too large for a key\.$/);
});

test('a file that becomes shorter while it is read is judged by what is left of it', (t) => {
  const path = folder.put('key', Buffer.concat([key, Buffer.from('\n')]));
  const { readSync } = fs;
  let reads = 0;
  const shortening = (descriptor: number, ...more: readonly unknown[]) => {
    assert.ok(++reads < 4, 'it is read once more than it has bytes');
    truncateSync(path, key.length);
    return (readSync as (...args: readonly unknown[]) => number)(descriptor, ...more);
  };
  replaceMembers(t, fs, { readSync: shortening });
  const { verdict, size } = inspectKeyFile(path);
  assert.deepEqual([verdict, size], ['ready', key.length]);
});

test('a key that its owner alone may open is usable without a warning', () => {
  for (const mode of [0o600, 0o400]) assert.equal(inspectKeyFile(folder.put('closed', key, mode)).warning, undefined);
});

test('a file that changed since it was inspected is not read in the old form', () => {
  assert.throws(
    () => readKeyFile(folder.put('key', key), 'hex'),
    (error: ProblemError) => error.problem.why === 'The file has changed since it was checked.',
  );
});

function linkTo(target: string): string {
  const link = join(folder.path, 'link');
  rmSync(link, { force: true });
  symlinkSync(target, link);
  return link;
}

function pipe(): string {
  mkdirSync(join(folder.path, 'pipes'), { recursive: true });
  const path = join(folder.path, 'pipes', 'pipe');
  rmSync(path, { force: true });
  execFileSync('mkfifo', [path]);
  return path;
}

function largeFile(): string {
  const path = folder.put('large', '');
  truncateSync(path, 2 ** 32);
  return path;
}
