import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { problemOfKey, readKeyNow } from '../../source/steps/key-now.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { passTime } from '../practice/key-makers.ts';
import { actingIn } from './acting.ts';
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

test('how the key is now is what KMS tells: its state, its expiry and its deletion, or why it tells nothing', async (t) => {
  const now = new Date('2026-11-25T14:00:00.000Z');
  const facts = { key: { keyId: 'k', keyArn: '', alias: 'alias/a', createdAt: '' } };
  const told = (answer: object | Error) => {
    const kms = answeringKms(() => (answer instanceof Error ? answer : { KeyMetadata: { KeyId: 'k', ...answer } }));
    return readKeyNow(facts, actingIn(t, { step: 'finish', kms, parts: { clock: () => now } }).services);
  };
  const asOf = now.toISOString();
  const [ValidTo, DeletionDate] = [new Date('2027-03-01T11:59:00.000Z'), new Date('2026-12-25T14:00:00.000Z')];
  assert.deepEqual(await told({ KeyState: 'Enabled' }), { asOf, state: 'Enabled', validTo: null });
  assert.deepEqual(await told({ KeyState: 'Enabled', ValidTo }), {
    ...{ asOf, state: 'Enabled', validTo: '2027-03-01T11:59:00.000Z' },
  });
  assert.deepEqual(await told({ KeyState: 'PendingDeletion', DeletionDate }), {
    ...{ asOf, state: 'PendingDeletion', validTo: null, deletionDate: '2026-12-25T14:00:00.000Z' },
  });
  const denied = await told(refusal('AccessDeniedException', 400));
  assert.ok(denied.state === undefined);
  assert.deepEqual([denied.asOf, denied.problem.code], [asOf, 'AccessDeniedException']);
  assert.deepEqual(
    [denied.problem.what, denied.problem.state],
    ["Can't see how alias/a is now.", 'Nothing was changed. The ceremony is finished.'],
  );
  const cut = await told(Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
  assert.ok(cut.state === undefined);
  assert.notEqual(cut.problem.code, undefined);
});
