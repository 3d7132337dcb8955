import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { spoken, testsIn, unescaped } from './tests-in-file.ts';

/* Keeps the table in promises.md true: what it quotes is still said, and what it names is still there. */

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The rows of all tables, cell by cell, each cell as its lines. */
const rows = read('test/promises.md')
  .split('\n')
  .filter((line) => /^\| .*"/.test(line))
  .map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.split('<br>')),
  );

/** A file as it stands and as it is read; what is said only now and then stands inside of what differs. */
const texts = new Map<string, readonly string[]>();
function textsOf(path: string): readonly string[] {
  const known = texts.get(path) ?? [unescaped(read(path)), spoken(read(path))];
  texts.set(path, known);
  return known;
}

/** Where a promise is said: a document for people, or a file below source. */
const placeOf = (place: string) => (['readme.md', 'SECURITY.md'].includes(place) ? place : join('source', place));

/** A quote as a pattern, in which `…` stands for what differs. */
const patternOf = (quote: string) =>
  new RegExp(
    quote
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.{0,120}'),
  );

type Quote = { readonly quote: string; readonly place: string };

const quotes: readonly Quote[] = rows.flatMap(([said = []]) =>
  said.map((line) => {
    const [, quote, place] = /^"([^"]+)" \(([\w./-]+)\)$/.exec(line) ?? [];
    assert.ok(quote !== undefined && place !== undefined, `a quote and its place: ${line}`);
    return { quote, place };
  }),
);

test('every quoted sentence is still said where the table has it', () => {
  const gone = quotes.filter(
    ({ quote, place }) => !textsOf(placeOf(place)).some((text) => patternOf(quote).test(text)),
  );
  assert.deepEqual(gone, []);
  assert.ok(quotes.length > 150);
});

test('what is named as keeping a promise is still there', () => {
  for (const [, kept = []] of rows)
    for (const line of kept) {
      const [path = '', names] = line.split(': ');
      const source = read(join('source', path));
      for (const name of names?.split(', ') ?? []) assert.match(source, new RegExp(`\\b${name}\\b`), line);
    }
});

test('every test that the table names is there', () => {
  for (const [, , tests = []] of rows) {
    assert.ok(tests.length > 0);
    for (const line of tests) {
      const [, path = '', name = ''] = /^([\w./-]+\.test\.tsx?): (.*)$/.exec(line) ?? [];
      assert.ok(existsSync(join(root, 'test', path)), line);
      assert.ok(testsIn(path).has(name), line);
    }
  }
});

const literal = /'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\])*)`/g;

const sentencesIn = (source: string) =>
  [...source.matchAll(literal)].map(([, single, double, template]) => spoken(single ?? double ?? template ?? ''));

/** What the problems of a file say of the state that they leave, and all else that begins with "Nothing was". */
function statesIn(path: string): readonly string[] {
  const source = read(path);
  const after = [
    ...source.matchAll(
      /(?<!readonly )\bstate: (?!string|undefined)([\s\S]*?)(?:,\n\s*(?:next|remedies|renewal|\.\.\.|\})|\n\s*\}| \}\))/g,
    ),
  ];
  const states = after.flatMap(([, expression = '']) => sentencesIn(expression)).filter((each) => each.includes(' '));
  return [...new Set([...states, ...sentencesIn(source).filter((each) => /^Nothing (was|is|more)\b/.test(each))])];
}

test('every state that a problem leaves has a row', () => {
  // What doctor calls a state is how a check ended. Practice AWS and `explain` tell of AWS, and leave nothing.
  const files = globSync('source/*/**/*.{ts,tsx}', { cwd: root }).filter(
    (path) => !/^source\/(?:doctor|practice|aws\/problems)\//.test(path),
  );
  const states = files.flatMap((path) => statesIn(path).map((state) => ({ path, state })));
  const without = states.filter(
    ({ path, state }) =>
      !quotes.some(({ quote, place }) => placeOf(place) === path && (patternOf(quote).test(state) || quote === state)),
  );
  assert.deepEqual(without, []);
  assert.ok(states.length > 50);
});
