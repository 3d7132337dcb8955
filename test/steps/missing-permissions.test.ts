import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Settings } from '../../source/practice/control-settings.ts';
import { LastTest } from '../../source/steps/last-permission-test.ts';
import { policy } from '../../source/steps/policy.ts';
import { problemOf, type RunningCeremony, withSettings } from './ceremony.ts';

const allow = (more: object = {}) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...more });
const deny = (Action: string, more: object = {}) => ({ Effect: 'Deny', Action, Resource: '*', ...more });
const file = 'needed-permissions.json';

/** What the page with the key policy says. */
function pageOf(ceremony: RunningCeremony) {
  const [proceed, ...more] = ceremony.questionsOf('policy', {});
  assert.ok(proceed?.kind === 'choice' && typeof proceed.options !== 'function');
  return {
    help: proceed.help ?? '',
    values: proceed.options.map(({ value }) => value),
    more: more.map(({ id }) => id),
  };
}

/** The actions that a policy allows, in the order of their names. */
const allowedBy = (text: string): readonly string[] =>
  JSON.parse(text)
    .Statement.flatMap(({ Action }: { Action: string[] }) => Action)
    .toSorted();

const decisions: readonly (readonly [what: string, settings: Settings, says: RegExp, next: RegExp])[] = [
  [
    'a permissions boundary',
    { boundaries: { SecurityAdmin: { Statement: [allow(), deny('kms:CreateKey')] } } },
    /may not kms:CreateKey: your permissions boundary does not allow it\.$/,
    /^No policy outweighs a boundary: an administrator of IAM has to let kms:CreateKey through it\.$/,
  ],
  [
    'an explicit deny',
    { policies: { SecurityAdmin: [{ Statement: [allow(), deny('kms:CreateKey')] }] } },
    /may not kms:CreateKey: an IAM policy denies it\.$/,
    /^Nothing outweighs a denial: an administrator of IAM has to take kms:CreateKey out of that policy\.$/,
  ],
];
for (const [what, settings, says, next] of decisions)
  test(`where ${what} decides, no policy to attach is offered, and it is said who can help`, async (t) => {
    const { ceremony } = await withSettings(t, settings);
    await ceremony.upTo('permissions');
    const { help, values, more } = pageOf(ceremony);
    assert.match(help.replaceAll('\n', ' '), new RegExp(says.source.replace('$', '')));
    assert.deepEqual([values.includes('needed'), more], [false, ['despite-missing-permissions']]);
    const problem = await problemOf(ceremony.upTo('policy'));
    assert.match(problem.why ?? '', says);
    assert.match(problem.next[0] ?? '', next);
    assert.equal(ceremony.services.folder.has(file), false);
    assert.equal(ceremony.countOf('KMS.CreateKey'), 0);
  });

test('where several things decide, each action is named with what decided it', async (t) => {
  const { ceremony } = await withSettings(t, {
    boundaries: { SecurityAdmin: { Statement: [allow(), deny('kms:CreateAlias')] } },
    deny: { SecurityAdmin: ['kms:CreateKey'] },
  });
  const { why, next } = await problemOf(ceremony.upTo('policy'));
  assert.equal(
    why,
    "You are role SecurityAdmin. By IAM's test, you may not kms:CreateKey: no IAM policy of yours allows it; and not kms:CreateAlias: your permissions boundary does not allow it.",
  );
  assert.equal(next.length, 3);
  assert.deepEqual(allowedBy(readFileSync(ceremony.services.folder.file(file), 'utf8')), ['kms:CreateKey']);
});

