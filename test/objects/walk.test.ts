import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { absoluteInput, findFiles, isPatternOrList, type Met } from '../../source/objects/walk.ts';
import { workIn } from '../kept-environment.ts';
import { newFolder } from '../new-folder.ts';

/** A folder with files in folders, a link to a file and a link to a folder. */
function tree() {
  const root = newFolder();
  const put = (name: string, text = name) => {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  for (const name of ['a.txt', 'b/c.csv', 'b/d/e.txt', 'b/.hidden', '.dot/f.txt', 'z.tmp']) put(name);
  symlinkSync(join(root, 'a.txt'), join(root, 'b', 'link'));
  symlinkSync(join(root, 'b'), join(root, 'folder-link'));
  return { root, put };
}

async function met(inputs: readonly string[], choice: Parameters<typeof findFiles>[1] = {}) {
  const all: Met[] = [];
  for await (const each of findFiles(inputs, choice)) all.push(each);
  return {
    names: all.flatMap((each) => ('file' in each ? [each.file.name] : [])),
    leftOut: all.flatMap((each) => ('leftOut' in each ? [each.leftOut.why] : [])),
    wrong: all.flatMap((each) => ('wrong' in each ? [each.wrong.why] : [])),
  };
}

test('what is in a folder has its path in it as its name; links in it are left out, and told', async () => {
  const { root } = tree();
  const { names, leftOut, wrong } = await met([root]);
  assert.deepEqual(names, ['.dot/f.txt', 'a.txt', 'b/.hidden', 'b/c.csv', 'b/d/e.txt', 'z.tmp']);
  assert.equal(leftOut.length, 2);
  for (const why of leftOut) assert.match(why, /is a symbolic link\. Name it to send its file\./);
  assert.deepEqual(wrong, []);
});

test('a link that is named is followed, and has its own name', async () => {
  const { root } = tree();
  assert.deepEqual((await met([join(root, 'b', 'link')])).names, ['link']);
  assert.deepEqual((await met([join(root, 'folder-link')])).names, ['.hidden', 'c.csv', 'd/e.txt']);
});

test('patterns choose among paths, and include and exclude among what is in folders', async () => {
  const { root } = tree();
  assert.deepEqual((await met([join(root, '**/*.txt')])).names, ['.dot/f.txt', 'a.txt', 'b/d/e.txt']);
  const few = await met([join(root, '*.txt')]);
  assert.deepEqual([few.names, few.wrong], [['a.txt'], []]);
  const of = async (include: readonly string[], exclude: readonly string[] = []) =>
    (await met([root], { patterns: { include, exclude } })).names;
  assert.deepEqual(await of(['*.txt']), ['.dot/f.txt', 'a.txt', 'b/d/e.txt']);
  assert.deepEqual(await of(['b/**']), ['b/.hidden', 'b/c.csv', 'b/d/e.txt']);
  assert.deepEqual(await of([], ['*.tmp', '.*', '.dot/**', 'b/d/*']), ['a.txt', 'b/c.csv']);
});

test('a list names files and folders, one a line', async () => {
  const { root, put } = tree();
  put('list', `${join(root, 'a.txt')}\r\n\n${join(root, 'b', 'd')}\n`);
  assert.deepEqual((await met([`@${join(root, 'list')}`])).names, ['a.txt', 'e.txt']);
});

test('a list that names itself, also by another list, is told and read once', async () => {
  const { root, put } = tree();
  const [one, two] = [join(root, 'one'), join(root, 'two')];
  put('one', `@${two}\n${join(root, 'a.txt')}\n`);
  put('two', `@${one}\n`);
  const { names, wrong } = await met([`@${one}`]);
  assert.deepEqual([names, wrong], [['a.txt'], [`The list ${one} names itself.`]]);
  put('two', `@${two}\n${join(root, 'a.txt')}\n`);
  assert.deepEqual((await met([`@${one}`])).wrong, [`The list ${two} names itself.`]);
});

test('a folder in which nothing can match a pattern is not looked into', async () => {
  const { root, put } = tree();
  put('b/d/deep/g.txt');
  const looked = async (pattern: string) => {
    const folders: string[] = [];
    const folderProblem = (folder: string) => void folders.push(relative(root, folder));
    const { names } = await met([join(root, pattern)], { folderProblem });
    return { names, folders };
  };
  assert.deepEqual(await looked('*.txt'), { names: ['a.txt'], folders: [''] });
  assert.deepEqual(await looked('*/d/*.txt'), { names: ['b/d/e.txt'], folders: ['', '.dot', 'b', 'b/d'] });
  assert.deepEqual((await looked('b*/d*')).folders, ['', 'b']);
  assert.deepEqual((await looked('{a,b/d/e}.txt')).names, ['a.txt', 'b/d/e.txt']);
  assert.deepEqual((await looked('b/**/*.txt')).names, ['d/deep/g.txt', 'd/e.txt']);
  assert.deepEqual((await looked('b*[/]d/*.txt')).names, ['b/d/e.txt']);
  assert.deepEqual((await looked('b*[]/]d/*.txt')).names, ['b/d/e.txt']);
  assert.deepEqual((await looked('b*[+-9]d/*.txt')).names, ['b/d/e.txt']);
  assert.deepEqual((await looked('b*[[:punct:]]d/*.txt')).names, ['b/d/e.txt']);
  assert.deepEqual((await looked('[a-c]/[^x]/*.txt')).folders, ['', 'b', 'b/d']);
  assert.deepEqual((await looked('*\\/d/*.txt')).names, ['b/d/e.txt']);
  assert.deepEqual((await looked('b/!*.csv')).names, ['.hidden', 'd/deep/g.txt', 'd/e.txt']);
  assert.deepEqual((await looked('*x|b/d/*.txt')).names, ['b/d/e.txt']);
});

test('what is not there, is no file, or matches nothing is told', async () => {
  const { root } = tree();
  execFileSync('mkfifo', [join(root, 'pipe')]);
  const { wrong } = await met([join(root, 'none'), join(root, 'pipe'), join(root, '*.none'), `@${join(root, 'none')}`]);
  assert.match(wrong[0] ?? '', /none does not exist\.$/);
  assert.match(wrong[1] ?? '', /pipe is not a file\.$/);
  assert.match(wrong[2] ?? '', /^No file matches .*\*\.none\.$/);
  assert.match(wrong[3] ?? '', /^The list .*none cannot be read/);
  const others = (await met([join(root, 'a.txt', 'in'), `@${root}`, join(root, '*-link')])).wrong;
  assert.match(others[0] ?? '', /a\.txt.in cannot be looked at\. ./);
  assert.match(others[1] ?? '', /^The list .* is not a regular file\.$/);
  // What the pattern matches is a link, which is not sent.
  assert.match(others[2] ?? '', /^No file matches .*\*-link\.$/);
  assert.deepEqual((await met([join(root, '[ap]*')])).wrong, [], 'the pattern matches a file, and then the pipe');
});

test('of what is in a folder, what is no file is left out and told', async () => {
  const { root } = tree();
  execFileSync('mkfifo', [join(root, 'pipe')]);
  const { names, leftOut } = await met([root]);
  assert.ok(!names.includes('pipe'));
  assert.ok(leftOut.some((why) => /pipe is not a file\.$/.test(why)));
});

test('include and exclude also choose among files that are named', async () => {
  const { root } = tree();
  const patterns = { include: ['*.txt', '*.csv'], exclude: ['a.*'] };
  const named = [join(root, 'a.txt'), join(root, 'z.tmp'), join(root, 'b', 'c.csv'), join(root, 'b', '*')];
  assert.deepEqual((await met(named, { patterns })).names, ['c.csv', 'c.csv']);
});

test('a list and a pattern are known as such, and a file whose own name begins with an at sign is that file', async (t) => {
  const { root, put } = tree();
  put('@list', 'not a list');
  assert.deepEqual(['@list', 'a/*.gz', 'a[1].txt', '~/a?', 'a.txt', '~/a'].map(isPatternOrList), [
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  assert.equal(absoluteInput('@no-such-list'), `@${join(process.cwd(), 'no-such-list')}`);
  assert.equal(absoluteInput('@~/no-such-list'), `@${join(homedir(), 'no-such-list')}`);
  workIn(t, root);
  assert.equal(absoluteInput('@list'), join(process.cwd(), '@list'));
  assert.deepEqual((await met([join(root, '@list')])).names, ['@list']);
});

test('a folder that is left out is not looked into', async () => {
  const { root } = tree();
  const folderProblem = (folder: string) => (folder === join(root, 'b') ? 'Not this one.' : undefined);
  const { names, leftOut } = await met([root], { folderProblem });
  assert.deepEqual(names, ['.dot/f.txt', 'a.txt', 'z.tmp']);
  assert.ok(leftOut.includes('Not this one.'));
});

test('a name that is not UTF-8 cannot be that of an object', async () => {
  const root = newFolder();
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x66, 0xff, 0x66])]), 'x');
  const { names, wrong } = await met([root]);
  assert.deepEqual(names, []);
  assert.match(wrong[0] ?? '', /is not UTF-8/);
});
