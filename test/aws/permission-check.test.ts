import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type EvaluationResult, IAMClient, type SimulatePrincipalPolicyCommandInput } from '@aws-sdk/client-iam';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { buildKeyPolicy } from '../../source/aws/key-policy.ts';
import { findRefusedUses, testPermissions } from '../../source/aws/permission-check.ts';
import { decidedBy } from '../../source/aws/permission-judgement.ts';
import { identityNamed } from '../../source/practice/identities.ts';
import { serve } from '../loopback-server.ts';
import { enabledKey, must, practise, tryOnce } from '../practice/practising.ts';
import { answeringIam, answeringKms, refusal } from './answering-clients.ts';
import { anybody } from './clients-at.ts';

const place = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '000000000000',
  alias: 'alias/a',
  bucket: 'keyferry-a-*',
};
const admin = 'arn:aws:iam::000000000000:role/SecurityAdmin';

const wholePolicyFor = (administrators: readonly string[], users: readonly string[]) =>
  buildKeyPolicy({ ...place, administrators, users, administratorsMayDelete: false });
const policyFor = (...people: Parameters<typeof wholePolicyFor>) => wholePolicyFor(...people).Statement;

/** What IAM of practice AWS says of SecurityAdmin, with these actions denied. */
async function tested(t: TestContext, deny: readonly string[], { principalArn = admin, users = [admin] } = {}) {
  const { server } = await practise(t, { settings: { deny: { SecurityAdmin: [...deny] } } });
  const iam = new IAMClient(tryOnce(server));
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
  const iam = new IAMClient(tryOnce({ endpoint: 'http://127.0.0.1:9', credentials: anybody }));
  const result = await testPermissions(iam, { ...place, principalArn: admin, policy: policyFor([admin], [admin]) });
  assert.equal(result.tested, false);
  assert.match(result.tested ? '' : result.why, /IAM cannot be reached: nothing listens there/);
});

/**
 * A client of IAM that gives the same answer for every action, and what it was asked about. IAM API reference,
 * EvaluationResult.
 */
function notingIam(result: Partial<EvaluationResult>) {
  const asked: (readonly [resource: string, actions: string])[] = [];
  const iam = answeringIam((input) => {
    assert.ok('ActionNames' in input && 'ResourceArns' in input);
    asked.push([String(input.ResourceArns), String(input.ActionNames)]);
    const results = input.ActionNames?.map(
      (EvalActionName): EvaluationResult => ({ EvalActionName, EvalDecision: 'implicitDeny', ...result }),
    );
    return { EvaluationResults: results };
  });
  return { iam, asked };
}

const answering = (result: Partial<EvaluationResult>) => notingIam(result).iam;

const ofRole = { ...place, principalArn: admin, policy: policyFor([admin], [admin]) };
const user = 'arn:aws:iam::000000000000:user/grace';
const ofUser = { ...place, principalArn: user, policy: policyFor([user], [user]) };

/** What IAM's test says of one action. */
async function judged(iam: IAMClient, action: string, asked: typeof ofRole = ofRole) {
  const test = await testPermissions(iam, asked);
  assert.ok(test.tested);
  const missing = test.missing.find((each) => each.action === action && each.on !== 'alias');
  const unknown = test.unknown?.find((each) => each.action === action && each.on !== 'alias');
  assert.ok(missing === undefined || unknown === undefined);
  if (unknown !== undefined) return unknown.why === 'condition' ? unknown.keys : unknown.why;
  return missing === undefined ? 'allowed' : missing.by;
}

const implicit = { EvalDecision: 'implicitDeny' } as const;
const explicit = { EvalDecision: 'explicitDeny' } as const;
const boundary = { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } };
const organization = { OrganizationsDecisionDetail: { AllowedByOrganizations: false } };
const keys = (...names: string[]) => ({ MissingContextValues: names });
const specific = (more: object) => ({
  ResourceSpecificResults: [{ EvalResourceName: '*', EvalResourceDecision: undefined, ...more }],
});

