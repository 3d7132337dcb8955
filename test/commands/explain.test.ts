import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recogniseErrors } from '../../source/aws/problems/recognise.ts';
import { explainPasted } from '../../source/commands/explain.ts';
import { helpLines } from '../../source/commands/explained.ts';
import { cells } from '../../source/terminal/cells.ts';

type Given = {
  readonly words?: readonly string[];
  readonly stdin?: Iterable<string>;
  readonly columns?: number;
  readonly isTTY?: boolean;
};

/** What the command prints on each of its streams, and how much of standard input it reads. */
async function explain({ words = [], stdin = [], columns = 80, isTTY = false }: Given) {
  let read = 0;
  async function* input() {
    for (const chunk of stdin) {
      read += 1;
      yield chunk;
    }
  }
  const out: string[] = [];
  const err: string[] = [];
  const status = await explainPasted(words, {
    stdin: Object.assign(input(), { isTTY }),
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    terminal: { columns: () => columns, unicode: true },
  });
  return { status, out, err: err.join(''), read };
}

const denied =
  'An error occurred (AccessDeniedException) when calling the PutKeyPolicy operation: User: arn:aws:iam::111122223333:user/me is not authorized to perform: kms:PutKeyPolicy on resource: arn:aws:kms:us-east-1:111122223333:key/one';

/** Looks like a secret, and is none. */
const secret = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYwJalrXUtnFEMIK7MDENG';

test('nothing to explain ends with 2 and shows how, and a terminal is not read', async () => {
  for (const given of [
    {},
    { stdin: ['  \n', '\t'] },
    { stdin: ['\u001B[31m \u001B[0m'] },
    { words: [' '] },
    { stdin: [denied], isTTY: true },
  ]) {
    const { status, out, err, read } = await explain(given);
    assert.deepEqual([status, out], [2, []]);
    assert.match(
      err,
      /^keyferry: nothing to explain\. Give a code or paste the error: keyferry explain InvalidCiphertextException\n$/,
    );
    if ('isTTY' in given) assert.equal(read, 0);
  }
});

test('words of the command line are one text, and standard input is not read beside them', async () => {
  const { status, out, read } = await explain({ words: denied.split(' '), stdin: ['InvalidCiphertextException'] });
  assert.deepEqual([status, out.length, read], [0, 1, 0], 'written at once');
  assert.match(out[0] ?? '', /^AccessDeniedException, from PutKeyPolicy\n/);
  assert.doesNotMatch(out[0] ?? '', /InvalidCiphertext/);
});

test('an input without an end is read no further than 20 million characters', async () => {
  function* endless() {
    for (;;) yield 'x'.repeat(4_000_000);
  }
  const { status, read } = await explain({ stdin: endless() });
  assert.deepEqual([status, read], [1, 6]);
});

test('the word permissions alone, however it is written, gives the policy on standard output and its words beside it', async () => {
  const { status, out, err } = await explain({ words: [' Permissions '] });
  assert.equal(status, 0);
  assert.equal(JSON.parse(out.join('')).Version, '2012-10-17');
  assert.match(err, /^keyferry: the IAM policy for a first import, from the calls that it makes\.\n/);
  for (const words of [
    ['permissions', 'denied'],
    ['no', 'permissions'],
  ]) {
    const other = await explain({ words });
    assert.doesNotMatch(other.out.join(''), /2012-10-17/);
  }
});

test('lines are at most 100 columns wide and go on under their first word, and a command stays in one line', async () => {
  for (const [columns, widest] of [
    [200, 100],
    [60, 60],
    [5, 26],
  ] as const) {
    const { out } = await explain({ words: [denied], columns });
    const lines = out.join('').split('\n');
    const commands = lines.filter((line) => line.startsWith('  $ '));
    assert.ok(commands.some((line) => line.includes('aws ') && cells(line) > 60));
    const others = lines.filter((line) => !line.startsWith('  $ ') && !/\S{20}/.test(line));
    for (const line of others) assert.ok(cells(line) <= widest, line);
    assert.ok(
      others.some((line) => cells(line) > widest - 15),
      `the room of ${columns} columns is used`,
    );
    const cause = lines.findIndex((line) => line.startsWith('  1. '));
    if (columns <= 60) assert.match(lines[cause + 1] ?? '', /^ {5}\S/);
  }
});

test('an error is explained with numbered causes, a look at the action that was denied, and what to do', async () => {
  const { out } = await explain({ words: [denied], columns: 200 });
  const text = out.join('');
  const headings = [...text.matchAll(/^[A-Z][a-z ,]+$/gm)].map(([line]) => line);
  assert.deepEqual(headings, ['What it means', 'Likely causes, the first most likely', 'How to look', 'What to do']);
  assert.match(text, /most likely\n {2}1\. .*\n(?: {5}.*\n)* {2}2\. /);
  assert.match(text, /^ {2}\$ aws .*kms:PutKeyPolicy/m);
  assert.match(text, /^ {2}AWS says: User: arn:/m);
});

