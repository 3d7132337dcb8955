import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManyQuestion } from '../../source/ceremony/question.ts';
import { Tally } from '../../source/ui/ink/tally.ts';

/** A question whose values are counted when the test says so. */
function counting() {
  const counts: {
    readonly chosen: readonly string[];
    readonly signal: AbortSignal;
    readonly end: (words: string) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const question: ManyQuestion = {
    kind: 'many',
    id: 'files',
    ask: 'Which files?',
    label: 'Files',
    form: 'paths',
    options: [],
    least: 0,
    tally: (chosen, signal) => new Promise((end, fail) => counts.push({ chosen, signal, end, fail })),
  };
  const leaving = new AbortController();
  const shown: (string | undefined)[] = [];
  const tally = new Tally(question, leaving.signal, (words) => shown.push(words));
  return { counts, leaving, shown, tally };
}

test('what is chosen is counted once, and only the last choice counts', async () => {
  const { counts, shown, tally } = counting();
  tally.follow([]);
  assert.equal(tally.words, undefined);
  tally.follow(['a']);
  tally.follow(['a']);
  assert.equal(tally.words, 'Counting');
  tally.follow(['a', 'b']);
  assert.deepEqual(
    counts.map(({ chosen, signal }) => [chosen, signal.aborted]),
    [
      [['a'], true],
      [['a', 'b'], false],
    ],
  );
  counts[0]?.end('1 file');
  counts[1]?.end('2 files');
  await new Promise(setImmediate);
  assert.deepEqual([shown, tally.words], [['2 files'], '2 files']);
  tally.follow([]);
  assert.deepEqual([tally.words, counts.length], [undefined, 2]);
});

test('where the count fails, nothing is said in its place', async () => {
  const { counts, shown, tally } = counting();
  tally.follow(['a']);
  counts[0]?.fail(new Error('EIO'));
  await new Promise(setImmediate);
  assert.deepEqual([shown, tally.words], [[undefined], undefined]);
});

test('when the question leaves the screen, counting ends and nothing is shown', async () => {
  const { counts, leaving, shown, tally } = counting();
  tally.follow(['a']);
  leaving.abort();
  assert.equal(counts[0]?.signal.aborted, true);
  counts[0]?.end('1 file');
  await new Promise(setImmediate);
  assert.deepEqual(shown, []);
});