for (const [what, result, ofImport, ofCreateKey] of [
  ['silence of every policy', implicit, 'allowed', 'no policy'],
  ['a denial', explicit, 'explicit deny', 'explicit deny'],
  ['a boundary', { ...implicit, ...boundary }, 'boundary', 'boundary'],
  ['a boundary beside the resource', { ...implicit, ...specific(boundary) }, 'boundary', 'boundary'],
  ['a denial by the organization', { ...explicit, ...organization }, 'organization', 'organization'],
  ['an organization that allows nothing', { ...implicit, ...organization }, 'organization', 'organization'],
  ['missing keys beside the decision', { ...explicit, ...keys('aws:S') }, ['aws:S']],
  ['missing keys beside the resource', { ...explicit, ...specific(keys('aws:S')) }, ['aws:S']],
  ['missing keys of an allowed action', { EvalDecision: 'allowed', ...keys('aws:S') }, ['aws:S']],
  ['a decision that is new', { EvalDecision: 'perhaps' as never }, 'no answer', 'no answer'],
] as const)
  test(`IAM's answer is read with what decided it: ${what}`, async () => {
    assert.deepEqual(await judged(answering(result), 'kms:ImportKeyMaterial'), ofImport);
    assert.deepEqual(await judged(answering(result), 'kms:CreateKey'), ofCreateKey ?? ofImport);
  });

test('a boundary that is silent limits a role that the key policy names, and not a user', async () => {
  const silent = answering({ ...implicit, ...boundary });
  assert.equal(await judged(silent, 'kms:ImportKeyMaterial', ofUser), 'allowed');
  assert.equal(await judged(silent, 'kms:CreateKey', ofUser), 'boundary');
  assert.equal(await judged(answering({ ...explicit, ...boundary }), 'kms:ImportKeyMaterial', ofUser), 'boundary');
});

test('only the account of the key leaves the decision to IAM, by its ARN or by its number', async () => {
  for (const [importer, word] of [
    ['arn:aws:iam::444455556666:root', 'key policy'],
    ['444455556666', 'key policy'],
    ['arn:aws:iam::000000000000:root', 'allowed'],
    ['000000000000', 'allowed'],
  ] as const) {
    const people = { administrators: [], importers: [importer], users: [], administratorsMayDelete: false };
    const policy = buildKeyPolicy({ ...place, policyKind: 'strict', ...people }).Statement;
    const decided = await judged(answering({ EvalDecision: 'allowed' }), 'kms:ImportKeyMaterial', {
      ...ofRole,
      policy,
    });
    assert.equal(decided, word, importer);
  }
});

test('what depends on a later choice is not surely missing', async (t) => {
  const mustExpire = { StringNotEquals: { 'kms:ExpirationModel': 'KEY_MATERIAL_EXPIRES' } };
  const all = { Effect: 'Allow', Action: '*', Resource: '*' };
  const deny = { Effect: 'Deny', Action: 'kms:ImportKeyMaterial', Resource: '*', Condition: mustExpire };
  const { server } = await practise(t, {
    settings: { policies: { SecurityAdmin: [{ Statement: [all, deny] }] }, deny: { SecurityAdmin: ['kms:CreateKey'] } },
  });
  const iam = new IAMClient(tryOnce(server));
  assert.deepEqual(await judged(iam, 'kms:ImportKeyMaterial'), ['kms:ExpirationModel']);
  assert.deepEqual(await judged(iam, 'kms:CreateKey'), 'no policy');
  assert.deepEqual(await judged(iam, 'kms:GetParametersForImport'), 'allowed');
});

