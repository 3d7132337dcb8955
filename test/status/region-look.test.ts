import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blindSpots, lookAtRegions } from '../../source/status/region-look.ts';
import { practise } from '../practice/practising.ts';

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
  const kmsIn = () => {
    throw new TypeError('a defect');
  };
  await assert.rejects(lookAtRegions({ kmsIn }, ['us-east-1'], { signal, report }), TypeError);
});
