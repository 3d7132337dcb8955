import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Facts } from '../../source/steps/facts.ts';
import { principalOptions, verifyPeople } from '../../source/steps/people-of-account.ts';
import { connectionOf } from '../known-facts.ts';
import { actingIn } from './acting.ts';
import { iamOfPeople, role, user, you } from './people-in-iam.ts';

const root = 'arn:aws:iam::000000000000:root';

/** An account with people in IAM. */
function account(t: TestContext) {
  const { iam, asked } = iamOfPeople();
  return { asked, services: actingIn(t, { step: 'permissions', iam }).services };
}

test('people who are there are taken, and only those of the own account are looked up', async (t) => {
  const { services, asked } = account(t);
  const people = [you, user('alice'), role('Partner', '111122223333'), '111122223333', root];
  assert.equal(await verifyPeople(services, people, connectionOf(you)), undefined);
  assert.deepEqual(asked.toSorted(), ['SecurityAdmin', 'alice']);
});

test('somebody who is not there, or of another part of AWS, is named', async (t) => {
  const { services, asked } = account(t);
  const problemOf = (...arns: readonly string[]) => verifyPeople(services, arns, connectionOf(you));
  assert.equal(
    await problemOf(you, role('Gone')),
    `${role('Gone')} does not exist in this account. KMS would refuse the policy.`,
  );
  assert.match(String(await problemOf(role('Moved'), user('Gone'))), /user\/Gone does not exist/);
  asked.length = 0;
  const chinese = 'arn:aws-cn:iam::000000000000:role/A';
  assert.equal(await problemOf(you, chinese), `${chinese} is not of aws, the part of AWS in which this account is.`);
  assert.deepEqual(asked, []);
});

test('all who have another path are put right at once, each named once, and the others stay', async (t) => {
  const { services } = account(t);
  const arns = [you, role('Moved'), user('Moved2'), role('there/Moved'), '111122223333'];
  assert.deepEqual(await verifyPeople(services, arns, connectionOf(you)), {
    says: `${role('Moved')} does not exist in this account. IAM has this name as ${role('there/Moved')}.`,
    instead: [you, role('there/Moved'), user('there/Moved2'), '111122223333'],
  });
});

test('the caller is the first option and no other, with how surely they are known; a path stands beside its name', async (t) => {
  const optionsOf = async (connection: Partial<NonNullable<Facts['connection']>>) => {
    const all = [];
    const { services } = account(t);
    for await (const page of principalOptions(services, { ...connectionOf(you), ...connection })) all.push(...page);
    return all;
  };
  const deploy = { value: role('ops/Deploy'), label: 'role  Deploy', hint: '/ops/' };
  const alice = { value: user('alice'), label: 'user  alice' };
  const admin = { value: you, label: 'role  SecurityAdmin' };
  assert.deepEqual(await optionsOf({}), [{ ...admin, hint: 'you are in it' }, deploy, alice]);
  const derived = { is: 'derived', why: 'IAM is silent' } as const;
  assert.deepEqual(await optionsOf({ unconfirmed: derived }), [
    { ...admin, hint: 'you are in it; derived from the profile, not confirmed by IAM' },
    deploy,
    alice,
  ]);
  assert.deepEqual(await optionsOf({ principalArn: user('alice') }), [{ ...alice, hint: 'you' }, admin, deploy]);
  assert.deepEqual(await optionsOf({ unconfirmed: { is: 'unknown', why: 'no' } }), [admin, deploy, alice]);
  assert.deepEqual(await optionsOf({ principalArn: root, callerArn: root }), [admin, deploy, alice]);
});