test('every page of the answer is read, and a marker that comes twice ends the reading', async () => {
  const markers: (string | undefined)[] = [];
  const iam = answeringIam((input) => {
    assert.ok('ActionNames' in input && 'ResourceArns' in input);
    const page = Number(input.Marker ?? 0);
    if (input.ResourceArns?.[0]?.includes(':alias/')) markers.push(input.Marker);
    const results = (input.ActionNames ?? []).map(
      (EvalActionName): EvaluationResult => ({ EvalActionName, EvalDecision: 'explicitDeny' }),
    );
    return {
      EvaluationResults: page === 2 ? results : [],
      IsTruncated: true,
      Marker: page < 2 ? String(page + 1) : '2',
    };
  });
  assert.equal(await judged(iam, 'kms:CreateKey'), 'explicit deny');
  assert.deepEqual(markers, [undefined, '1', '2']);
});

test("KMS's dry run tells who may use a key, before and after it has material, and makes nothing", async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const uploader = 'arn:aws:iam::000000000000:role/app-uploader';
  const as = (name: string) => practice.kms('us-east-1', practice.server.credentialsOf(name));
  const { signal } = new AbortController();
  const Policy = JSON.stringify(wholePolicyFor([admin], [uploader]));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL', Policy }));
  const pending = must(KeyMetadata?.Arn);
  const both = ['kms:GenerateDataKey', 'kms:Decrypt'];
  assert.deepEqual(await findRefusedUses(as('app-uploader'), pending, signal), []);
  assert.deepEqual(await findRefusedUses(as('Auditor'), pending, signal), both);
  const { arn } = await enabledKey(kms);
  assert.deepEqual(await findRefusedUses(kms, arn, signal), []);
  assert.deepEqual(await findRefusedUses(as('Auditor'), arn, signal), both);
  assert.equal(identityNamed('SecurityAdmin').principal.arn, admin);
});

/** A client of IAM whose requests are never answered. */
async function silentIam(t: TestContext): Promise<IAMClient> {
  const server = createServer(() => {});
  const { endpoint } = await serve(t, server);
  return new IAMClient(tryOnce({ endpoint, credentials: anybody }));
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
  const inputs: SimulatePrincipalPolicyCommandInput[] = [];
  const iam = answeringIam((input) => {
    assert.ok('ContextEntries' in input && 'PolicySourceArn' in input);
    inputs.push(input);
    return { EvaluationResults: [] };
  });
  const test = await testPermissions(iam, asked);
  assert.deepEqual(test.tested ? test.missing : test.why, []);
  assert.deepEqual(inputs.map(({ ResourceArns }) => String(ResourceArns)).sort(), [
    '*',
    'arn:aws:kms:us-east-1:000000000000:alias/a',
    'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000',
    'arn:aws:s3:::keyferry-a-0',
    'arn:aws:s3:::keyferry-a-0/0',
  ]);
  for (const { PolicySourceArn, ContextEntries } of inputs) {
    assert.equal(PolicySourceArn, admin);
    const values = Object.fromEntries(
      must(ContextEntries).map(({ ContextKeyName, ContextKeyValues }) => [ContextKeyName, ContextKeyValues?.[0]]),
    );
    assert.equal(values['kms:KeyOrigin'], 'EXTERNAL');
    assert.equal(values['aws:RequestedRegion'], 'us-east-1');
    assert.equal(values['kms:CallerAccount'], '000000000000');
    assert.equal(values['kms:BypassPolicyLockoutSafetyCheck'], 'false');
  }
});

