import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { IAMClient } from '@aws-sdk/client-iam';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { buildKeyPolicy } from '../../source/aws/key-policy.ts';
import { neededForImport, neededPolicy } from '../../source/aws/needed-policy.ts';
import { refusedUses, testPermissions } from '../../source/aws/preflight.ts';
import { identityNamed, practiceIdentities } from '../../source/practice/identities.ts';
import { enabledKey, must, practise } from '../practice/practising.ts';

const place = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '000000000000',
  alias: 'alias/a',
  bucket: 'keyferry-a-*',
};
const admin = 'arn:aws:iam::000000000000:role/SecurityAdmin';

function policyFor(administrators: readonly string[], users: readonly string[]) {
  return buildKeyPolicy({ ...place, administrators, users, administratorsMayDelete: false });
}

/** What IAM of practice AWS says of SecurityAdmin, with these actions denied. */
async function tested(t: TestContext, deny: readonly string[], { principalArn = admin, users = [admin] } = {}) {
  const { server } = await practise(t, { settings: { deny: { SecurityAdmin: [...deny] } } });
  const iam = new IAMClient({
    region: 'us-east-1',
    endpoint: server.endpoint,
    credentials: server.credentials,
    maxAttempts: 1,
  });
  const result = await testPermissions(iam, { ...place, principalArn, policy: policyFor([admin], users) });
  return result.tested ? result.missing.map(({ action }) => action) : result.why;
}

test('nothing is missing for whoever may do everything', async (t) => {
  assert.deepEqual(await tested(t, []), []);
});

test('what only IAM can give is missing when it does not', async (t) => {
  const missing = await tested(t, ['kms:CreateKey', 'kms:CreateAlias', 's3:Put*']);
  assert.deepEqual(missing, ['kms:CreateKey', 'kms:CreateAlias', 's3:PutObject']);
});

test('what the key policy gives is not missing, and what it does not give is', async (t) => {
  const actions = ['kms:ImportKeyMaterial', 'kms:GetParametersForImport', 'kms:GenerateDataKey', 'kms:Decrypt'];
  assert.deepEqual(await tested(t, actions), []);
  assert.deepEqual(await tested(t, actions, { users: [] }), ['kms:GenerateDataKey', 'kms:Decrypt']);
});

test('the tag that CreateKey sets is for IAM alone: there is no key policy yet', async (t) => {
  assert.deepEqual(await tested(t, ['kms:TagResource']), ['kms:TagResource']);
});

for (const [name, deny, principalArn, why] of [
  ['may not simulate', ['iam:Simulate*'], admin, /may not call iam:SimulatePrincipalPolicy/],
  [
    'is not known under its path',
    [],
    'arn:aws:iam::000000000000:role/elsewhere/SecurityAdmin',
    /does not know role SecurityAdmin/,
  ],
  ['is the account root', [], 'arn:aws:iam::000000000000:root', /account root/],
  ['is a federated session', [], 'arn:aws:sts::000000000000:federated-user/x', /cannot simulate/],
] as const) {
  test(`nothing is guessed of a caller who ${name}`, async (t) => {
    assert.match(String(await tested(t, deny, { principalArn })), why);
  });
}

test('IAM that cannot be reached is no reason to stop', async () => {
  const iam = new IAMClient({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:9',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  const result = await testPermissions(iam, { ...place, principalArn: admin, policy: policyFor([admin], [admin]) });
  assert.equal(result.tested, false);
  assert.match(result.tested ? '' : result.why, /IAM cannot be reached: nothing listens there/);
});

/** IAM's answers that practice AWS cannot give: boundaries, organizations, conditions. IAM API reference, EvaluationResult. */
function answering(result: object): IAMClient {
  const send = async (command: { input: { ActionNames?: string[] } }) => ({
    EvaluationResults: command.input.ActionNames?.map((EvalActionName) => ({
      EvalActionName,
      EvalDecision: 'implicitDeny',
      ...result,
    })),
  });
  return { send } as unknown as IAMClient;
}

test('a deny, a boundary or an organization outweighs the key policy; a condition that IAM cannot know is left open', async () => {
  const asked = { ...place, principalArn: admin, policy: policyFor([admin], [admin]) };
  const missing = async (result: object) => {
    const test = await testPermissions(answering(result), asked);
    return test.tested ? test.missing.map(({ action }) => action) : [];
  };
  assert.ok(!(await missing({})).includes('kms:ImportKeyMaterial'));
  assert.ok((await missing({})).includes('kms:CreateKey'));
  for (const result of [
    { EvalDecision: 'explicitDeny' },
    { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
    { OrganizationsDecisionDetail: { AllowedByOrganizations: false } },
  ]) {
    assert.ok((await missing(result)).includes('kms:ImportKeyMaterial'), JSON.stringify(result));
  }
  assert.deepEqual(
    await missing({ EvalDecision: 'explicitDeny', MissingContextValues: ['aws:MultiFactorAuthPresent'] }),
    [],
  );
});

test("KMS's dry run tells who may use a key, before and after it has material, and makes nothing", async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const uploader = 'arn:aws:iam::000000000000:role/app-uploader';
  const as = (name: string) => practice.kms('us-east-1', identityNamed(name).credentials);
  const { signal } = new AbortController();
  const Policy = JSON.stringify(policyFor([admin], [uploader]));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL', Policy }));
  const pending = must(KeyMetadata?.Arn);
  const both = ['kms:GenerateDataKey', 'kms:Decrypt'];
  assert.deepEqual(await refusedUses(as('app-uploader'), pending, signal), []);
  assert.deepEqual(await refusedUses(as('Auditor'), pending, signal), both);
  const { arn } = await enabledKey(kms);
  assert.deepEqual(await refusedUses(kms, arn, signal), []);
  assert.deepEqual(await refusedUses(as('Auditor'), arn, signal), both);
  assert.equal(practiceIdentities.securityAdmin.principal.arn, admin);
});

test('the least policy has a statement for everything and the conditions that narrow it', () => {
  const { Statement } = neededPolicy(place);
  for (const { action } of neededForImport)
    assert.ok(
      Statement.some(({ Action }) => Action.includes(action)),
      action,
    );
  const conditions = JSON.stringify(Statement.map(({ Condition }) => Condition));
  for (const key of ['kms:KeyOrigin', 'kms:WrappingAlgorithm', 'kms:WrappingKeySpec', 'kms:ExpirationModel'])
    assert.match(conditions, new RegExp(key));
  const resources = Statement.map(({ Resource }) => Resource);
  assert.ok(resources.includes('arn:aws:kms:us-east-1:000000000000:alias/a'));
  assert.deepEqual(
    Statement.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action),
    [['kms:CreateKey']],
  );
  assert.ok(Statement.every(({ Action }) => Action.every((action) => !action.includes('*'))));
  assert.match(JSON.stringify(neededPolicy({ ...place, partition: 'aws-cn' })), /arn:aws-cn:s3/);
  assert.doesNotMatch(JSON.stringify(neededPolicy({ ...place, partition: 'aws-cn' })), /arn:aws:/);
});
