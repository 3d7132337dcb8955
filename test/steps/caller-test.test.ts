import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { buildKeyPolicy } from '../../source/aws/key-policy.ts';
import type { Description } from '../../source/steps/facts.ts';
import { isForUse, testCaller } from '../../source/steps/permission-check.ts';
import { simulatingIam } from '../aws/answering-clients.ts';
import { connectionOf } from '../known-facts.ts';
import { actingIn } from './acting.ts';

const you = 'arn:aws:iam::000000000000:role/SecurityAdmin';
const other = 'arn:aws:iam::000000000000:role/Other';

/** Asks IAM what the caller may do, with these actions denied. */
function asking(t: TestContext, denied: readonly string[] = [], description: Partial<Description> = {}) {
  const { iam, asked } = simulatingIam(denied);
  const facts = {
    connection: connectionOf(you),
    description: { alias: 'alias/a', description: '', ...description },
  };
  const { services } = actingIn(t, { step: 'permissions', iam, facts });
  const ask = (users: readonly string[] = [you]) => {
    const place = { accountId: '000000000000', partition: 'aws', administratorsMayDelete: false };
    return testCaller(facts, services, buildKeyPolicy({ ...place, administrators: [you], users }));
  };
  return { ask, asked };
}

test('IAM is asked for what this ceremony needs: another call for an alias that is moved, and one more for tags', async (t) => {
  const plain = asking(t);
  await plain.ask();
  for (const action of ['kms:CreateKey', 'kms:CreateAlias', 's3:PutObject', 'kms:Decrypt'])
    assert.ok(plain.asked.includes(action), action);
  for (const action of ['kms:UpdateAlias', 's3:TagResource']) assert.ok(!plain.asked.includes(action), action);
  const more = asking(t, [], { aliasFrom: 'k', tags: [{ key: 'team', value: 'payments' }] });
  await more.ask();
  assert.deepEqual(
    ['kms:CreateAlias', 'kms:UpdateAlias', 's3:TagResource', 'kms:CreateKey'].map((each) => more.asked.includes(each)),
    [false, true, true, true],
  );
});

test('whoever is no user of the key is not asked about its use', async (t) => {
  const { ask, asked } = asking(t);
  await ask([other]);
  assert.ok(asked.includes('kms:CreateKey'));
  assert.deepEqual(
    asked.filter((action) => isForUse({ action, on: 'key' })),
    [],
  );
});

test('what was found is not asked again for the same people, unless a permission for KMS was missing', async (t) => {
  const fine = asking(t, ['s3:PutObject']);
  const first = await fine.ask();
  const count = fine.asked.length;
  assert.equal(await fine.ask(), first);
  assert.equal(fine.asked.length, count);
  await fine.ask([other]);
  assert.ok(fine.asked.length > count, 'these are other people');
  const lacking = asking(t, ['kms:CreateKey']);
  const found = await lacking.ask();
  assert.ok(found.tested && found.missing.some(({ action }) => action === 'kms:CreateKey'));
  const soFar = lacking.asked.length;
  await lacking.ask();
  assert.ok(lacking.asked.length > soFar, 'somebody may have added it');
});
