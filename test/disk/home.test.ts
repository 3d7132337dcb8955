import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { expandHome } from '../../source/disk/home.ts';

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
  for (const path of ['~nobody-of-this-name/keys', '~:/x', `~${name}x/keys`]) assert.equal(expandHome(path), path);
});
