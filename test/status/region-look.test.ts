import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookAtRegions } from '../../source/status/region-look.ts';
import { practise } from '../practice/practising.ts';

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
  await assert.rejects(lookAtRegions({ kmsIn }, ['us-east-1'], { signal: stop.signal, report: () => {} }), stopped);
});