test('whatever IAM answers, a permission is only missing where IAM named it', async () => {
  const asked = { ...place, principalArn: admin, policy: policyFor([], []) };
  for (const [name, why, httpStatusCode = 500] of [
    ['AccessDenied', /may not call iam:SimulatePrincipalPolicy/],
    ['NoSuchEntityException', /does not know role SecurityAdmin/],
    ['ServiceFailureException', /^IAM answered ServiceFailureException\.$/],
    ['Unknown', /^IAM answered with status 500\.$/],
    ['a\u202Eb', /^IAM answered with status 500\.$/],
    // As the SDK throws where it cannot read an answer with success.
    ['RangeError', /^IAM gave no answer that can be read\.$/, 200],
  ] as const) {
    let calls = 0;
    const iam = answeringIam(() => {
      calls += 1;
      throw refusal(name, httpStatusCode);
    });
    const result = await testPermissions(iam, asked);
    assert.match(result.tested ? '' : result.why, why);
    assert.equal(calls, 1, 'an IAM that does not help is asked once');
  }
  const ofJoanna = { ...asked, principalArn: 'arn:aws:iam::000000000000:user/joanna' };
  assert.equal((await testPermissions(answering({ EvalDecision: 'allowed' }), ofJoanna)).tested, true);
});

test('a dry run says that it is one, and what is not a refusal is none', async () => {
  const inputs: object[] = [];
  const kms = (name: string) =>
    answeringKms((input) => {
      assert.ok('DryRun' in input);
      inputs.push(input);
      throw refusal(name, 400);
    });
  const { signal } = new AbortController();
  assert.deepEqual(await findRefusedUses(kms('DryRunOperationException'), 'arn', signal), []);
  assert.deepEqual(await findRefusedUses(kms('KMSInvalidStateException'), 'arn', signal), []);
  assert.deepEqual(await findRefusedUses(kms('AccessDeniedException'), 'arn', signal), [
    'kms:GenerateDataKey',
    'kms:Decrypt',
  ]);
  assert.equal(inputs.length, 6);
  const common = { KeyId: 'arn', EncryptionContext: { purpose: 'keyferry-proof' }, DryRun: true };
  assert.deepEqual(inputs.slice(-2), [
    { ...common, KeySpec: 'AES_256' },
    { ...common, DryRunModifiers: ['IGNORE_CIPHERTEXT'], CiphertextBlob: undefined },
  ]);
});

test('a dry run that the person stops has no answer', async () => {
  const person = new Error('stopped by the person');
  const stop = new AbortController();
  const kms = answeringKms(() => {
    stop.abort(person);
    throw new DOMException('aborted', 'AbortError');
  });
  await assert.rejects(findRefusedUses(kms, 'arn', stop.signal), person);
});

test('IAM is asked only about the permissions that were named, and about a key like the one to be made', async () => {
  const needs = [{ action: 'kms:Decrypt', on: 'key' }] as const;
  for (const [more, key] of [
    [{}, '00000000-0000-4000-8000-000000000000'],
    [{ multiRegion: false }, '00000000-0000-4000-8000-000000000000'],
    [{ multiRegion: true }, `mrk-${'0'.repeat(32)}`],
  ] as const) {
    const { iam, asked } = notingIam({ EvalDecision: 'allowed' });
    const result = await testPermissions(iam, { ...ofRole, needs, ...more });
    assert.deepEqual(result, { tested: true, missing: [] });
    assert.deepEqual(asked, [[`arn:aws:kms:us-east-1:000000000000:key/${key}`, 'kms:Decrypt']]);
  }
  const { iam, asked } = notingIam({ EvalDecision: 'allowed' });
  const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/mine';
  // A user who is only called so is not the account root.
  const principalArn = 'arn:aws:iam::000000000000:user/root';
  assert.equal((await testPermissions(iam, { ...ofRole, principalArn, needs, keyArn })).tested, true);
  assert.equal(asked[0]?.[0], keyArn);
});