test('each administrator is told only the actions that a denial or a boundary takes, and the policy has the others', async (t) => {
  const { ceremony } = await withSettings(t, {
    policies: { SecurityAdmin: [{ Statement: [allow(), deny('kms:TagResource')] }] },
    boundaries: { SecurityAdmin: { Statement: [allow(), deny('kms:CreateAlias')] } },
    deny: { SecurityAdmin: ['kms:CreateKey', 's3:CreateBucket'] },
  });
  const { next } = await problemOf(ceremony.upTo('policy'));
  assert.deepEqual(next, [
    `Have the policy in ${ceremony.services.folder.shown}/${file} attached, then try again.`,
    'Nothing outweighs a denial: an administrator of IAM has to take kms:TagResource out of that policy.',
    'No policy outweighs a boundary: an administrator of IAM has to let kms:CreateAlias through it.',
    'To try it all the same, tick that (policy.despite-missing-permissions: true in an answers file).',
  ]);
  const saved = readFileSync(ceremony.services.folder.file(file), 'utf8');
  assert.deepEqual(allowedBy(saved), ['kms:CreateKey', 's3:CreateBucket']);
  const [proceed] = ceremony.questionsOf('policy', {});
  assert.ok(proceed?.kind === 'choice' && typeof proceed.options !== 'function');
  const leads = proceed.options.find(({ value }) => value === 'needed')?.leads;
  assert.deepEqual(leads, {
    action: 'panel',
    panel: { title: 'What you lack, as an IAM policy', lines: saved.trimEnd().split('\n') },
  });
});

test('permissions that were added meanwhile are seen without a tick, and the key is made', async (t) => {
  const { ceremony, set } = await withSettings(t, { deny: { SecurityAdmin: ['kms:CreateKey', 'kms:CreateAlias'] } });
  await ceremony.upTo('permissions');
  const [, despite] = ceremony.questionsOf('policy', {});
  assert.ok(despite?.kind === 'confirm');
  assert.deepEqual([despite.default, despite.help?.split('\n').at(-1)], [false, 'Without a tick, Enter tests again.']);
  const allowed = () => allowedBy(readFileSync(ceremony.services.folder.file(file), 'utf8'));
  await problemOf(ceremony.upTo('policy'));
  assert.deepEqual(allowed(), ['kms:CreateAlias', 'kms:CreateKey']);
  set({ deny: { SecurityAdmin: ['kms:CreateAlias'] } });
  const { what, state, why } = await problemOf(ceremony.upTo('policy'));
  assert.deepEqual([what, state], ['The key is not made yet: permissions are missing.', 'Nothing was made in AWS.']);
  assert.match(why ?? '', /^You are role SecurityAdmin\. .*not kms:CreateAlias: no IAM policy/);
  assert.deepEqual(allowed(), ['kms:CreateAlias'], 'the file has what is missing now');
  set({});
  assert.ok((await ceremony.upTo('policy')).key !== undefined);
});

test('with "Try it all the same" the call itself decides: refused it makes nothing, allowed it makes the key', async (t) => {
  const { ceremony, set } = await withSettings(t, { deny: { SecurityAdmin: ['kms:CreateKey'] } });
  await ceremony.upTo('permissions');
  ceremony.answer('policy', { 'despite-missing-permissions': true });
  const { what, state } = await problemOf(ceremony.upTo('policy'));
  assert.deepEqual([what, state], ["Can't create the KMS key.", 'No key was made.']);
  const asked = ceremony.countOf('IAM.SimulatePrincipalPolicy');
  set({});
  assert.ok((await ceremony.upTo('policy')).key !== undefined);
  assert.equal(ceremony.countOf('IAM.SimulatePrincipalPolicy'), asked);
  assert.equal(ceremony.services.folder.has(file), false);
});

test('a denial by the organization stops nothing: what its conditions are about is not known, and that is said', async (t) => {
  const outside = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-practice' } };
  const { ceremony } = await withSettings(t, {
    organization: [{ Statement: [allow(), deny('kms:*', { Condition: outside })] }],
    requestContext: { 'aws:PrincipalOrgID': 'o-practice' },
  });
  const { people } = await ceremony.upTo('permissions');
  assert.deepEqual(people?.test?.tested === true ? people.test.missing : people?.test?.why, []);
  const { help, values, more } = pageOf(ceremony);
  assert.match(
    help,
    /^Your organization may deny kms:CreateKey, kms:TagResource, kms:CreateAlias and \d more\. IAM's test cannot tell: it does not know all conditions of a service control policy\.$/m,
  );
  assert.deepEqual([values.includes('needed'), more], [false, []]);
  assert.ok((await ceremony.upTo('policy')).key !== undefined);
});

