import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildKeyPolicy } from '../../source/aws/key-policy.ts';
import { principalOptions } from '../../source/steps/people-of-account.ts';
import { kindQuestion, leftOutWords } from '../../source/steps/policy-kind.ts';
import { readRefusedUses } from '../../source/steps/refused-uses.ts';
import { connectionOf } from '../known-facts.ts';
import { makeConnected } from '../services.ts';

/* The account root as the caller: it is no user or role that a person chooses, and IAM limits it nowhere. */

const root = connectionOf('arn:aws:iam::000000000000:root');
const admin = connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin');
const other = 'arn:aws:iam::000000000000:user/alice';

test('who leaves themselves out is warned, and the account root is not', () => {
  for (const [policy, says] of [
    ['console', /^You are not among the administrators: unless IAM lets you/],
    ['strict', /^You are not among the custodians: .* IAM cannot let you/],
  ] as const) {
    assert.match(leftOutWords({ administrators: [other], policy }, admin), says);
    assert.equal(leftOutWords({ administrators: [other], policy }, root), '');
    assert.equal(leftOutWords({ administrators: [admin.principalArn], policy }, admin), '');
    assert.equal(leftOutWords({ policy }, admin), '');
    assert.equal(
      leftOutWords({ administrators: [other], policy }, { ...admin, callerArn: '' }),
      '',
      'nobody is known yet',
    );
  }
  const strict = (connection: typeof root) => kindQuestion(connection).options;
  assert.match(JSON.stringify(strict(root)), /it gives the account root no import/);
  assert.doesNotMatch(JSON.stringify(strict(admin)), /disabled/);
});

test('the account root is not asked about in a dry run, and is no row among the people', async (t) => {
  const { services } = await makeConnected(t);
  const policy = buildKeyPolicy({
    accountId: '000000000000',
    partition: 'aws',
    administrators: [other],
    administratorsMayDelete: false,
    users: [other],
  });
  const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const asked = async (connection: typeof root) => {
    const told: string[] = [];
    const report = ({ label }: { readonly label: string }) => void told.push(label);
    const context = { facts: { connection }, services, report, signal: new AbortController().signal };
    await readRefusedUses(context, { keyArn, policy });
    return told.length > 0;
  };
  assert.equal(await asked(root), false);
  assert.equal(await asked(connectionOf(other)), false, 'the policy names this user');
  assert.equal(await asked(admin), true);
  const rows = async (connection: typeof root) => {
    const all = [];
    for await (const page of principalOptions(services, connection)) all.push(...page);
    return all;
  };
  const asRole = await rows(admin);
  assert.deepEqual([asRole[0]?.value, asRole[0]?.hint], [admin.principalArn, 'you are in it']);
  assert.equal(asRole.filter(({ value }) => value === admin.principalArn).length, 1, 'each is there once');
  assert.equal((await rows(root)).length, asRole.length);
  assert.doesNotMatch(JSON.stringify(await rows(root)), /you are in it|:root/);
});
