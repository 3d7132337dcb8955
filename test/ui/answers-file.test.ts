import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAnswersFile } from '../../source/ui/unattended/answers-file.ts';
import { AnswersError } from '../../source/ui/unattended/given-answers.ts';
import { newFolder } from '../new-folder.ts';
import { writtenAnswers } from './written-answers.ts';

/** The mistakes in an answers file, each with its line. */
function told(content: string): readonly string[] {
  try {
    return writtenAnswers(content).notRead?.map(({ line, says }) => `${line}: ${says}`) ?? [];
  } catch (error) {
    assert.ok(error instanceof AnswersError);
    return error.findings.map(({ line, says }) => `${line}: ${says}`);
  }
}

const example = 'For an example: keyferry run --example';
const tab = 'This is not YAML: a tab cannot indent a line. Write spaces.';
const openQuote = 'This is not YAML: the quote that begins here is not closed.';
const twice = 'This is not YAML: this name stands there twice. Keep one of the two.';
const sign = 'This is not YAML: a value that begins with such a sign needs quotes around it.';
const backslash = 'This is not YAML: in double quotes, a backslash is written twice. Or use single quotes.';

for (const [content, ...wanted] of [
  [
    'one:\n  a: x\n b: y\n',
    '3: This is not YAML: this line begins in another column than the lines that it belongs to.',
  ],
  ['one:\n  a: {b: c\n\n', '2: This is not YAML: a bracket is not closed.'],
  ['one:\n  a: x\n}\n', '3: This is not YAML: this cannot stand here.'],
  [
    'one:\n  a: x\n---\ntwo:\n  b: y\n',
    '3: This is not YAML: the file has more than one document. Remove the line ---.',
  ],
  ['one:\n  a: "x\\qy"\n', `2: ${backslash}`],
  ['one:\n  a: &b\n  b: %x\n', `3: ${sign}`],
  // The quote that is not closed, among others that are, and beside signs of the other kind.
  ["one:\n  a: \"it is 'x' and\n  b: y\n", `2: ${openQuote}`],
  ['one:\n  a: \'x\n  b: "y"\n', `2: ${openQuote}`],
  ["one:\n  a: [x, 'y\n", `2: ${openQuote}`],
  ['one:\n  a: "fine"\n  b: "not\n\n\n', `3: ${openQuote}`],
  ["one:\n  a: ['y\n    more\n", `2: ${openQuote}`],
  ['one:\n  - "x\n', `2: ${openQuote}`],
  ['"one: x\n', `1: ${openQuote}`],
  ['one:\n  a: "\n\n', `2: ${openQuote}`],
  ['# Mine.\n"one: x\n', `2: ${openQuote}`],
  ["one:\n  a: 'x\n    it''s\n", `2: ${openQuote}`],
  ['one:\n  a: ["x" "y"]\n', '2: This is not YAML: a comma or a space is missing.'],
  // What hides nothing behind it is told with what follows, each line once; what hides it is the last.
  ['one:\n  a: x\n  a: y\n  b: "\\q" # "\\q"\n  c: @x\n', `3: ${twice}`, `4: ${backslash}`, `5: ${sign}`],
  ['one:\n  a: {b: @x, c: "\\q"}\n', `2: ${sign}`],
  ['one:\n  a:\n', '2: one.a has no answer that Keyferry can take: write text, true, false or a list of texts.'],
  ['one:\n  a: @x\n\tb: y\n  c: @z\n', `2: ${sign}`, `3: ${tab}`],
  ['one:\n\ta: x\ntwo:\n\tb: y\nthree:\n  c: z\n', `2: ${tab}`, `4: ${tab}`],
  [
    'one:\n  a: x\ntwo:\n  b: [x, null]\n',
    '4: two.b has no answer that Keyferry can take: write text, true, false or a list of texts.',
  ],
  ['one:\n  a: x\ntwo: word\n', `3: two must be a mapping of questions to answers. ${example}`],
  ['- a\n', `1: The file must be a mapping of steps to answers. ${example}`],
] as const)
  test(`${JSON.stringify(content)} is told as ${wanted.map((each) => each.slice(0, 50)).join(' and ')}`, () =>
    assert.deepEqual(told(content), wanted));

test('of a file with mistakes of form, only the steps without any are read, and its ceremony', () => {
  const { path: _, ...given } = writtenAnswers('ceremony: reimport\none:\n\ta: x\ntwo:\n  b: {c: d}\nthree:\n  c: z\n');
  assert.deepEqual(given, {
    ceremony: { id: 'reimport', line: 1 },
    steps: new Map([['three', { line: 6, answers: new Map([['c', { answer: 'z', line: 7 }]]) }]]),
    notRead: [
      { line: 3, says: tab },
      { line: 5, says: 'two.b has no answer that Keyferry can take: write text, true, false or a list of texts.' },
    ],
  });
  const { ceremony, ...unnamed } = writtenAnswers('# Mine.\none:\n\ta: x\nthree:\n  c: z\n');
  assert.deepEqual([ceremony, [...unnamed.steps.keys()]], [undefined, ['three']]);
  assert.throws(() => writtenAnswers('one:\n\ta: x\n'), AnswersError, 'no step can be read');
  for (const name of ['"two"', "'two'", 'two '])
    assert.deepEqual([...writtenAnswers(`one:\n\ta: x\n${name}:\n  b: y\n`).steps.keys()], ['two'], name);
});