test('a name that is not known is told without what looks like a secret; then its last part is told, where that is a name', async () => {
  for (const [words, told] of [
    ['FooBarException', 'FooBarException'],
    ['it said FooBarException: no', 'FooBarException'],
    [`com.amazonaws.${secret}.FooBarException: no`, 'FooBarException'],
    ['com.amazonaws.short.FooBarException: no', 'FooBarException'],
    [`An error occurred (${secret.repeat(3)}Exception) when calling it: no`, '(hidden)'],
  ] as const) {
    const { status, out } = await explain({ words: [words] });
    assert.equal(status, 1);
    const [, name] = /^Keyferry does not know (.*)\.\n/.exec(out.join('')) ?? [];
    assert.equal(name, told, words);
    assert.doesNotMatch(out.join(''), /wJalr/);
  }
  for (const word of ['hello', 'hello there', 'FooBarThing: some words'])
    assert.match(
      (await explain({ words: [word] })).out.join(''),
      /^Nothing that Keyferry knows is in this text\.\n/,
      word,
    );
});

test('of what is not known, the nearest names are told, and what is missing is said', async () => {
  const near = await explain({ words: ['InvalidCiphertextExeption'] });
  assert.equal(near.status, 1);
  assert.match(near.out.join(''), /^Nearest names that it knows: .*InvalidCiphertextException/m);
  const words = await explain({ words: ['quite other words'] });
  assert.match(words.out.join(''), /^Nothing that Keyferry knows is in this text\.\n/);
  assert.doesNotMatch(words.out.join(''), /Nearest|The text is long/);
  const long = await explain({ stdin: ['x y '.repeat(2_000_000)] });
  assert.match(long.out.join(''), /^The text is long: its beginning, its end and the lines/m);
});

test('the name of an error is shown whole, unless it is long or looks like a secret', () => {
  const [first] = recogniseErrors('InvalidCiphertextException');
  assert.ok(first !== undefined);
  const heading = (name: string) =>
    helpLines({ ...first, name, operation: undefined }, { kind: 'fixable', why: 'It is so.', next: [] })[0] ?? '';
  for (const name of ['NotFoundException', 'com.amazonaws.kms#NotFoundException']) assert.equal(heading(name), name);
  for (const name of [
    `${secret}.FooBarException`,
    `${secret}#FooBarException`,
    `${'a word '.repeat(20)}.FooBarException`,
  ])
    assert.equal(heading(name), 'FooBarException');
  for (const name of [`${secret}.some words`, `${secret}.words`, `${secret}.1FooBarException`]) {
    assert.doesNotMatch(heading(name), /wJalr/);
    assert.notEqual(heading(name), name.split('.')[1]);
  }
  assert.equal(heading('a word '.repeat(20)).length, 100);
});

test('of several errors the last is explained, two before it are told in a line each, and the rest is counted', async () => {
  const answer = (name: string, operation: string) =>
    `An error occurred (${name}) when calling the ${operation} operation: No.\n`;
  const errors = [
    answer('NotFoundException', 'DescribeKey'),
    answer('ThrottlingException', 'ListKeys'),
    answer('DisabledException', 'Encrypt'),
    answer('InvalidCiphertextException', 'ImportKeyMaterial'),
  ];
  const explained = async (count: number) => (await explain({ words: [errors.slice(-count).join('')] })).out.join('');
  const four = await explained(4);
  assert.match(
    four,
    /^InvalidCiphertextException, from ImportKeyMaterial\n\nThe material was not imported\.\nThe key is as it was/,
  );
  assert.match(
    four,
    /\n\nErrors before this one, the last first\n {2}- DisabledException, from Encrypt: [\s\S]*\n {2}- ThrottlingException, from ListKeys: [\s\S]*\n {2}- and 1 more of other kinds\n {2}To have one explained, give it alone: keyferry explain NAME\n$/,
  );
  assert.doesNotMatch(four, /NotFoundException/);
  assert.doesNotMatch(await explained(3), /more of other kinds/);
  assert.match(await explained(2), /To have one explained, give it alone/);
  assert.doesNotMatch(await explained(1), /Errors before this one/);
});

test('what looks like a secret or turns the line around is in no sentence that is repeated', async () => {
  const words = [`${denied} with ${secret} a\u202Eb`];
  const { out } = await explain({ words, columns: 400 });
  const text = out.join('');
  assert.match(text, /AWS says: User: arn:/);
  assert.equal(text.includes(secret), false);
  assert.equal(text.includes('\u202E'), false);
});
