import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Facts, People } from '../../source/steps/facts.ts';
import { UnknownPeople } from '../../source/steps/unknown-people.ts';
import { refusal } from '../aws/answering-clients.ts';
import { connectionOf } from '../known-facts.ts';
import { actingIn } from './acting.ts';
import { iamOfPeople, role, you } from './people-in-iam.ts';

/* KMS refuses a policy with somebody whom it does not know, and does not say whom. IAM is asked. */

const unknownToKms = refusal('MalformedPolicyDocumentException', 400, {
  message: 'Policy contains a statement with one or more invalid principals.',
});
const problem = { kind: 'fixable', what: 'No key.', why: 'KMS says so.', next: ['x'] } as const;

/** What is done with the refusal of a policy with these people. */
function refusedFor(t: TestContext, people: Partial<People>, connection: Partial<Facts['connection']> = {}) {
  const { iam, asked } = iamOfPeople();
  const facts: Facts = {
    connection: { ...connectionOf(you), ...connection },
    people: { administrators: [], users: [], administratorsMayDelete: false, policyKind: 'console', ...people },
  };
  const { services } = actingIn(t, { step: 'policy', iam, facts });
  return { asked, who: new UnknownPeople(facts, services) };
}

test('a refusal is waited for while all people are there or cannot be looked up, and not for one who is not there', async (t) => {
  for (const [people, isWorth] of [
    [{ administrators: [you], users: [role('New')] }, true],
    [{ administrators: [you], users: [role('Silent')] }, true],
    [{ administrators: [you], users: [role('Partner', '111122223333')] }, true],
    [{ administrators: [you], users: [role('Gone')] }, false],
    [{ administrators: [you], users: [], importers: [role('Gone')] }, false],
    [{ administrators: [role('Moved')], users: [you] }, false],
  ] as const) {
    const { who } = refusedFor(t, people);
    assert.equal(await who.isWorthWaiting(unknownToKms), isWorth, JSON.stringify(people));
  }
  const { who, asked } = refusedFor(t, { users: [you] });
  assert.equal(await who.isWorthWaiting(refusal('AccessDeniedException', 400)), false);
  assert.deepEqual(asked, [], 'IAM is asked only where somebody is unknown');
});

test('an ARN of the own role that is only guessed is not waited for, unless others may be new', async (t) => {
  const guessed = {
    callerArn: 'arn:aws:sts::000000000000:assumed-role/Silent/me',
    principalArn: role('Silent'),
    unconfirmed: { is: 'derived', why: 'IAM is silent' },
  } as const;
  const alone = refusedFor(t, { administrators: [role('Silent')], users: [role('Silent')] }, guessed);
  assert.equal(await alone.who.isWorthWaiting(unknownToKms), false);
  const { why = '', next } = alone.who.explain(problem, unknownToKms);
  assert.match(why, /role\/Silent is derived from the profile, not confirmed by IAM\.$/);
  assert.deepEqual(next[0], 'Change the people: name those that are right.');
  const withNew = refusedFor(t, { administrators: [role('Silent'), role('New')] }, guessed);
  assert.equal(await withNew.who.isWorthWaiting(unknownToKms), true);
  const known = refusedFor(t, { administrators: [you] });
  assert.equal(await known.who.isWorthWaiting(unknownToKms), true, 'IAM has confirmed this one');
});

test('each of the people is asked about once, but for the root of the own account, whom KMS always knows', async (t) => {
  const { who, asked } = refusedFor(t, {
    administrators: [you, role('New'), 'arn:aws:iam::000000000000:root'],
    users: [you],
    importers: [role('New'), role('Other')],
  });
  await who.isWorthWaiting(unknownToKms);
  await who.isWorthWaiting(unknownToKms);
  assert.deepEqual(asked.toSorted(), ['New', 'Other', 'SecurityAdmin']);
});

test('the root of another account is one whom IAM does not confirm, and is not asked about', async (t) => {
  const theirs = 'arn:aws:iam::111122223333:root';
  const { who, asked } = refusedFor(t, { administrators: [you], users: [theirs] });
  assert.equal(await who.isWorthWaiting(unknownToKms), true);
  assert.deepEqual(asked, ['SecurityAdmin']);
  assert.match(who.waitingWords(), new RegExp(`Not confirmed by IAM: ${theirs}$`));
  assert.match(
    who.explain(problem, unknownToKms).why ?? '',
    /:root is not confirmed by IAM: IAM tells only about your own account\.$/,
  );
});

test('who is not there is named, then who is not confirmed, with what finds the right ARN', async (t) => {
  const { who } = refusedFor(t, {
    administrators: [role('Gone'), role('Moved')],
    users: [role('Silent'), role('Partner', '111122223333'), you],
  });
  assert.equal(who.explain(problem, unknownToKms), problem, 'IAM was not asked yet');
  await who.isWorthWaiting(unknownToKms);
  const { what, why, next } = who.explain(problem, unknownToKms);
  assert.equal(what, 'No key.');
  assert.match(
    why ?? '',
    /^KMS does not know a user or role in the policy\. IAM has no \S+\/Gone\. IAM has no \S+\/Moved; it has \S+\/there\/Moved\. \S+\/Silent is not confirmed by IAM: .*\. \S+\/Partner is not confirmed by IAM: IAM tells only about your own account\.$/,
  );
  assert.match(next.join('\n'), /^Change the people: name those that are right\.\nSomebody who may ask IAM finds/);
  assert.equal(who.explain(problem, refusal('AccessDeniedException', 400)), problem);
  assert.match(who.waitingWords(), /yet\. Not confirmed by IAM: \S+\/Silent, \S+\/Partner$/);
});

test('where IAM has all people, the person is told that one may be new', async (t) => {
  const { who } = refusedFor(t, { administrators: [you] });
  await who.isWorthWaiting(unknownToKms);
  const { why, next } = who.explain(problem, unknownToKms);
  assert.match(why ?? '', /IAM has all of them: KMS may not see a new one yet\.$/);
  assert.deepEqual(next, ['Wait a minute, then try again.']);
  assert.match(who.waitingWords(), /yet: IAM has them, and a new one takes seconds, at times minutes$/);
});
