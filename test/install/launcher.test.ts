import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';

test('the launcher of the archive finds its Node and its program by its own name, by links to it, and by PATH', () => {
  const folder = newFolder();
  const archive = join(folder, 'a folder');
  mkdirSync(join(archive, 'lib'), { recursive: true });
  copyFileSync(fileURLToPath(new URL('../../.build/launcher.sh', import.meta.url)), join(archive, 'keyferry'));
  symlinkSync(process.execPath, join(archive, 'lib/node'));
  symlinkSync(dirname(program), join(archive, 'lib/dist'));
  mkdirSync(join(folder, 'bin'));
  symlinkSync('../a folder/keyferry', join(folder, 'bin/relative'));
  symlinkSync(join(folder, 'bin/relative'), join(folder, 'absolute'));
  const version = (command: string, path = '/usr/bin:/bin') =>
    execFileSync('/bin/sh', ['-c', `${command} --version`], { cwd: folder, env: { PATH: path }, encoding: 'utf8' });
  assert.equal(version("'a folder/keyferry'"), '0.1.0\n');
  assert.equal(version("cd 'a folder' && ./keyferry"), '0.1.0\n');
  assert.equal(version('bin/relative'), '0.1.0\n');
  assert.equal(version('./absolute'), '0.1.0\n');
  assert.equal(version('relative', `${join(folder, 'bin')}:/usr/bin:/bin`), '0.1.0\n');
});
