import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { Journal } from '../../source/ceremony/journal.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { hasRuledOutUnseenKeys, unseenKeysError, unseenKeysQuestion } from '../../source/steps/unseen-keys.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServicesFor } from '../offline-services.ts';
import { denyCaller, practise, setControl } from '../practice/practising.ts';
import { policyForOthers } from '../printed-policy.ts';
import { beginImport, continueImport, problemOf, type RunningCeremony } from './ceremony.ts';

/* CreateKey's answer is lost, and AWS denies a call that looks for the key: nobody knows whether the key was made. */

const lost = (times: number): Settings['faults'] => [{ operation: 'kms:CreateKey', do: 'drop-after', times }];

/** A ceremony that is about to make its key, and may not do these actions. */
async function denied(t: TestContext, actions: readonly string[], faults = lost(1)): Promise<RunningCeremony> {
  const practice = await practise(t, { settings: { faults } });
  denyCaller(practice, ...actions, 'iam:SimulatePrincipalPolicy');
  // The key policy names others, and so gives nothing to whoever runs the ceremony.
  return beginImport(t, { practice, answers: policyForOthers });
}

const allowAll = ({ practice }: RunningCeremony) => setControl(practice, {});

/** The ids of all keys, as the account root sees them. */
async function keyIds({ practice }: RunningCeremony): Promise<readonly (string | undefined)[]> {
  const kms = practice.kms('us-east-1', practice.server.credentialsOf('root'));
  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  return Keys.map(({ KeyId }) => KeyId);
}

const askedIds = (ceremony: RunningCeremony) => ceremony.questionsOf('policy', {}).map(({ id }) => id);

for (const { action, why } of [
  { action: 'kms:ListResourceTags', why: /This key may be the one, and you may not look at it: KEY\.$/ },
  { action: 'kms:ListKeys', why: /You may not list the keys to look for it\.$/ },
]) {
  test(`without ${action}, no second key is made; the permission is named, and with it the key is found`, async (t) => {
    const ceremony = await denied(t, [action]);
    const problem = await problemOf(ceremony.upTo('policy'));
    const [made = ''] = await keyIds(ceremony);
    assert.equal(problem.what, "Can't tell whether the KMS key was made.");
    assert.match(problem.why?.replace(made, 'KEY') ?? '', why);
    assert.match(problem.state ?? '', /^Whether a key was made is not known\. No second key is made\.$/);
    assert.match(problem.next.join('\n'), new RegExp(`Have ${action} allowed`));
    assert.ok(problem.next.join('\n').includes(`keyferry:ceremony = ${ceremony.services.journal.state.id}`));
    assert.deepEqual(
      problem.remedies?.map((remedy) => remedy.action === 'ask-again' && remedy.question),
      ['unseen-keys'],
    );
    // Looking again changes nothing.
    await problemOf(ceremony.upTo('policy'));
    assert.equal((await keyIds(ceremony)).length, 1);
    allowAll(ceremony);
    assert.equal((await ceremony.upTo('policy')).key?.keyId, made);
    assert.equal((await keyIds(ceremony)).length, 1);
    assert.deepEqual(askedIds(ceremony), ['proceed']);
  });
}

test('a list of keys that is denied is not asked for again and again', async (t) => {
  const ceremony = await denied(t, ['kms:ListKeys']);
  await ceremony.upTo('permissions');
  const before = ceremony.countOf('KMS.ListKeys');
  await problemOf(ceremony.upTo('policy'));
  assert.equal(ceremony.countOf('KMS.ListKeys'), before + 1);
});

test('a person can say that the key is none of those; that counts for the tries before, also in a later run', async (t) => {
  const ceremony = await denied(t, ['kms:ListResourceTags'], lost(2));
  await ceremony.upTo('permissions');
  assert.deepEqual(askedIds(ceremony), ['proceed']);
  await problemOf(ceremony.upTo('policy'));
  const later = await continueImport(t, ceremony);
  later.answer('policy', { 'unseen-keys': 'none' });
  assert.deepEqual(askedIds(later), ['proceed', 'unseen-keys']);
  // The answer of the second CreateKey is lost as well, and nobody has said anything about its key.
  await problemOf(later.upTo('policy'));
  assert.equal(later.countOf('KMS.CreateKey'), 2);
  assert.equal((await keyIds(later)).length, 2);
  const { key } = await later.upTo('policy');
  assert.equal((await keyIds(later)).length, 3);
  assert.ok((await keyIds(later)).includes(key?.keyId));
});

test('where keys could all be looked at, nothing is asked about them', async (t) => {
  const ceremony = await denied(t, []);
  await ceremony.upTo('policy');
  assert.equal((await keyIds(ceremony)).length, 1);
  assert.equal(
    ceremony.services.journal.lines.some((line) => line.kind === 'answered' && 'unseen-keys' in line.answers),
    false,
  );
});

