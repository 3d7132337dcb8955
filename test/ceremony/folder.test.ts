import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { newFolder } from '../new-folder.ts';

for (const mode of [0o750, 0o770, 0o710, 0o755, 0o701]) {
  test(`a folder of mode ${mode.toString(8)} that holds something is refused, and stays as it is`, () => {
    const path = join(newFolder(), 'w');
    mkdirSync(path);
    writeFileSync(join(path, 'something'), '');
    chmodSync(path, mode);
    assert.throws(
      () => new CeremonyFolder(path, false).make(),
      (error) => error instanceof ProblemError && (error.problem.why ?? '').includes(`mode 0${mode.toString(8)}`),
    );
    assert.equal(statSync(path).mode & 0o777, mode);
  });
}

test('an empty folder that others may enter is closed to them; a closed one is taken', () => {
  for (const mode of [0o750, 0o755, 0o700]) {
    const path = join(newFolder(), 'w');
    mkdirSync(path);
    chmodSync(path, mode);
    new CeremonyFolder(path, false).make();
    assert.equal(statSync(path).mode & 0o777, 0o700);
  }
});

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
