import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { IAMClient } from '@aws-sdk/client-iam';
import { CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { buildKeyPolicy } from '../../source/aws/key-policy.ts';
import { neededForImport, neededPolicy } from '../../source/aws/needed-policy.ts';
import { refusedUses, testPermissions } from '../../source/aws/permission-check.ts';
import { identityNamed } from '../../source/practice/identities.ts';
import { serve } from '../loopback-server.ts';
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
  ])
    assert.ok((await missing(result)).includes('kms:ImportKeyMaterial'), JSON.stringify(result));
  assert.deepEqual(
    await missing({ EvalDecision: 'explicitDeny', MissingContextValues: ['aws:MultiFactorAuthPresent'] }),
    [],
  );
});

test("KMS's dry run tells who may use a key, before and after it has material, and makes nothing", async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const uploader = 'arn:aws:iam::000000000000:role/app-uploader';
  const as = (name: string) => practice.kms('us-east-1', practice.server.credentialsOf(name));
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
  assert.equal(identityNamed('SecurityAdmin').principal.arn, admin);
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

/** A client of IAM whose requests are never answered. */
async function silentIam(t: TestContext): Promise<IAMClient> {
  const server = createServer(() => {});
  const { endpoint } = await serve(t, server);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return new IAMClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
}

test('a test that gets no answer ends when the person stops, and by itself after a while', async (t) => {
  const asked = { ...place, principalArn: admin, policy: policyFor([admin], [admin]) };
  const iam = await silentIam(t);
  const person = new Error('stopped by the person');
  const stop = new AbortController();
  const stopped = testPermissions(iam, asked, { signal: stop.signal, timeoutMs: 600_000 });
  stop.abort(person);
  await assert.rejects(stopped, person);
  const { signal } = new AbortController();
  for (const given of [{ timeoutMs: 50 }, { signal, timeoutMs: 50 }])
    assert.equal((await testPermissions(iam, asked, given)).tested, false);
});

test('IAM is asked about what the requests will carry, on names that no policy can have meant', async () => {
  const asked = { ...place, principalArn: admin, policy: policyFor([admin], [admin]) };
  const inputs: Record<string, unknown>[] = [];
  const send = async ({ input }: { input: Record<string, unknown> }) => {
    inputs.push(input);
    return { EvaluationResults: [] };
  };
  assert.deepEqual(await testPermissions({ send } as unknown as IAMClient, asked), { tested: true, missing: [] });
  assert.deepEqual(inputs.map(({ ResourceArns }) => String(ResourceArns)).sort(), [
    '*',
    'arn:aws:kms:us-east-1:000000000000:alias/a',
    'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000',
    'arn:aws:s3:::keyferry-a-0',
    'arn:aws:s3:::keyferry-a-0/0',
  ]);
  for (const { PolicySourceArn, ContextEntries } of inputs) {
    assert.equal(PolicySourceArn, admin);
    const entries = ContextEntries as readonly { ContextKeyName: string; ContextKeyValues: readonly string[] }[];
    const values = Object.fromEntries(entries.map((entry) => [entry.ContextKeyName, entry.ContextKeyValues[0]]));
    assert.equal(values['kms:KeyOrigin'], 'EXTERNAL');
    assert.equal(values['aws:RequestedRegion'], 'us-east-1');
    assert.equal(values['kms:CallerAccount'], '000000000000');
    assert.equal(values['kms:BypassPolicyLockoutSafetyCheck'], 'false');
  }
});

test('whatever IAM answers, a permission is only missing where IAM named it', async () => {
  const asked = { ...place, principalArn: admin, policy: policyFor([], []) };
  for (const [name, why] of [
    ['AccessDenied', /may not call iam:SimulatePrincipalPolicy/],
    ['NoSuchEntityException', /does not know role SecurityAdmin/],
    ['ServiceFailureException', /^IAM answered ServiceFailureException\.$/],
    ['Unknown', /^IAM answered with status 500\.$/],
  ] as const) {
    let calls = 0;
    const send = async () => {
      calls += 1;
      throw Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: 500 } });
    };
    const result = await testPermissions({ send } as unknown as IAMClient, asked);
    assert.match(result.tested ? '' : result.why, why);
    assert.equal(calls, 1, 'an IAM that does not help is asked once');
  }
  const user = { ...asked, principalArn: 'arn:aws:iam::000000000000:user/joanna' };
  assert.equal((await testPermissions(answering({ EvalDecision: 'allowed' }), user)).tested, true);
});

test('a dry run says that it is one, and what is not a refusal is none', async () => {
  const inputs: Record<string, unknown>[] = [];
  const kms = (name: string) =>
    ({
      send: async ({ input }: { input: Record<string, unknown> }) => {
        inputs.push(input);
        throw Object.assign(new Error('no'), { name });
      },
    }) as unknown as KMSClient;
  const { signal } = new AbortController();
  assert.deepEqual(await refusedUses(kms('DryRunOperationException'), 'arn', signal), []);
  assert.deepEqual(await refusedUses(kms('KMSInvalidStateException'), 'arn', signal), []);
  assert.deepEqual(await refusedUses(kms('AccessDeniedException'), 'arn', signal), [
    'kms:GenerateDataKey',
    'kms:Decrypt',
  ]);
  assert.equal(inputs.length, 6);
  for (const { DryRun, KeyId } of inputs) assert.deepEqual([DryRun, KeyId], [true, 'arn']);
});

test('a dry run that the person stops has no answer', async () => {
  const person = new Error('stopped by the person');
  const stop = new AbortController();
  const send = async () => {
    stop.abort(person);
    throw Object.assign(new Error('aborted'), { name: 'AbortError' });
  };
  await assert.rejects(refusedUses({ send } as unknown as KMSClient, 'arn', stop.signal), person);
});

test('the least policy is one statement for each resource and condition, with no action twice', () => {
  const { Statement } = neededPolicy(place);
  const keys = Statement.map(({ Resource, Condition }) => JSON.stringify([Resource, Condition]));
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual(
    Statement.map(({ Sid }) => Sid),
    Statement.map((_, index) => `Keyferry${index + 1}`),
  );
  const actionsOn = (end: string) =>
    Statement.filter(({ Resource }) => Resource.endsWith(end)).flatMap((one) => one.Action);
  assert.deepEqual(
    actionsOn('/*').filter((action) => action.startsWith('s3:')),
    ['s3:PutObject', 's3:GetObject'],
  );
  assert.deepEqual(
    neededPolicy(place, [
      { action: 'kms:Decrypt', on: 'key' },
      { action: 'kms:Decrypt', on: 'key' },
      { action: 'kms:DescribeKey', on: 'key' },
      { action: 's3:ListBucket', on: 'bucket' },
    ]).Statement,
    [
      {
        Sid: 'Keyferry1',
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:DescribeKey'],
        Resource: 'arn:aws:kms:us-east-1:000000000000:key/*',
        Condition: { StringEquals: { 'kms:KeyOrigin': 'EXTERNAL' } },
      },
      { Sid: 'Keyferry2', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: 'arn:aws:s3:::keyferry-a-*' },
    ],
  );
});
