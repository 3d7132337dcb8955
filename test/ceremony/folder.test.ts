import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { watchDisk } from '../disk-log.ts';
import { workIn } from '../kept-environment.ts';
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

test('a pipe, a link or nothing in the place of a file is not read, and told with its path', () => {
  const path = newFolder();
  execFileSync('mkfifo', [join(path, 'pipe')]);
  symlinkSync('/dev/zero', join(path, 'link'));
  for (const name of ['pipe', 'link', 'absent'])
    assert.throws(
      () => new CeremonyFolder(path, false).read(name),
      (error) => {
        assert.ok(error instanceof ProblemError);
        const { kind, what, why = '', state = '', next } = error.problem;
        assert.deepEqual([kind, what, next.length], ['fixable', `Can't read ${join(path, name)}.`, 1]);
        assert.match(`${why} ${state}`, /(not a regular file|symbolic link|no such file).* left as it is/);
        return true;
      },
    );
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
      assert.ok(error instanceof ProblemError);
      const { kind, what, state } = error.problem;
      next = error.problem.next;
      assert.deepEqual(
        [kind, what, state],
        ['fixable', `Can't keep the ceremony in ${path}.`, 'Nothing was made or changed.'],
      );
      return true;
    },
  );
  assert.match(next[1] ?? '', /another folder with --workdir/);
  execFileSync('sh', ['-c', next[0]?.replace('Run: ', '') ?? '']);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  new CeremonyFolder(path, false).make();
});

/** A folder of a ceremony that has been made. */
function madeFolder(mayRename = false, name = 'w'): CeremonyFolder {
  const folder = new CeremonyFolder(join(newFolder(), name), mayRename);
  folder.make();
  return folder;
}

const saysWhy = (why: RegExp) => (error: unknown) => error instanceof ProblemError && why.test(error.problem.why ?? '');

test('a file gets its name when its contents are on the disk, and then its folder is flushed', (t) => {
  const folder = madeFolder();
  const events = watchDisk(t);
  folder.write('token', 'abc');
  const part = '.keyferry-part-token';
  assert.deepEqual(
    events.map((event) => ('file' in event ? `${event.does} ${event.file}` : '')),
    [`remove ${part}`, `flush ${part}`, 'name token', 'flush w', `remove ${part}`],
  );
  assert.deepEqual(readdirSync(folder.path), ['token']);
});

test('files and the folder are for their owner alone, whatever the umask', () => {
  const umask = process.umask(0);
  try {
    const folder = madeFolder();
    folder.write('token', 'abc');
    folder.replace('record.md', 'one');
    folder.replace('record.md', 'two');
    for (const name of ['token', 'record.md']) assert.equal(statSync(folder.file(name)).mode & 0o777, 0o600, name);
    assert.equal(statSync(folder.path).mode & 0o777, 0o700);
    assert.equal(String(folder.read('record.md')), 'two');
    assert.deepEqual(readdirSync(folder.path).sort(), ['record.md', 'token']);
  } finally {
    process.umask(umask);
  }
});

test('no name leads out of the folder', () => {
  const folder = madeFolder();
  for (const name of ['../out', '/tmp/out', 'in/side', '..']) {
    assert.throws(() => folder.write(name, 'x'), /without folders/);
    assert.throws(() => folder.replace(name, 'x'), /without folders/);
  }
  assert.deepEqual(readdirSync(join(folder.path, '..')), ['w']);
});

test('a file that is there is never overwritten, and nothing is left beside it', () => {
  const folder = madeFolder();
  assert.equal(folder.has('token'), false);
  folder.write('token', 'the first');
  assert.equal(folder.has('token'), true);
  assert.throws(
    () => folder.write('token', 'the second'),
    (error) => {
      assert.ok(error instanceof ProblemError);
      const { kind, what, why = '', state = '', next } = error.problem;
      assert.deepEqual([kind, what, next.length], ['fixable', `Can't write ${folder.file('token')}.`, 1]);
      assert.match(why, /never overwritten/);
      assert.match(state, /No incomplete file was left behind/);
      return true;
    },
  );
  assert.equal(String(folder.read('token')), 'the first');
  assert.deepEqual(readdirSync(folder.path), ['token']);
});

test('what a cut-off run had half written is removed, also before the same file is written again', () => {
  const folder = madeFolder();
  writeFileSync(folder.file('.keyferry-part-token'), 'hal');
  folder.write('token', 'whole');
  assert.equal(String(folder.read('token')), 'whole');
  for (const name of ['other', 'third']) writeFileSync(folder.file(`.keyferry-part-${name}`), 'hal');
  writeFileSync(folder.file('record.md.new'), 'hal');
  folder.sweep();
  folder.replace('record.md', 'whole');
  assert.deepEqual(readdirSync(folder.path).sort(), ['record.md', 'token']);
  assert.equal(String(folder.read('record.md')), 'whole');
});

