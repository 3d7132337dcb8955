import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { newFolder } from '../new-folder.ts';

test('the command that closes a folder to others runs as printed, whatever the folder is called', () => {
  const path = join(newFolder(), "Joanna's $(keys)");
  mkdirSync(path);
  writeFileSync(join(path, 'something'), '');
  chmodSync(path, 0o755);
  let next: readonly string[] = [];
  assert.throws(
    () => new CeremonyFolder(path, false).make(),
    (error) => {
      if (error instanceof ProblemError) next = error.problem.next;
      return error instanceof ProblemError;
    },
  );
  execFileSync('sh', ['-c', next[0]?.replace('Run: ', '') ?? '']);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  new CeremonyFolder(path, false).make();
});
