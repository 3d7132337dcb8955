import assert from 'node:assert/strict';
import { test } from 'node:test';
import { symbolsFor } from '../../source/terminal/symbols.ts';
import { footerLine } from '../../source/ui/ink/footer.ts';
import type { Journey } from '../../source/ui/ink/journey.ts';
import { beginning, reduceJourney } from '../../source/ui/ink/journey-events.ts';
import type { Saved } from '../../source/ui/stop-words.ts';
import { waysOn } from '../../source/ui/ways-on.ts';
import { textOf } from './text-of.ts';

const asked = (saved: Saved, journey: Journey = beginning) => reduceJourney(journey, { type: 'stopping', saved });

const footer = (journey: Journey, width: number) => textOf(footerLine(journey, width, symbolsFor({ unicode: false })));

const acting: Journey = { ...beginning, stage: { phase: 'acting', lines: [], since: 0 } };

test('where stopping loses the key, the question says so at every width, and never that progress is saved', () => {
  for (const journey of [beginning, acting])
    for (const width of [40, 60, 80, 100, 120]) {
      assert.match(footer(asked('all but the key', journey), width), /loses the key|key in memory is lost/);
      assert.doesNotMatch(footer(asked('all but the key', journey), width), /Progress is saved/);
      assert.match(footer(asked('everything', journey), width), /Progress is saved/);
    }
});

test('before anything is saved, the question says so at every width, and never that progress is saved', () => {
  for (const journey of [beginning, acting])
    for (const width of [40, 60, 80, 100, 120]) {
      assert.match(footer(asked('nothing', journey), width), /Nothing is saved yet/);
      assert.doesNotMatch(footer(asked('nothing', journey), width), /Progress is saved/);
    }
});

test('the way out of a problem says what stopping means', () => {
  const problem = { kind: 'fixable', what: 'x', next: [] } as const;
  assert.equal(waysOn(problem, 'everything').at(-1)?.label, 'Stop here, progress is saved');
  assert.equal(waysOn(problem, 'all but the key').at(-1)?.label, 'Stop here; the key in memory is lost');
  assert.equal(waysOn(problem, 'nothing').at(-1)?.label, 'Stop here, nothing is saved yet');
});

test('the question whether to stop goes away when the ceremony has finished meanwhile', () => {
  const atWork = asked('everything', acting);
  const between = reduceJourney(atWork, { type: 'staged', stage: { phase: 'between' } });
  assert.equal(between.stopping, 'everything');
  const done = reduceJourney(between, { type: 'staged', stage: { phase: 'closing', title: 'Done', lines: [] } });
  assert.equal(done.stopping, undefined);
  assert.match(footer(done, 80), /enter leave/);
});