for (const simulationMissingKeys of ['decision', 'resources'] as const)
  test(`condition keys that IAM misses, listed with the ${simulationMissingKeys}, are named, and stop nothing`, async (t) => {
    const withMfa = allow({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } });
    const { ceremony } = await withSettings(t, {
      policies: { SecurityAdmin: [{ Statement: [withMfa] }] },
      requestContext: { 'aws:MultiFactorAuthPresent': 'true' },
      simulationMissingKeys,
      simulationPage: 2,
    });
    await ceremony.upTo('permissions');
    assert.match(
      pageOf(ceremony).help,
      /^Whether you may kms:CreateKey, .* and \d+ more is not known: a policy asks for aws:MultiFactorAuthPresent\.$/m,
    );
    assert.ok((await ceremony.upTo('policy')).key !== undefined);
  });

test('a bucket that is not chosen yet is named as the one that was asked about, and stops nothing', async (t) => {
  const { ceremony } = await withSettings(t, { deny: { SecurityAdmin: ['s3:CreateBucket'] } });
  await ceremony.upTo('permissions');
  const { help, values, more } = pageOf(ceremony);
  assert.match(
    help,
    /^For the bucket s3:\/\/keyferry-my-first-key-\*, you may not s3:CreateBucket\. The upload at the end needs it; another bucket may differ\.$/m,
  );
  assert.deepEqual([values.includes('needed'), more], [true, []]);
});

test('an answer of IAM that comes in pages is read to its end', async (t) => {
  const { ceremony } = await withSettings(t, {
    deny: { SecurityAdmin: ['kms:TagResource', 's3:ListBucket'] },
    simulationPage: 1,
  });
  const { people } = await ceremony.upTo('permissions');
  assert.deepEqual(
    people?.test?.tested === true ? people.test.missing.map(({ action, by }) => [action, by]) : undefined,
    [
      ['kms:TagResource', 'no policy'],
      ['s3:ListBucket', 'no policy'],
    ],
  );
});

test('where IAM may not be asked it is said, and nothing stops', async (t) => {
  const { ceremony } = await withSettings(t, { deny: { SecurityAdmin: ['iam:Simulate*'] } });
  await ceremony.upTo('permissions');
  const { help, more } = pageOf(ceremony);
  assert.match(help, /Your permissions were not tested\. Your credentials may not call iam:SimulatePrincipalPolicy\./);
  assert.deepEqual(more, []);
  assert.ok((await ceremony.upTo('policy')).key !== undefined);
});

test('a test of an earlier version, which did not record what decided, still offers the policy', async (t) => {
  const { ceremony } = await withSettings(t, {});
  const { people, ...facts } = await ceremony.upTo('permissions');
  assert.ok(people !== undefined);
  const missing = [{ action: 'kms:CreateKey', on: 'account' }] as const;
  const earlier = { ...facts, people: { ...people, test: { tested: true, missing } as const } };
  const [proceed, despite] = policy.questions({ facts: earlier, answers: {}, services: ceremony.services });
  assert.match(proceed?.help ?? '', /may not kms:CreateKey: no IAM policy of yours allows it/);
  assert.ok(proceed?.kind === 'choice' && typeof proceed.options !== 'function');
  assert.ok(proceed.options.some(({ value }) => value === 'needed'));
  assert.equal(despite?.id, 'despite-missing-permissions');
});

test('a test of permissions is recalled for the same questions alone', () => {
  const last = new LastTest();
  const result = { tested: true, missing: [] } as const;
  assert.equal(last.recall('one'), undefined);
  assert.equal(last.keep('one', result), result);
  assert.equal(last.recall('one'), result);
  assert.equal(last.recall('two'), undefined);
});
