import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CreateKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { buildKeyPolicy, type KeyPolicy, type Statement } from '../../source/aws/key-policy.ts';
import {
  describeForeignPrincipals,
  describeSelfServing,
  findKeepers,
  findPolicyProblem,
  findPrincipalProblem,
} from '../../source/aws/policy-lint.ts';
import { roles, users } from '../../source/practice/account.ts';
import { practise } from '../practice/practising.ts';
import '../seed.ts';

const accountId = '111122223333';
const partition = fc.constantFrom('aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-eusc');
const name = fc.stringMatching(/^[\w+=,.@-]{1,40}$/);
const people = fc.uniqueArray(fc.record({ kind: fc.constantFrom('user/', 'role/', 'role/team/'), name }), {
  maxLength: 12,
});

/** Any choices that a person can make: nobody, themselves or not, many, in any partition. */
const choices = fc
  .record({
    partition,
    administrators: people,
    users: people,
    administratorsMayDelete: fc.boolean(),
    callerIsIn: fc.boolean(),
  })
  .map(({ partition: of, administrators, users: using, callerIsIn, ...rest }) => {
    const arn = (one: { kind: string; name: string }) => `arn:${of}:iam::${accountId}:${one.kind}${one.name}`;
    const caller = `arn:${of}:iam::${accountId}:role/the-caller`;
    return {
      ...rest,
      partition: of,
      accountId,
      principalArn: caller,
      administrators: [...administrators.map(arn), ...(callerIsIn ? [caller] : [])],
      users: using.map(arn),
    };
  });

const withoutRoot = (policy: KeyPolicy): KeyPolicy => ({
  ...policy,
  Statement: policy.Statement.filter(({ Principal }) => !String(Principal.AWS).endsWith(':root')),
});

test('whatever is chosen, the account and every administrator can change the policy later', () => {
  fc.assert(
    fc.property(choices, (chosen) => {
      const policy = buildKeyPolicy(chosen);
      const keepers = findKeepers(policy, chosen);
      assert.equal(findPolicyProblem(policy, chosen), undefined);
      assert.equal(keepers.account, true);
      assert.deepEqual(keepers.administrators, chosen.administrators);
      assert.deepEqual(keepers.powerless, []);
      assert.equal(keepers.caller, chosen.administrators.includes(chosen.principalArn));
      assert.match(describeSelfServing(policy, chosen), /^Account root: everyone whom IAM/m);
    }),
    { numRuns: 300 },
  );
});

test('whatever is chosen, taking out the root, a right, an action or a resource is found', () => {
  fc.assert(
    fc.property(choices, fc.nat(), (chosen, at) => {
      const policy = buildKeyPolicy(chosen);
      assert.notEqual(findPolicyProblem(withoutRoot(policy), chosen), undefined);
      const spoilt = (spoil: (statement: Statement) => object): KeyPolicy => ({
        ...policy,
        Statement: policy.Statement.map((one, index) =>
          index === at % policy.Statement.length ? (spoil(one) as Statement) : one,
        ),
      });
      for (const member of ['Action', 'Resource'] as const) {
        assert.match(
          findPolicyProblem(
            spoilt(({ [member]: _, ...rest }) => rest),
            chosen,
          ) ?? '',
          /would do nothing/,
        );
        assert.match(
          findPolicyProblem(
            spoilt((one) => ({ ...one, [member]: [] })),
            chosen,
          ) ?? '',
          /would do nothing/,
        );
      }
      const reading = (one: Statement) => ({ ...one, Action: 'kms:DescribeKey' });
      const judged = {
        ...chosen,
        administrators: chosen.administrators.length > 0 ? chosen.administrators : [chosen.principalArn],
      };
      const powerless = {
        ...policy,
        Statement: policy.Statement.map((one) => (one.Sid.includes('Administrators') ? reading(one) : one)),
      };
      assert.match(findPolicyProblem(powerless, judged) ?? '', /could not change its policy/);
    }),
    { numRuns: 200 },
  );
});

