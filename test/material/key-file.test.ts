import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { suite, test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { destroyKeyFile, protectKeyFile, readKeyFile, writeKeyFile } from '../../source/material/key-file.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { inPieces } from '../disk/in-pieces.ts';
import { noDescriptors, openIn } from '../disk/open-in.ts';
import { watchDisk } from '../disk-log.ts';
import { key } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();

function fresh(name: string): string {
  const path = join(folder.path, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  return path;
}

function problem(act: () => unknown, why: RegExp, next = /./, state = /./): void {
  assert.throws(act, (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.problem.kind, 'fixable');
    assert.match(error.problem.why ?? '', why);
    assert.match(error.problem.next.join(' '), next);
    assert.match(error.problem.state ?? '', state);
    return true;
  });
}

/** The path from the home folder on, as people type it. */
const fromHome = (path: string) => `~/${relative(homedir(), path)}`;

suite('writeKeyFile', () => {
  test('writes the raw bytes, readable by the owner alone whatever the umask', () => {
    const path = join(fresh('write'), 'key.bin');
    const umask = process.umask(0o000);
    try {
      using secret = SecretBytes.takeFrom(Buffer.from(key));
      writeKeyFile(path, secret);
    } finally {
      process.umask(umask);
    }
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.ok(readFileSync(path).equals(key));
    using read = readKeyFile(path, 'raw');
    using wanted = SecretBytes.takeFrom(Buffer.from(key));
    assert.ok(read.equals(wanted));
  });

  test('never overwrites', () => {
    const path = folder.put('mine', 'precious');
    using secret = SecretBytes.generate();
    problem(
      () => writeKeyFile(path, secret),
      /never overwritten/,
      /^Use the key that is there, or move that file away\.$/,
    );
    assert.equal(readFileSync(path, 'utf8'), 'precious');
  });

  test('never follows a symbolic link, not even to a new place', () => {
    const place = fresh('links');
    const link = join(place, 'key.bin');
    symlinkSync(join(place, 'elsewhere'), link);
    using secret = SecretBytes.generate();
    problem(() => writeKeyFile(link, secret), /already/, /./, /^No key was written\.$/);
    assert.equal(existsSync(join(place, 'elsewhere')), false);
  });

  test('says when there is no such folder', () => {
    using secret = SecretBytes.generate();
    problem(
      () => writeKeyFile(join(folder.path, 'no', 'key.bin'), secret),
      /no such/,
      /^Choose a folder that you can write to\.$/,
    );
  });

  test('says to choose another folder where a file has the name of the folder', () => {
    using secret = SecretBytes.generate();
    const below = join(folder.put('file', 'text'), 'key.bin');
    problem(() => writeKeyFile(below, secret), /./, /^Choose a folder that you can write to\.$/);
  });

  test('leaves no file behind when the secret is gone, and calls that a defect', () => {
    const place = fresh('gone');
    const secret = SecretBytes.generate();
    secret.destroy();
    assert.throws(() => writeKeyFile(join(place, 'key.bin'), secret), /has been destroyed/);
    assert.deepEqual(readdirSync(place), []);
  });
});

suite('destroyKeyFile', () => {
  test('removes the file, and its bytes were overwritten first', () => {
    const path = folder.put('doomed', key);
    // An open file keeps its blocks when its name is gone, so what was written over them can still be read.
    const descriptor = openSync(path, 'r');
    try {
      destroyKeyFile(path);
      assert.equal(existsSync(path), false);
      const left = readFileSync(descriptor);
      assert.equal(left.length, 32);
      assert.ok(!left.equals(key));
    } finally {
      closeSync(descriptor);
    }
  });

  test('destroys an empty and a large file, and every byte of it was overwritten with random ones', () => {
    for (const content of ['', Buffer.alloc(200_000, 7)]) {
      const path = folder.put('doomed', content);
      const descriptor = openSync(path, 'r');
      try {
        destroyKeyFile(fromHome(path));
        assert.equal(existsSync(path), false);
        const left = readFileSync(descriptor);
        assert.equal(left.length, content.length);
        const parts = Array.from({ length: left.length / 1000 }, (_, index) =>
          left.subarray(1000 * index, 1000 * index + 1000),
        );
        for (const part of parts) assert.ok(new Set(part).size > 200);
        assert.equal(
          new Set(parts.map((part) => part.toString('hex'))).size,
          parts.length,
          'no part is that of another',
        );
      } finally {
        closeSync(descriptor);
      }
    }
  });

  test('flushes the folder after the file is removed, and leaves nothing open', { skip: noDescriptors }, (t) => {
    const place = fresh('flushed');
    const path = join(place, 'key.bin');
    using secret = SecretBytes.generate();
    writeKeyFile(fromHome(path), secret);
    const events = watchDisk(t);
    destroyKeyFile(path);
    assert.deepEqual(
      events.map((event) => 'file' in event && [event.does, event.file]),
      [
        ['write', 'key.bin'],
        ['flush', 'key.bin'],
        ['remove', 'key.bin'],
        ['flush', 'flushed'],
      ],
    );
    assert.throws(() => destroyKeyFile(folder.path));
    assert.equal(openIn(folder.path), 0);
  });

  test('refuses a symbolic link and leaves its target alone', () => {
    const place = fresh('destroy-link');
    const target = folder.put('target', key);
    symlinkSync(target, join(place, 'link'));
    problem(() => destroyKeyFile(join(place, 'link')), /symbolic link/, /./, /^The file may still hold the key\.$/);
    assert.ok(readFileSync(target).equals(key));
  });

  test('refuses a file with a second name', () => {
    const path = folder.put('first', key);
    linkSync(path, join(folder.path, 'second'));
    problem(() => destroyKeyFile(path), /second name/, /^Look at it: ls -l '[^']*first'$/);
    assert.ok(readFileSync(path).equals(key));
    const quoted = folder.put("it's one", key);
    linkSync(quoted, join(folder.path, 'another'));
    problem(() => destroyKeyFile(quoted), /second name/, /it'\\''s one'$/);
  });

  test('refuses what is no regular file', () => {
    const pipe = join(fresh('destroy-pipe'), 'pipe');
    execFileSync('mkfifo', [pipe]);
    problem(() => destroyKeyFile(pipe), /not a regular file/);
    problem(() => destroyKeyFile(fresh('destroy-folder')), /folder/);
    problem(() => destroyKeyFile('/dev/null'), /not a regular file/);
  });

  test('says when there is nothing', () => {
    problem(() => destroyKeyFile(join(folder.path, 'nothing')), /no such file/);
  });
});

test('a key file of which the permissions cannot be changed is left as it is, and another one is asked for', () => {
  const target = folder.put('shared', key, 0o644);
  const link = join(fresh('protect-link'), 'link');
  symlinkSync(target, link);
  assert.throws(
    () => protectKeyFile(link),
    (error: ProblemError) => {
      assert.match(error.problem.why ?? '', /symbolic link/);
      assert.match(error.problem.state ?? '', /No key was taken from it\.$/);
      assert.deepEqual(error.problem.remedies, [{ action: 'ask-again', label: 'Choose again', question: 'shared' }]);
      return true;
    },
  );
  assert.equal(statSync(target).mode & 0o777, 0o644);
  protectKeyFile(target);
  assert.equal(statSync(target).mode & 0o777, 0o600);
});

test('every sentence about why a file gives no key is told', () => {
  const path = folder.put('wrapped', Buffer.alloc(16, 'x7'));
  problem(() => readKeyFile(path, 'raw'), /\. ./, /^Choose another file\.$/, /^$/);
});

test('a key is written, read and overwritten whole where the system takes a part of it at a time', (t) => {
  const path = join(fresh('pieces'), 'key.bin');
  using secret = SecretBytes.takeFrom(Buffer.from(key));
  inPieces(t, 5);
  writeKeyFile(path, secret);
  assert.ok(readFileSync(path).equals(key));
  using read = readKeyFile(path, 'raw');
  assert.ok(read.equals(secret));
  const descriptor = openSync(path, 'r');
  t.after(() => closeSync(descriptor));
  destroyKeyFile(path);
  const left = readFileSync(descriptor);
  for (let at = 0; at < key.length; at += 4)
    assert.ok(!left.subarray(at, at + 4).equals(key.subarray(at, at + 4)), `what was at ${at} is overwritten`);
});
