import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPolicy } from '../../source/aws/policy-statements.ts';
import {
  askedBucket,
  callerInPolicy,
  isPerhapsUser,
  lackedActions,
  lackedByKeyPolicy,
  lackedJson,
  testCallerOnKey,
} from '../../source/steps/caller-on-key.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { answeringKms, refusal, simulatingIam } from '../aws/answering-clients.ts';
import { connectionOf, foreignKey, keyOf } from '../known-facts.ts';
import { withClients } from '../offline-services.ts';
import { policyOf } from './existing-ceremony.ts';

const you = 'arn:aws:iam::000000000000:user/alice';
const bob = 'arn:aws:iam::000000000000:user/bob';
const root = 'arn:aws:iam::000000000000:root';
type Existing = NonNullable<Facts['existing']>;
type Missing = Extract<Existing['test'], { readonly tested: true }>['missing'];

const missing = (...rows: readonly (readonly [action: string, by?: Missing[number]['by']])[]): Existing['test'] => ({
  tested: true,
  missing: rows.map(([action, by]) => ({
    action,
    on: 'key',
    ...(by === undefined ? {} : { by }),
  })) as Missing,
});

/** An import into a key with this policy: null where the caller may not read it. */
const factsOf = (policy: string | null, more: Partial<Existing> = {}): Facts => ({
  connection: connectionOf(you),
  key: keyOf('one'),
  existing: { ...foreignKey, policy, test: missing(), ...more },
});

const all = policyOf([root, 'kms:*']);
const refusedUses = ['kms:Decrypt', 'kms:GenerateDataKey'];

test('the caller may be a user of a key unless its policy names others alone, or denies it', () => {
  for (const [policy, isUser] of [
    [null, true],
    ['no policy', true],
    [all, true],
    [policyOf([you, ['kms:Decrypt']]), true],
    [policyOf([bob, 'kms:*']), false],
    [policyOf([you, 'kms:ImportKeyMaterial']), false],
  ] as const)
    assert.equal(isPerhapsUser(factsOf(policy)), isUser, policy ?? 'null');
});

test('what the key policy denies the caller, no other statement of it gives', () => {
  const denying = (Action: string) => {
    const { Statement, ...policy } = JSON.parse(all);
    const denial = { Effect: 'Deny', Principal: { AWS: you }, Action, Resource: '*' };
    return JSON.stringify({ ...policy, Statement: [...Statement, denial] });
  };
  assert.equal(isPerhapsUser(factsOf(denying('kms:Decrypt'))), false);
  assert.equal(isPerhapsUser(factsOf(denying('kms:ImportKeyMaterial'))), true);
  const test = missing(['kms:ImportKeyMaterial'], ['kms:DescribeKey']);
  const denied = factsOf(denying('kms:ImportKeyMaterial'), { test });
  assert.deepEqual(lackedByKeyPolicy(denied), ['kms:ImportKeyMaterial']);
  assert.doesNotMatch(lackedJson(denied) ?? '', /kms:ImportKeyMaterial/);
});

test('IAM and KMS are asked about the import, and about the use of the key only where the caller may be a user of it', async (t) => {
  const asked = async (policy: string | undefined) => {
    const { iam, asked: actions, principals } = simulatingIam();
    const kms = answeringKms((input, command) => {
      assert.equal((input as { DryRun?: boolean }).DryRun, true);
      throw refusal(command === 'Decrypt' ? 'AccessDeniedException' : 'DryRunOperationException', 400);
    });
    const { existing: _, ...facts } = factsOf(null);
    const { test: result, refusedUses: refused } = await testCallerOnKey(
      facts,
      withClients(t, { iam, kms }),
      policy,
      new AbortController().signal,
    );
    assert.deepEqual([result, refused], [{ tested: true, missing: [] }, ['kms:Decrypt']]);
    assert.deepEqual([...principals], [you]);
    return actions;
  };
  const uses = ['kms:Decrypt', 'kms:GenerateDataKey', 's3:PutObject'];
  const usesIn = (actions: readonly string[]) => uses.filter((action) => actions.includes(action));
  for (const policy of [undefined, all]) {
    const actions = await asked(policy);
    assert.deepEqual(usesIn(actions), uses);
    assert.ok(actions.includes('kms:ImportKeyMaterial') && !actions.includes('kms:CreateKey'));
  }
  const toImport = ['kms:DescribeKey', 'kms:GetParametersForImport', 'kms:ImportKeyMaterial'];
  const importer = await asked(policyOf([you, toImport], [bob, 'kms:*']));
  assert.deepEqual(usesIn(importer), []);
  assert.ok(importer.includes('kms:ImportKeyMaterial'));
});