test('practice AWS, which shares no code with this, takes what is found sound and refuses a lock-out', async (t) => {
  const kms = (await practise(t)).kms();
  const caller = 'arn:aws:iam::000000000000:role/SecurityAdmin';
  const known = fc.subarray(
    [...users, ...roles]
      .filter(({ path, name: of }) => !path.startsWith('/aws-service-role') && of !== 'just-created-role')
      .map(({ arn }) => arn),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(known, known, fc.boolean(), async (administrators, using, callerIsIn) => {
      const chosen = {
        partition: 'aws',
        accountId: '000000000000',
        principalArn: caller,
        administrators: callerIsIn
          ? [...new Set([...administrators, caller])]
          : administrators.filter((arn) => arn !== caller),
        users: using,
        administratorsMayDelete: false,
      };
      const policy = buildKeyPolicy(chosen);
      assert.equal(findPolicyProblem(policy, chosen), undefined);
      const { KeyMetadata } = await kms.send(
        new CreateKeyCommand({ Origin: 'EXTERNAL', Policy: JSON.stringify(policy) }),
      );
      const bare = withoutRoot(policy);
      const locked = { ...bare, Statement: bare.Statement.filter(({ Sid }) => Sid === 'Allow use of the key') };
      if (locked.Statement.length === 0) return;
      assert.match(findPolicyProblem(locked, chosen) ?? '', /Neither you nor your account/);
      await assert.rejects(
        kms.send(new PutKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, Policy: JSON.stringify(locked) })),
        {
          name: 'MalformedPolicyDocumentException',
        },
      );
    }),
    { numRuns: 20 },
  );
});

test('principals that no key policy can name, or that are left of deleted ones, are told apart', () => {
  const rejected: readonly (readonly [string, RegExp])[] = [
    ['arn:aws:iam::111122223333:group/ops', /cannot name a group/],
    ['arn:aws:sts::111122223333:assumed-role/Admin/me', /session, which ends/],
    ['AIDACKCEVSQ6C2EXAMPLE', /was deleted/],
    ['AROADBQP57FF2AEXAMPLE', /was deleted/],
    ['alice', /is not the ARN/],
    ['1111222233334', /is not the ARN/],
    ['x111122223333', /is not the ARN/],
    ['AWSServiceRoleForAutoScaling', /^Give the whole ARN of a service-linked role/],
    ['role/AWSServiceRoleForAutoScaling', /^Give the whole ARN of a service-linked role/],
    ['arn:aws:sts::111122223333:federated-user/ana', /a session, which ends and has no role/],
    ['*', /everyone, of every AWS account/],
    ['arn:aws:iam::111122223333:user/a?ice', /KMS takes no \* or \?/],
  ];
  for (const [arn, says] of rejected) assert.match(findPrincipalProblem(arn) ?? '', says);
  const gov = 'arn:aws-us-gov:sts::111122223333:assumed-role/Admin/me';
  assert.match(findPrincipalProblem(gov) ?? '', /: arn:aws-us-gov:iam::111122223333:role\/Admin\.$/);
  for (const arn of [
    'arn:aws-cn:iam::111122223333:role/a/b',
    'arn:aws:iam::444455556666:user/x',
    'arn:aws:iam::111122223333:root',
    '111122223333',
  ])
    assert.equal(findPrincipalProblem(arn), undefined);
});

