import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Progress } from '../../source/ceremony/progress.ts';
import { blindSpots, isPartial, lookAtRegions } from '../../source/status/region-look.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { practise } from '../practice/practising.ts';
import { keyOf, lookOf } from './samples.ts';

const report = () => {};
const { signal } = new AbortController();

test('a stop ends the look, also where the last Region fails in the same moment', async (t) => {
  const settings = { deny: { SecurityAdmin: ['kms:ListKeys'] } };
  const practice = await practise(t, { settings });
  const stop = new AbortController();
  const stopped = new Error('stopped by the person');
  const kmsIn = (region: string) => {
    const kms = practice.kms(region);
    // The person stops while the answer is on its way.
    kms.middlewareStack.add(
      (next) => (args) => {
        stop.abort(stopped);
        return next(args);
      },
      { step: 'initialize' },
    );
    return kms;
  };
  await assert.rejects(lookAtRegions({ kmsIn }, ['us-east-1'], { signal: stop.signal, report }), stopped);
});

const regions = ['us-east-1', 'eu-west-2', 'eu-west-1', 'ap-southeast-2'];

test('Regions are looked at three at a time, and one that is denied hides no other', async (t) => {
  const inLondon = { StringEquals: { 'aws:RequestedRegion': 'eu-west-2' } };
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
  const deny = { Effect: 'Deny', Action: 'kms:*', Resource: '*', Condition: inLondon };
  const practice = await practise(t, { settings: { policies: { SecurityAdmin: [{ Statement: [allow, deny] }] } } });
  let [open, most] = [0, 0];
  const three = Promise.withResolvers<void>();
  const kmsIn = (region: string) => {
    const kms = practice.kms(region);
    kms.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName !== 'ListKeysCommand') return next(args);
        open += 1;
        most = Math.max(most, open);
        // A fourth Region would begin before this.
        if (open === 3) setImmediate(three.resolve);
        await three.promise;
        try {
          return await next(args);
        } finally {
          open -= 1;
        }
      },
      { step: 'initialize' },
    );
    return kms;
  };
  const looks = await lookAtRegions({ kmsIn }, regions, { signal, report });
  assert.equal(most, 3);
  assert.deepEqual(
    looks.map((look) => [look.region, 'problem' in look ? look.problem.code : look.keys]),
    regions.map((region) => [region, region === 'eu-west-2' ? 'AccessDeniedException' : []]),
  );
  assert.match(
    String(looks.flatMap(blindSpots)),
    /^Can't look at the keys of eu-west-2\. .* \[AccessDeniedException\]$/,
  );
});

test('a defect of the program ends the look, and is told as no problem of a Region', async () => {
  for (const defect of [new TypeError('a defect'), new RangeError('another')]) {
    const kmsIn = () => {
      throw defect;
    };
    await assert.rejects(lookAtRegions({ kmsIn }, ['us-east-1'], { signal, report }), defect);
  }
});

test('a problem that is told as one of Keyferry is still only that of its Region', async () => {
  const problem = { kind: 'ours', what: 'What came is no answer.', next: [] } as const;
  const kmsIn = (region: string) => {
    if (region === 'eu-west-1') throw new ProblemError(problem);
    return answeringKms(() => ({ Keys: [] }));
  };
  const looks = await lookAtRegions({ kmsIn }, ['eu-west-1', 'us-east-1'], { signal, report });
  assert.deepEqual(
    looks.map((look) => [look.region, 'problem' in look]),
    [
      ['eu-west-1', true],
      ['us-east-1', false],
    ],
  );
});

test('the Regions come in the order in which they were asked for, each with a line of progress of its own', async () => {
  const last = Promise.withResolvers<void>();
  const kmsIn = (region: string) =>
    answeringKms(async () => {
      if (region === 'eu-west-1') last.resolve();
      else await last.promise;
      return { Keys: [] };
    });
  const told: Progress[] = [];
  const asked = ['us-east-1', 'eu-west-1'];
  const looks = await lookAtRegions({ kmsIn }, asked, { signal, report: (progress) => told.push(progress) });
  assert.deepEqual(
    looks.map(({ region }) => region),
    asked,
  );
  assert.deepEqual(new Set(told.map(({ id }) => id)).size, 2);
  assert.deepEqual(told.map(({ label }) => label).toSorted(), ['Keys of eu-west-1', 'Keys of us-east-1']);
});

test('after a stop, no further key of a Region is asked about', async () => {
  const stop = new AbortController();
  const asked: string[] = [];
  const kms = answeringKms((_, command) => {
    asked.push(command);
    stop.abort(new Error('stopped by the person'));
    return { Keys: [{ KeyId: 'a' }] };
  });
  const looking = lookAtRegions({ kmsIn: () => kms }, ['us-east-1'], { signal: stop.signal, report });
  await assert.rejects(looking, /stopped by the person/);
  assert.deepEqual(asked, ['ListKeys']);
});

test('each thing that could not be read in a Region is told, one beside the other', () => {
  const unread = keyOf('a', { notRead: ['materials', 'tags'] });
  const spots = blindSpots(lookOf([unread], { hidden: 2, areAliasesHidden: true }));
  assert.deepEqual(
    spots.map((words) => /could not be looked at|every material|who made|The aliases/.exec(words)?.[0]),
    ['could not be looked at', 'every material', 'who made', 'The aliases'],
  );
  const problem = { kind: 'waiting', what: "Can't look there.", next: [] } as const;
  assert.deepEqual(blindSpots({ region: 'us-east-1', problem }), [problem.what]);
});

test('a key that may not be described is counted in its Region', async () => {
  const kms = answeringKms((_, command) =>
    command === 'ListKeys' ? { Keys: [{ KeyId: 'a' }] } : refusal('AccessDeniedException', 400),
  );
  const [look] = await lookAtRegions({ kmsIn: () => kms }, ['us-east-1'], { signal, report });
  assert.ok(look !== undefined && isPartial(look));
  assert.match(String(blindSpots(look)), /^1 key in us-east-1 could not be looked at/);
});
