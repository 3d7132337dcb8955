import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { problemOfKey, readKeyNow } from '../../source/steps/key-now.ts';
import { passTime } from '../practice/key-makers.ts';
import { beginImport } from './ceremony.ts';
import { loseMaterial } from './lost-material.ts';

const day = 24 * 60 * 60 * 1000;

/** A ceremony whose material expires in two days, and why its key cannot be used now. */
async function expiring(t: TestContext) {
  const ceremony = await beginImport(t, { answers: { import: { expiry: 'date', 'valid-to': '2d' } } });
  const facts = await ceremony.upTo('prove');
  const { services } = ceremony;
  return { ceremony, why: async () => problemOfKey(facts, await readKeyNow(facts, services), services)?.why };
}

test('of material that is gone before its expiry nobody is told that it has expired', async (t) => {
  const { ceremony, why } = await expiring(t);
  await loseMaterial(ceremony);
  assert.equal(await why(), 'KMS does not hold its material any more: it was deleted, or it has expired.');
});

test('of material that is gone after its expiry the person is told when it expired', async (t) => {
  const { ceremony, why } = await expiring(t);
  passTime(ceremony.practice, 3 * day);
  assert.match((await why()) ?? '', /^Its material expired at \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/);
});