test('a mistake that shows only in the whole file is told too', () => {
  assert.deepEqual(told('one:\n  a: x\none:\n  b: y\n'), [`3: ${twice}`]);
});

test('where a part that cannot be read may name the ceremony, no step counts', () => {
  for (const content of [
    'one:\n\ta: x\nceremony: "reimport\n',
    'ceremony "reimport\ntwo:\n  b: y\n',
    'one:\n\ta: x\nceremony: [\ntwo:\n  b: y\n',
  ])
    assert.throws(() => writtenAnswers(content), AnswersError, content);
});

test('a file without any step is read, and a step may have the name ceremony', () => {
  for (const content of ['', '# Nothing.\n']) {
    const { path: _, ...given } = writtenAnswers(content);
    assert.deepEqual(given, { steps: new Map() });
  }
  assert.deepEqual(writtenAnswers('one:\ntwo:\n  a: x\n').steps.get('one'), { line: 1, answers: new Map() });
  const { ceremony, steps } = writtenAnswers('ceremony:\n  a: x\n');
  assert.deepEqual([ceremony, [...steps.keys()]], [undefined, ['ceremony']]);
});

test('an answer is a text as YAML reads it, a number as it is written, a yes or a no', () => {
  const { steps } = writtenAnswers(
    'one:\n  a: "x\\u0041"\n  b: 0x10\n  c: true\n  d: false\n  "e": \'it\'\'s\'\n  f:\n    - x\n    - 007\n',
  );
  assert.deepEqual(
    [...(steps.get('one')?.answers ?? [])].map(([id, { answer }]) => [id, answer]),
    [
      ['a', 'xA'],
      ['b', '0x10'],
      ['c', true],
      ['d', false],
      ['e', "it's"],
      ['f', ['x', '007']],
    ],
  );
  assert.deepEqual(steps.get('one')?.answers.get('f')?.lines, [8, 9]);
});

test('a file that is missing is told with the way to make one, and a folder without it', () => {
  const folder = newFolder();
  const saidOf = (path: string) => {
    try {
      readAnswersFile(path);
    } catch (error) {
      return (error as Error).message;
    }
    return assert.fail(path);
  };
  const missing = join(folder, 'none.yaml');
  assert.match(saidOf(missing), / To make one: keyferry run --example > answers\.yaml$/);
  assert.ok(saidOf(missing).startsWith(`${missing}:1: `));
  assert.doesNotMatch(saidOf(folder), /To make one/);
});

test('a file that others may read is read, and one that they may change is not', () => {
  const path = join(newFolder(), 'answers.yaml');
  writeFileSync(path, 'one:\n  a: x\n');
  chmodSync(path, 0o644);
  const { steps, ...rest } = readAnswersFile(path);
  assert.deepEqual([[...steps.keys()], rest], [['one'], { path }]);
  chmodSync(path, 0o646);
  assert.throws(() => readAnswersFile(path), /Others on this computer may change this file/);
});

test('a file that is too long is told, and not read', () => {
  assert.deepEqual(told(`one:\n  a: ${'x'.repeat(1024 * 1024)}\n`), [
    '1: It has 1048587 bytes; 1048576 are read at most.',
  ]);
});

test('an answers file may begin with the mark of an editor and the lines of npm, and its lines keep their numbers', () => {
  const { steps, ceremony } = writtenAnswers(
    '\uFEFF> keyferry@0.1.0 start\n> node start.js\n\nceremony: reimport\none:\n  a: 1e3\n  b: [x, 007]\nempty:\n',
  );
  assert.deepEqual(ceremony, { id: 'reimport', line: 4 });
  assert.deepEqual(steps.get('one')?.line, 5);
  assert.deepEqual(steps.get('one')?.answers.get('a'), { answer: '1e3', line: 6 });
  assert.deepEqual(steps.get('one')?.answers.get('b'), { answer: ['x', '007'], line: 7, lines: [7, 7] });
  assert.equal(steps.get('empty')?.answers.size, 0);
});

for (const before of ['', '\n', '\uFEFF', '\uFEFF\n'])
  test(`behind ${JSON.stringify(before)}, the lines of npm count as lines, and as no mistake`, () => {
    const { steps, notRead } = writtenAnswers(`${before}> keyferry@0.1.0 start\n> node start.js > x\n\none:\n  a: x\n`);
    const linesBefore = before.endsWith('\n') ? 1 : 0;
    assert.deepEqual(
      steps,
      new Map([['one', { line: linesBefore + 4, answers: new Map([['a', { answer: 'x', line: linesBefore + 5 }]]) }]]),
    );
    assert.equal(notRead, undefined);
  });