test('who can give themselves the rest is named, and those of another account are pointed out', () => {
  const arn = (one: string, account = accountId) => `arn:aws:iam::${account}:${one}`;
  const you = arn('role/you');
  const wordsFor = (administrators: readonly string[]) => {
    const chosen = { partition: 'aws', accountId, administrators, users: [arn('user/z')] };
    return describeSelfServing(buildKeyPolicy({ ...chosen, administratorsMayDelete: false }), { principalArn: you });
  };
  const root = 'Account root: everyone whom IAM of the account allows.';
  assert.equal(wordsFor([]), root);
  assert.equal(wordsFor([you]), `You can give yourself the rest, by policy or grant.\n${root}`);
  assert.match(wordsFor([arn('user/a')]), /^User a can give itself the rest,/);
  assert.match(wordsFor([arn('user/a'), arn('user/b')]), /^User a and user b can give themselves the rest,/);
  assert.match(wordsFor([you, arn('user/a')]), /^You and user a can give themselves the rest,/);
  // Whoever signs in as the root is not told of it twice.
  const byRoot = buildKeyPolicy({
    partition: 'aws',
    accountId,
    administrators: [],
    users: [],
    administratorsMayDelete: false,
  });
  assert.equal(describeSelfServing(byRoot, { principalArn: arn('root') }), root);
  assert.match(wordsFor([you, arn('user/a'), arn('user/b')]), /^You, user a and user b can give themselves the rest,/);
  assert.match(wordsFor(['a', 'b', 'c'].map((one) => arn(`user/${one}`))), /^3 others can give themselves the rest,/);
  const grants = { Sid: 'x', Effect: 'Allow', Principal: { AWS: you }, Action: 'kms:Create*', Resource: '*' } as const;
  const byGrant: KeyPolicy = { Version: '2012-10-17', Id: 'x', Statement: [grants] };
  assert.match(describeSelfServing(byGrant, { principalArn: you }), /^You can give yourself the rest/);
  const forService = { ...grants, Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } };
  assert.equal(describeSelfServing({ ...byGrant, Statement: [forService] }, { principalArn: you }), '');
  assert.equal(describeForeignPrincipals([], accountId), undefined);
  assert.equal(
    describeForeignPrincipals([arn('role/x', '444455556666'), arn('role/y', '444455556666')], accountId),
    '2 of them are of another account: that account must allow it too, and import works from this one only.',
  );
  assert.equal(describeForeignPrincipals([you], accountId), undefined);
  assert.match(
    describeForeignPrincipals([you, arn('role/x', '444455556666')], accountId) ?? '',
    /^role x is of another account/,
  );
});

test('who can change a policy is judged by the right itself, not by the name', () => {
  const [you, other] = ['you', 'other'].map((one) => `arn:aws:iam::${accountId}:role/${one}`) as [string, string];
  const root = `arn:aws:iam::${accountId}:root`;
  const one = { Sid: 'x', Effect: 'Allow', Action: ['kms:Describe*'], Resource: '*' } as const;
  const policy: KeyPolicy = {
    Version: '2012-10-17',
    Id: 'x',
    Statement: [
      { ...one, Principal: { AWS: root } },
      { ...one, Principal: { AWS: [other] } },
      { ...one, Principal: { AWS: [you] }, Action: ['kms:Put*'] },
    ],
  };
  assert.deepEqual(findKeepers(policy, { principalArn: other, accountId, administrators: [you, other] }), {
    caller: false,
    account: false,
    administrators: [you],
    powerless: [other],
  });
});

test('under a strict policy the account root may change the policy, and little else', () => {
  const you = `arn:aws:iam::${accountId}:role/you`;
  const chosen = {
    partition: 'aws',
    accountId,
    administrators: [you],
    users: [],
    administratorsMayDelete: false,
    policyKind: 'strict',
    region: 'eu-west-1',
  } as const;
  assert.equal(
    describeSelfServing(buildKeyPolicy(chosen), { principalArn: you }),
    'Account root: whoever IAM allows may change this policy.',
  );
});

test('an account is named by its digits alone, and those of the own account are not foreign', () => {
  assert.equal(describeForeignPrincipals([accountId], accountId), undefined);
  assert.match(
    describeForeignPrincipals(['444455556666'], accountId) ?? '',
    /^account 444455556666 is of another account/,
  );
});