test('a second question is only about what a later choice may give: not where the key policy has decided', async () => {
  const needs = (['kms:ImportKeyMaterial', 'kms:Decrypt'] as const).map((action) => ({ action, on: 'key' }) as const);
  const later = ['kms:WrappingAlgorithm', 'kms:WrappingKeySpec', 'kms:ExpirationModel'];
  const questions: (readonly [actions: string, later: number])[] = [];
  const denying = answeringIam((input) => {
    assert.ok('ActionNames' in input && 'ContextEntries' in input);
    const { ActionNames = [], ContextEntries = [] } = input;
    const known = ContextEntries.filter(({ ContextKeyName = '' }) => later.includes(ContextKeyName));
    questions.push([ActionNames.join(), known.length]);
    return { EvaluationResults: ActionNames.map((EvalActionName) => ({ EvalActionName, ...explicit })) };
  });
  const denied = await testPermissions(denying, { ...ofRole, needs });
  // The second question is without what the person chooses later.
  assert.deepEqual(questions, [
    ['kms:ImportKeyMaterial,kms:Decrypt', 3],
    ['kms:ImportKeyMaterial', 0],
  ]);
  assert.deepEqual(denied.tested && denied.missing.map(({ action }) => action).toSorted(), [
    'kms:Decrypt',
    'kms:ImportKeyMaterial',
  ]);
  const strict = { administrators: [], importers: [user], users: [], administratorsMayDelete: false };
  const { iam, asked } = notingIam({ EvalDecision: 'allowed' });
  const policy = buildKeyPolicy({ ...place, policyKind: 'strict', ...strict }).Statement;
  const result = await testPermissions(iam, { ...ofRole, needs, policy });
  assert.deepEqual(result.tested && result.missing.map(({ action, by }) => [action, by]), [
    ['kms:ImportKeyMaterial', 'key policy'],
    ['kms:Decrypt', 'key policy'],
  ]);
  assert.equal(asked.length, 1);
});

test('a denial of the key policy counts whatever IAM allows, and a key policy that is not known leaves it to IAM', async () => {
  const [first] = policyFor([admin], [admin]);
  const denial = { ...must(first), Sid: 'x', Effect: 'Deny' as const, Principal: { AWS: [admin] } };
  const allowing = answering({ EvalDecision: 'allowed' });
  const denied = { ...ofRole, policy: [...ofRole.policy, denial] as never };
  assert.equal(await judged(allowing, 'kms:ImportKeyMaterial', denied), 'key policy');
  const unknown = { ...ofRole, policy: undefined as never };
  assert.equal(await judged(allowing, 'kms:ImportKeyMaterial', unknown), 'allowed');
  assert.equal(await judged(answering(implicit), 'kms:ImportKeyMaterial', unknown), 'no policy');
});

test('a missing permission without a reason, as earlier versions noted it, is one that no policy gives', () => {
  const need = { action: 'kms:Decrypt', on: 'key' } as const;
  assert.equal(decidedBy(need), 'no policy');
  assert.equal(decidedBy({ ...need, by: 'boundary' }), 'boundary');
});

test('the results of all pages count together', async () => {
  const actions = ['kms:Decrypt', 'kms:GenerateDataKey'] as const;
  const iam = answeringIam((input) => {
    const page = 'Marker' in input ? 1 : 0;
    const results = [{ EvalActionName: actions[page] ?? '', ...explicit }];
    return { EvaluationResults: results, IsTruncated: page === 0, Marker: 'x' };
  });
  const result = await testPermissions(iam, { ...ofRole, needs: actions.map((action) => ({ action, on: 'key' })) });
  assert.deepEqual(result.tested && result.missing.map(({ action }) => action), actions);
});

test('an answer that is not cut off is the last one, and one that is cut off without a marker too', async () => {
  const needs = [{ action: 'kms:Decrypt', on: 'key' }] as const;
  for (const end of [{ IsTruncated: false, Marker: 'x' }, { IsTruncated: true }, { Marker: 'x' }]) {
    let asked = 0;
    const iam = answeringIam(() => {
      asked += 1;
      return { EvaluationResults: [{ EvalActionName: 'kms:Decrypt', EvalDecision: 'allowed' }], ...end };
    });
    assert.deepEqual(await testPermissions(iam, { ...ofRole, needs }), { tested: true, missing: [] });
    assert.equal(asked, 1, JSON.stringify(end));
  }
});
