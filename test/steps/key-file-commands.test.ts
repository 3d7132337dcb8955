import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateKeyCommand } from '../../source/steps/key-file-commands.ts';
import { newFolder } from '../new-folder.ts';

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'no openssl';

test('the command that makes a key makes 32 bytes for their owner alone, and leaves a file that is there as it is', {
  skip: noOpenssl,
}, () => {
  const cwd = newFolder();
  const run = () => spawnSync('bash', ['-c', `umask 0; ${generateKeyCommand.shell}`], { cwd, encoding: 'utf8' });
  const first = run();
  assert.equal(first.status, 0, first.stderr);
  const path = join(cwd, 'plain_text_aes_key.bin');
  const key = readFileSync(path);
  assert.equal(key.length, 32);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const second = run();
  assert.notEqual(second.status, 0);
  assert.match(second.stderr, /cannot overwrite existing file/);
  assert.deepEqual(readFileSync(path), key);
});