test('an alias whose answer was lost is found also by a caller who may not list aliases', async (t) => {
  const faults = (['drop-before', 'drop-after'] as const).map(
    (cut) => ({ operation: 'kms:CreateAlias', do: cut, times: 1 }) as const,
  );
  const ceremony = await denied(t, ['kms:ListAliases'], faults);
  await ceremony.upTo('policy');
  assert.equal(ceremony.countOf('KMS.CreateAlias'), 2);
  assert.equal((await keyIds(ceremony)).length, 1);
});

test('where nobody can say whether the alias was made, that is told', async (t) => {
  const faults = [{ operation: 'kms:CreateAlias', do: 'drop-after', times: 1 } as const];
  const ceremony = await denied(t, ['kms:ListAliases', 'kms:DescribeKey'], faults);
  const { state } = await problemOf(ceremony.upTo('policy'));
  assert.match(state ?? '', /Whether it has its alias is not known\./);
  allowAll(ceremony);
  await ceremony.upTo('policy');
  assert.equal(ceremony.countOf('KMS.CreateAlias'), 1);
});

test('of the keys that may be the one, three are named and the others counted', (t) => {
  const services = makeOfflineServicesFor(t);
  const whyWith = (...unseenKeyIds: readonly string[]) => {
    const { problem } = unseenKeysError(services, {
      found: 'unknown',
      unseenKeyIds,
      deniedActions: ['kms:DescribeKey'],
    });
    return problem.why?.replace('The answer of CreateKey was lost. ', '');
  };
  const several = 'One of these keys may be the one, and you may not look at them:';
  assert.equal(whyWith(), 'You may not list the keys to look for it.');
  assert.equal(whyWith('a'), 'This key may be the one, and you may not look at it: a.');
  assert.equal(whyWith('a', 'b'), `${several} a, b.`);
  assert.equal(whyWith('a', 'b', 'c'), `${several} a, b, c.`);
  assert.equal(whyWith('a', 'b', 'c', 'd'), `${several} a, b, c, 1 more.`);
  assert.equal(whyWith('a', 'b', 'c', 'd', 'e'), `${several} a, b, c, 2 more.`);
});

const denial = 'AccessDeniedException';

for (const [what, calls, isAsked] of [
  ['a denied list of keys', [['ListKeys', denial]], true],
  ['a key that may not be described', [['DescribeKey', denial]], true],
  ['tags that may not be read', [['ListResourceTags', denial]], true],
  ['several looks of which one was denied', [['ListKeys'], ['DescribeKey', denial], ['DescribeKey']], true],
  ['a look that failed otherwise', [['ListKeys', 'ThrottlingException']], false],
  ['another call that was denied', [['CreateAlias', denial]], false],
  ['looks that were all allowed', [['ListKeys'], ['DescribeKey']], false],
] as const)
  test(`after ${what}, it is ${isAsked ? '' : 'not '}asked whether a key is the one`, (t) => {
    const { journal } = makeOfflineServicesFor(t);
    const note = ([operation, error]: readonly [string, string?]) =>
      journal.append({ kind: 'call', operation: `KMS.${operation}`, ...(error === undefined ? {} : { error }) });
    const begin = () => journal.append({ kind: 'intent', step: 'policy', name: 'create-key' });
    const isAskedNow = () => unseenKeysQuestion({ journal }).length > 0;
    note(['ListKeys', denial]);
    assert.equal(isAskedNow(), false, 'no key was begun');
    begin();
    assert.equal(isAskedNow(), false, 'what was denied before counts for nothing');
    for (const call of calls) note(call);
    assert.equal(isAskedNow(), isAsked);
    begin();
    assert.equal(isAskedNow(), false, 'the next try has not looked yet');
    for (const call of calls) note(call);
    assert.equal(isAskedNow(), isAsked);
    journal.append({ kind: 'outcome', step: 'policy', name: 'create-key', outcome: 'refused' });
    assert.equal(isAskedNow(), false, 'no key was made');
  });

test('that no key is the one counts from the last answer to the questions about the policy, and for the tries before it', (t) => {
  let hour = 0;
  const at = (ofDay: number) => new Date(Date.UTC(2026, 10, 25, ofDay));
  const journal = new Journal(join(newFolder(), 'journal.jsonl'), () => at(hour));
  t.after(() => journal.close());
  const answers = { 'unseen-keys': 'none' };
  const isRuledOut = (begunAt: number, given: Answers = answers) =>
    hasRuledOutUnseenKeys({ journal }, given, at(begunAt));
  const answer = (step: string, answeredAt: number) => {
    hour = answeredAt;
    journal.append({ kind: 'answered', step, answers });
  };
  assert.equal(isRuledOut(0), false, 'nothing was answered');
  answer('import', 10);
  assert.equal(isRuledOut(0), false, 'another step was answered');
  answer('policy', 11);
  assert.deepEqual(
    [10, 11, 12].map((begunAt) => isRuledOut(begunAt)),
    [true, true, false],
  );
  assert.equal(isRuledOut(11, { 'unseen-keys': 'look' }), false);
  answer('policy', 12);
  assert.equal(isRuledOut(12), true);
});