test('something that is no folder is refused', () => {
  const parent = newFolder();
  const folder = join(parent, 'real');
  mkdirSync(folder, { mode: 0o700 });
  symlinkSync(folder, join(parent, 'link'));
  writeFileSync(join(parent, 'file'), '');
  assert.throws(() => new CeremonyFolder(join(parent, 'link'), false).make(), saysWhy(/it is a symbolic link/));
  assert.throws(() => new CeremonyFolder(join(parent, 'file'), false).make(), saysWhy(/it is not a folder/));
  assert.throws(() => new CeremonyFolder(join(parent, 'file'), false).refuseFile(), saysWhy(/it is not a folder/));
  assert.throws(() => new CeremonyFolder(join(parent, 'link'), false).refuseFile(), saysWhy(/it is a symbolic link/));
  mkdirSync(join(parent, 'open'));
  writeFileSync(join(parent, 'open', 'something'), '');
  chmodSync(join(parent, 'open'), 0o755);
  for (const name of ['real', 'absent', 'open']) new CeremonyFolder(join(parent, name), false).refuseFile();
  assert.equal(existsSync(join(parent, 'absent')), false);
});

test('a folder takes the name of its key, or the first free number behind it, and keeps it', () => {
  const folder = madeFolder(true, 'keyferry-new');
  const parent = join(folder.path, '..');
  for (const taken of ['keyferry-a', 'keyferry-a-2']) mkdirSync(join(parent, taken));
  folder.write('token', 'abc');
  folder.rename('keyferry-a');
  assert.equal(folder.path, join(parent, 'keyferry-a-3'));
  assert.equal(String(folder.read('token')), 'abc');
  folder.rename('keyferry-a');
  assert.equal(folder.path, join(parent, 'keyferry-a-3'));
  folder.rename('keyferry-b');
  assert.equal(folder.path, join(parent, 'keyferry-b'));
  folder.rename('keyferry-b');
  assert.equal(folder.path, join(parent, 'keyferry-b'));
  assert.deepEqual(readdirSync(parent).sort(), ['keyferry-a', 'keyferry-a-2', 'keyferry-b']);
  assert.equal(readFileSync(join(parent, 'keyferry-b', 'token'), 'utf8'), 'abc');
  // A number at the end is a part of the name where nobody took the name without it.
  const numbered = madeFolder(true, 'keyferry-2026');
  numbered.rename('keyferry-2026');
  assert.match(numbered.path, /\/keyferry-2026$/);
  numbered.rename('keyferry');
  assert.match(numbered.path, /\/keyferry$/);
  const twelfth = madeFolder(true, 'keyferry-a-12');
  mkdirSync(join(twelfth.path, '../keyferry-a'));
  twelfth.rename('keyferry-a');
  assert.match(twelfth.path, /\/keyferry-a-12$/);
  const inside = madeFolder(true, 'keyferry-1-a');
  mkdirSync(join(inside.path, '../keyferry-a'));
  inside.rename('keyferry-a');
  assert.match(inside.path, /\/keyferry-a-2$/, 'a number in the middle is none that was added');
});

test('a new name of the folder is flushed, and one that a person chose stays', (t) => {
  const folder = madeFolder(true, 'keyferry-new');
  const chosen = madeFolder(false, 'mine');
  const events = watchDisk(t);
  folder.rename('keyferry-a');
  chosen.rename('keyferry-a');
  assert.deepEqual(
    events.map(({ does }) => does),
    ['name', 'flush'],
  );
  assert.match(chosen.path, /\/mine$/);
});

test('a folder is shown as a person in the current one would write it', () => {
  const shownOf = (path: string) => new CeremonyFolder(path, false).shown;
  assert.equal(shownOf(process.cwd()), '.');
  assert.equal(shownOf(join(process.cwd(), 'keyferry-a')), 'keyferry-a');
  assert.equal(shownOf(join(process.cwd(), '.keys')), '.keys');
  assert.equal(shownOf('/elsewhere/keyferry-a'), '/elsewhere/keyferry-a');
  assert.equal(shownOf(dirname(process.cwd())), dirname(process.cwd()));
  const wordsOf = (path: string) => new CeremonyFolder(path, false).workdirWords;
  assert.deepEqual(wordsOf(process.cwd()), [], 'a command needs no flag for the current folder');
  assert.deepEqual(wordsOf(join(process.cwd(), 'keyferry-a')), ['--workdir', 'keyferry-a']);
});

test('a path begins in the folder; what is only in the current directory is found there', (t) => {
  const here = workIn(t);
  mkdirSync('w');
  const folder = new CeremonyFolder(join(here, 'w'), false);
  writeFileSync('both', '');
  writeFileSync('here', '');
  for (const name of ['both', 'inside']) writeFileSync(join('w', name), '');
  assert.deepEqual(
    ['both', 'inside', 'here', 'absent', '../here', join(here, 'both')].map((path) => folder.locate(path)),
    ['w/both', 'w/inside', 'here', 'w/absent', 'here', 'both'].map((path) => join(here, path)),
  );
  assert.equal(folder.locate('~/absent'), join(homedir(), 'absent'));
  assert.equal(folder.locate(' inside '), join(here, 'w/inside'));
  assert.equal(folder.locate(' here '), join(here, 'here'));
  assert.equal(folder.complete('insi').text, 'inside');
  assert.equal(folder.complete('her').text, 'here');
});
