import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { newFolder } from '../new-folder.ts';
import { answersFile, exampleWith } from './answers.ts';
import { keyferry } from './program.ts';

/* Answers files whose form is wrong: what is told, on which lines, and what of the rest is told beside it. */

const rest = 'Whether an answer is missing can be told when the file can be read as a whole.';

/** Runs answers that cannot be taken, and gives what is told of each line, without the path. */
async function toldOf(text: string) {
  const folder = newFolder();
  const path = answersFile(folder, text);
  const { status, stderr } = await keyferry(['run', path, '--practice', '--workdir', 'w'], folder);
  assert.equal(status, 2, stderr);
  assert.match(stderr, /nothing was created\.\n$/);
  const lines = stderr.trimEnd().split('\n').slice(0, -1);
  const told = lines.map((line) => line.replace(`keyferry: ${path}:`, '').trimStart());
  const count = text.trimEnd().split('\n').length;
  for (const line of told) assert.ok(Number(/^(\d+):/.exec(line)?.[1] ?? 1) <= count, `${line}\nof ${count} lines`);
  return told;
}

const forms: readonly (readonly [name: string, text: string, told: readonly string[]])[] = [
  ['a list without its end', 'connect: [\n\n', ['1: This is not YAML: a bracket is not closed.']],
  [
    'a quote without its end',
    'connect:\n  region: "us-east-1\n  source: environment\n',
    ['2: This is not YAML: the quote that begins here is not closed.'],
  ],
  [
    'a single quote inside of single quotes',
    "describe-key:\n  description: 'Anna's key'\n",
    ['2: This is not YAML: something follows a value that has ended, such as a second quote.'],
  ],
  ['a tab', 'connect:\n\tregion: us-east-1\n', ['2: This is not YAML: a tab cannot indent a line. Write spaces.']],
  [
    'a name twice',
    'connect:\n  region: us-east-1\n  region: eu-west-1\n',
    ['3: This is not YAML: this name stands there twice. Keep one of the two.'],
  ],
  [
    'a colon in a value',
    'describe-key:\n  description: key: payments\n',
    ['2: This is not YAML: a value with a colon and a space in it needs quotes around it.'],
  ],
  [
    'no colon',
    'connect:\n  region us-east-1\n  source: environment\n',
    ['2: This is not YAML: a colon and a space are missing behind the name.'],
  ],
  [
    'lists inside of each other without end',
    `connect: ${'['.repeat(5000)}`,
    ['1: This is not YAML: values are nested much deeper than in any answers file.'],
  ],
  [
    'mappings inside of mappings',
    Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    ['2: a.a has no answer that Keyferry can take: write text, true, false or a list of texts.'],
  ],
];

for (const [name, text, wanted] of forms)
  test(`${name} is told in plain words, on a line that is there`, async () => {
    assert.deepEqual(await toldOf(text), wanted);
  });

test('a mistake of form hides no wrong answer of another step, and what depends on its step is not judged', async () => {
  const text = exampleWith({ connect: { region: 'frankfurt' }, import: { expiry: 'nevr' } })
    .replace('  alias: ', '\talias: ')
    .replace('finish:', 'finnish:');
  const at = (part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1;
  assert.deepEqual(await toldOf(text), [
    `${at('region:')}: connect.region: A Region looks like us-east-1 or eu-central-1.`,
    `${at('\talias')}: This is not YAML: a tab cannot indent a line. Write spaces.`,
    `${at('expiry')}: import.expiry: It takes never or date. Did you mean never?`,
    `${at('finnish')}: finnish is not a step. Did you mean finish?`,
    rest,
  ]);
});

test('mistakes of form in several steps, and a value that is none, are told together', async () => {
  const text = exampleWith({ import: { expiry: 'nevr' } })
    .replace('  alias: ', '  alias ')
    .replace('  wrapping: ', '  wrapping: @')
    .replace('  by: keyferry', '  by: {a: b}');
  const told = await toldOf(text);
  assert.deepEqual(
    told.map((line) =>
      line
        .replace(/^\d+: /, '')
        .replace('This is not YAML: ', '')
        .slice(0, 30),
    ),
    [
      'a colon and a space are missin',
      'a value that begins with such ',
      'wrap.by has no answer that Key',
      'import.expiry: It takes never ',
      rest.slice(0, 30),
    ],
  );
});

test('whichever step cannot be read, no right line is blamed', async () => {
  const text = exampleWith();
  for (const step of Object.keys(parse(text))) {
    const told = await toldOf(text.replace(`${step}:\n`, `${step}:\n\tx: y\n`));
    assert.deepEqual(
      told.map((line) => line.replace(/^\d+: /, '')),
      ['This is not YAML: a tab cannot indent a line. Write spaces.', rest],
      step,
    );
  }
});

test('where the ceremony itself may be unread, only the mistakes of form are told', async () => {
  const told = await toldOf('ceremony: "reimport\nbring-back:\n  how: x\n');
  assert.deepEqual(told, ['1: This is not YAML: the quote that begins here is not closed.']);
});