test('a statement for everyone is found, and characters that KMS does not take', () => {
  const chosen = {
    partition: 'aws',
    accountId,
    principalArn: 'x',
    administrators: [],
    users: [],
    administratorsMayDelete: false,
  };
  const policy = buildKeyPolicy(chosen);
  const everyone = {
    Sid: 'all',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 'kms:Decrypt',
    Resource: '*',
  } as const;
  assert.match(
    findPolicyProblem({ ...policy, Statement: [...policy.Statement, everyone] }, chosen) ?? '',
    /lets in everyone/,
  );
  assert.match(findPolicyProblem({ ...policy, Id: 'né 日本' }, chosen) ?? '', /characters that KMS does not take/);
});

test('a policy is told by its first fault, and a sound one by none', () => {
  const you = `arn:aws:iam::${accountId}:role/you`;
  const judged = { principalArn: you, accountId, administrators: [you] };
  const chosen = { partition: 'aws', accountId, administrators: [you], users: [], administratorsMayDelete: false };
  const policy = buildKeyPolicy(chosen);
  assert.equal(findPolicyProblem(policy, judged), undefined);
  const [root, admin] = policy.Statement;
  assert.ok(root !== undefined && admin !== undefined);
  const other = { ...admin, Principal: { AWS: `arn:aws:iam::${accountId}:role/other` } };
  for (const [Statement, says] of [
    [[other], /^Neither you nor your account could change this policy afterwards/],
    [[admin], /^If you and the administrators are gone, only AWS Support can help to change this policy/],
    [[root, { ...admin, Action: ['kms:Describe*'] }], /^role you is to administer the key and could not change/],
    [[root, { ...admin, Action: [] }], /names no action/],
    [[root, { ...admin, Resource: '' as '*' }], /names no resource/],
    [[root, { ...admin, Principal: { AWS: [] } }], /names nobody/],
    [[root, admin, { ...admin, Principal: { AWS: ['*'] } }], /lets in everyone/],
    [
      [root, admin, { ...admin, Principal: { AWS: [you, 'AIDACKCEVSQ6C2EXAMPLE'] } }],
      /Administrators": AIDA\w+ is the id/,
    ],
    [[{ ...root, Principal: { AWS: 'arn:aws:iam::444455556666:root' } }, admin], /^If you and the administrators/],
  ] as const)
    assert.match(findPolicyProblem({ ...policy, Statement }, judged) ?? '', says);
  const narrowed = { ...admin, Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'true' } } };
  assert.equal(findPolicyProblem({ ...policy, Statement: [root, admin, narrowed] }, judged), undefined);
  assert.equal(findPolicyProblem({ ...policy, Statement: [root] }, { ...judged, administrators: [] }), undefined);
});

test('a policy of exactly 32 KiB is taken, and one byte more is not', () => {
  const judged = { principalArn: `arn:aws:iam::${accountId}:role/you`, accountId, administrators: [] };
  const policy = buildKeyPolicy({
    partition: 'aws',
    accountId,
    administrators: [],
    users: [],
    administratorsMayDelete: false,
  });
  const room = 32_768 - Buffer.byteLength(JSON.stringify({ ...policy, Id: '' }));
  assert.equal(findPolicyProblem({ ...policy, Id: 'a'.repeat(room) }, judged), undefined);
  assert.match(
    findPolicyProblem({ ...policy, Id: 'a'.repeat(room + 1) }, judged) ?? '',
    /32769 bytes; KMS takes 32768/,
  );
});

test('the switch that turns off the safety check of KMS stands nowhere in the program', () => {
  const source = fileURLToPath(new URL('../../source', import.meta.url));
  const found = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('practice'))
    .filter((file) =>
      /BypassPolicyLockoutSafetyCheck\s*:|bypass-policy-lockout/i.test(readFileSync(join(source, file), 'utf8')),
    );
  assert.deepEqual(found, []);
});
