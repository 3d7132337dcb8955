import assert from 'node:assert/strict';
import fs, { readFileSync } from 'node:fs';
import os, { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { expandHome } from '../../source/disk/home.ts';
import { replaceMembers } from '../replace-members.ts';

test('only a ~ at the beginning is the home folder', () => {
  assert.equal(expandHome('~/keys'), join(homedir(), 'keys'));
  assert.equal(expandHome('~'), homedir());
  assert.equal(expandHome('~/$&', '/home/me'), '/home/me/$&');
  for (const path of ['a/~/b', 'a~', '/a', '']) assert.equal(expandHome(path), path);
});

test('~NAME is the home folder of that user, and of nobody else', () => {
  const [name, , , , , home = ''] = readFileSync('/etc/passwd', 'utf8').split('\n')[0]?.split(':') ?? [];
  assert.ok(name && home);
  assert.equal(expandHome(`~${name}`), home);
  assert.equal(expandHome(`~${name}/keys`), `${home}/keys`);
  for (const path of ['~nobody-of-this-name/keys', '~:/x', `~${name}x/keys`]) {
    assert.equal(expandHome(path), path);
    assert.equal(expandHome(path, '/home/me'), path);
  }
});

test('~ stays as it is for an account without a home folder, as in some containers', (t) => {
  replaceMembers(t, os, {
    homedir: () => {
      throw new Error('A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)');
    },
  });
  assert.deepEqual(
    ['~', '~/keys'].map((path) => expandHome(path)),
    ['~', '~/keys'],
  );
  assert.equal(expandHome('~/keys', '/home/me'), '/home/me/keys');
});

test('~NAME stays as it is for a user without a home folder, so that no path of the root folder comes of it', (t) => {
  replaceMembers(t, fs, {
    readFileSync: () =>
      'rooted:x:9:9::/rooted:/bin/sh\nroot:x:0:0:root:/root:/bin/sh\nguest:x:405:100:guest::/sbin/nologin\n',
  });
  assert.deepEqual(
    ['~guest', '~guest/keys', '~root/keys', '~rooted/keys'].map((path) => expandHome(path)),
    ['~guest', '~guest/keys', '/root/keys', '/rooted/keys'],
  );
});

test('~NAME stays as it is on a system without a list of its users', (t) => {
  replaceMembers(t, fs, {
    readFileSync: () => {
      throw Object.assign(new Error('ENOENT: no such file or directory'), { code: 'ENOENT' });
    },
  });
  assert.equal(expandHome('~root/keys'), '~root/keys');
});
