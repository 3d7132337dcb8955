import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entries } from '../../source/aws/problems/catalogue.ts';
import { explained } from './explained.ts';

const length = 3_000_000;
const fill = (part: string) => part.repeat(Math.ceil(length / part.length)).slice(0, length);

/**
 * Beginnings of what is recognised, which never go on as they should. Where each of them makes the program look through the
 * rest of the text, 3 MB take a minute or more.
 */
const parts = [
  'x',
  '.',
  'a.',
  'Aaa: ',
  'KmsException: ',
  'api error Foo: ',
  '(Service: a; Status Code: 400;',
  '"__type":"X" ',
  'asn1 encoding routines ',
  'perform: s3:PutObject ',
  'line of a log with an error in it\n',
  '│ x\n',
  `at error${':1'.repeat(990)}x\n`,
  `at error${'1'.repeat(1980)}\n`,
];

test('3 MB of any text are explained at once', async () => {
  for (const part of parts) {
    const begun = performance.now();
    const { status } = await explained(fill(part));
    assert.equal(status, 1);
    // It takes a tenth of a second. The bound is for a busy machine.
    const taken = performance.now() - begun;
    assert.ok(taken < 5000, `${JSON.stringify(part)} took ${Math.round(taken)} ms`);
  }
});

test('an error is found at the beginning, in the middle and at the end of a long log', async () => {
  const error = 'An error occurred (DisabledException) when calling the Encrypt operation: x is disabled.\n';
  const log = fill('2026-11-26 12:00:00 DEBUG a line of a log\n');
  for (const text of [error + log, log + error + log, log + error]) {
    const { status, shown } = await explained(text);
    assert.equal(status, 0);
    assert.match(shown, /^DisabledException, from Encrypt/);
  }
});

test('of a long text in which nothing is known, it is said that parts were read', async () => {
  assert.match(
    (await explained(fill('a line of a log\n'))).shown,
    /The text is long: its beginning, its end and the lines/,
  );
  assert.doesNotMatch((await explained('a line of a log\n')).shown, /The text is long/);
});

test('no pattern of the table looks further than a bound', () => {
  const patterns = entries.flatMap(({ phrases = [], readings = [] }) => [
    ...phrases,
    ...readings.flatMap(({ says }) => says ?? []),
  ]);
  assert.ok(patterns.length > 150, `${patterns.length} patterns`);
  const unbounded = patterns.filter(({ source }) => /(?<!\\)(?:\.|\]|\)|\\[wsdSWD])[*+]|\{\d+,\}/.test(source));
  assert.deepEqual(
    unbounded.map(({ source }) => source),
    [],
  );
});
