import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { cells } from '../../source/terminal/cells.ts';
import { passphrase } from '../passphrase.ts';
import { assertStored } from '../stored-text.ts';
import type { Walk } from './walked.ts';

const columns = 80;

/**
 * Tests of the transcripts of one interface, which are stored below test/frames. `npm run frames` writes them anew; the
 * difference is there to be read.
 * @param isWhole tells which lines may be wider than the terminal, because they are to be copied as they are.
 */
export function testTranscripts(name: 'plain' | 'spoken', walk: () => Walk, isWhole: (line: string) => boolean): void {
  const folder = new URL(`../frames/${name}/`, import.meta.url);
  const texts = () => [...walk().transcript.texts];

  test(`${name}: every step, in a file of its own`, (t) => {
    for (const [place, text] of texts())
      assertStored(t, `${text.replaceAll(/ +$/gm, '').trim()}\n`, new URL(`${place}.txt`, folder));
    const stored = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.txt'));
    assert.deepEqual(
      stored.sort(),
      texts()
        .map(([place]) => `${place}.txt`)
        .sort(),
      'nothing is left of what has gone',
    );
  });

  test(`${name}: no line is wider than the terminal, and every character is ASCII and none controls`, () => {
    for (const [place, text] of texts()) {
      assert.match(text, /^[\x20-\x7e\n]*$/, place);
      const wide = text.split('\n').filter((line) => cells(line) > columns && !isWhole(line));
      assert.deepEqual(wide, [], place);
    }
  });

  test(`${name}: nothing tells of the bytes of a key or of the passphrase`, () => {
    const { keys } = walk();
    assert.equal(new Set(keys.map((key) => key.toString('hex'))).size, 2);
    const traces = [
      passphrase,
      ...keys.flatMap((key) => [
        ...Array.from({ length: key.length - 7 }, (_, at) => key.subarray(at, at + 8).toString('hex')),
        ...Array.from({ length: 8 }, (_, at) => key.subarray(at * 3, at * 3 + 9).toString('base64')),
        ...Array.from({ length: 8 }, (_, at) => key.subarray(at * 3, at * 3 + 9).toString('base64url')),
      ]),
    ].map((trace) => trace.toLowerCase());
    for (const [place, text] of texts()) {
      const all = text.replaceAll(/\s/g, '').toLowerCase();
      for (const trace of traces) assert.ok(!all.includes(trace.replaceAll(' ', '')), `${place}: ${trace}`);
    }
  });

  test(`${name}: of no question a word is lost`, () => {
    const lost: string[] = [];
    let count = 0;
    for (const [place, { title, put }] of walk().transcript.asked) {
      const said = oneLine(walk().transcript.texts.get(place) ?? '');
      const words = put.flatMap(({ question, options }) => [
        title,
        question.ask,
        ...(question.help?.split('\n') ?? []),
        'placeholder' in question ? `such as ${question.placeholder}` : undefined,
        ...options.flatMap(({ label, hint, disabled }) => [label, hint, disabled]),
      ]);
      for (const each of words) {
        if (each === undefined) continue;
        count += 1;
        if (!said.includes(oneLine(walk().standIn(each)))) lost.push(`${place}: ${each}`);
      }
    }
    assert.deepEqual(lost, []);
    assert.ok(count > 100, `${count} words`);
  });
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