test('what the caller lacks is what IAM found missing of KMS, and for a user of the key also what KMS refused', () => {
  const test = missing(['kms:ImportKeyMaterial'], ['s3:PutObject'], ['kms:Decrypt']);
  assert.deepEqual(lackedActions(factsOf(all, { test, refusedUses })), [
    'kms:ImportKeyMaterial',
    'kms:Decrypt',
    'kms:GenerateDataKey',
  ]);
  const notUser = policyOf([bob, 'kms:*']);
  assert.deepEqual(lackedActions(factsOf(notUser, { test: missing(['kms:ImportKeyMaterial']), refusedUses })), [
    'kms:ImportKeyMaterial',
  ]);
  assert.deepEqual(lackedActions(factsOf(all, { test: { tested: false, why: 'x' }, refusedUses })), refusedUses);
});

test('no IAM policy helps where the key policy denies the action or does not name the caller', () => {
  const test = missing(['kms:ImportKeyMaterial'], ['kms:Decrypt']);
  const lacked = (policy: string | null) => lackedByKeyPolicy(factsOf(policy, { test }));
  assert.deepEqual(lacked(null), []);
  assert.deepEqual(lacked('no policy'), []);
  assert.deepEqual(lacked(all), []);
  assert.deepEqual(lacked(policyOf([bob, 'kms:*'])), ['kms:ImportKeyMaterial', 'kms:Decrypt']);
  assert.deepEqual(lacked(policyOf([root, 'kms:Decrypt'])), ['kms:ImportKeyMaterial']);
});

test('the policy that would help allows what is lacked, limited to this key and bucket, and nothing that it cannot', () => {
  const actionsIn = (facts: Facts) => {
    const text = lackedJson(facts);
    if (text === undefined) return undefined;
    const { Statement } = JSON.parse(text) as { Statement: readonly { Action: readonly string[] }[] };
    return Statement.flatMap(({ Action }) => Action).toSorted();
  };
  const test = missing(['kms:ImportKeyMaterial'], ['s3:PutObject']);
  assert.deepEqual(actionsIn(factsOf(all, { test })), ['kms:ImportKeyMaterial', 's3:PutObject']);
  assert.deepEqual(actionsIn(factsOf(all, { refusedUses })), refusedUses);
  assert.equal(actionsIn(factsOf(all)), undefined);
  for (const by of ['explicit deny', 'boundary', 'key policy'] as const)
    assert.deepEqual(actionsIn(factsOf(all, { test: missing(['kms:ImportKeyMaterial', by], ['s3:PutObject']) })), [
      's3:PutObject',
    ]);
  assert.deepEqual(actionsIn(factsOf(policyOf([root, 'kms:Decrypt']), { test })), ['s3:PutObject']);
  assert.equal(actionsIn(factsOf(policyOf([bob, 'kms:*']), { test: missing(['kms:ImportKeyMaterial']) })), undefined);
  const facts = factsOf(all, { test });
  const text = lackedJson(facts) ?? '';
  for (const part of [facts.key?.keyArn ?? '', `arn:aws:s3:::${askedBucket(facts)}/*`])
    assert.ok(text.includes(part), part);
  assert.ok(text.endsWith('}\n'));
});

test('a role of which IAM did not confirm the ARN is the one of its name in the key policy', () => {
  const session = 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you';
  const role = 'arn:aws:iam::000000000000:role/admins/SecurityAdmin';
  const connection = {
    ...connectionOf(session),
    principalArn: 'arn:aws:iam::000000000000:role/SecurityAdmin',
    unconfirmed: { is: 'unknown', why: 'x' },
  } as const;
  const facts = { ...factsOf(null), connection };
  assert.equal(callerInPolicy(facts, undefined), connection.principalArn);
  assert.equal(callerInPolicy(facts, readPolicy(policyOf([role, 'kms:*']))), role);
  assert.equal(isPerhapsUser({ ...factsOf(policyOf([role, 'kms:*'])), connection }), true);
});
