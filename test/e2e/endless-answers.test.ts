import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atATime } from '../crash/cut-off.ts';
import { outside } from '../faults/outside.ts';
import { requestKind } from '../faults/request-kind.ts';
import { type Spoiled, spoiling, waysToSpoil } from '../faults/spoiled-ceremony.ts';
import { sampleOf } from '../seed.ts';

/*
 * The built program with the limits of every day, before answers without an end: it ends in words, and its memory stays
 * flat. Every day a sample of its requests meets them.
 */

const mostKb = 300 * 1024;

/** Lets a process of Node write the most memory that it had, in kB, when it ends. */
const tellMemory = `data:text/javascript,${encodeURIComponent(
  `process.on('exit', () => console.error('most memory: ' + process.resourceUsage().maxRSS))`,
)}`;
const watched = { NODE_OPTIONS: `--import ${tellMemory}` };

const isEndless = ({ how, hasActed }: Spoiled) => how.includes('endless') && !hasActed;

test('endless answers at every call of a first import end in words, in little memory', {
  timeout: 3_600_000,
}, async () => {
  const undisturbed = await outside();
  const kinds: string[] = [];
  undisturbed.decide((call) => {
    kinds.push(requestKind(call));
    return undefined;
  });
  const { status, stderr } = await undisturbed.run(watched);
  await undisturbed.close();
  assert.equal(status, 0, stderr);
  assert.ok(kinds.length > 20, kinds.join());
  const failures: string[] = [];
  await atATime(2, sampleOf(waysToSpoil(kinds).filter(isEndless), 10), async (spoiled) => {
    const ceremony = await outside();
    const decider = spoiling(spoiled, 1000);
    ceremony.decide(decider.by);
    try {
      const ended = await ceremony.run(watched);
      const most = Number(/most memory: (\d+)/.exec(ended.stderr)?.[1]);
      assert.ok(decider.met > 0, 'the request was made');
      assert.ok(most < mostKb, `${most} kB`);
      // Whoever answers without the header of practice AWS before the connection stands is no practice AWS.
      const isForeign = ended.status === 2 && /before its name is typed/.test(ended.stderr);
      assert.ok(ended.status === 0 || ended.status === 3 || isForeign, `status ${ended.status}: ${ended.stderr}`);
      assert.doesNotMatch(ended.stderr, /unforeseen|\n\s+at /);
      if (ended.status === 3)
        assert.match(ended.stderr, /where AWS sends a short answer|more headers than AWS|more than the \d+ bytes/);
    } catch (error) {
      failures.push(`${JSON.stringify(spoiled)}: ${(error as Error).message}`);
    } finally {
      await ceremony.close();
    }
  });
  assert.deepEqual(failures, []);
});
