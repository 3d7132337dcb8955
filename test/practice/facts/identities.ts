import assert from 'node:assert/strict';
import { roles } from '../../../source/practice/account.ts';
import { credentialsIn, type Fact, refused, type World } from './fact.ts';
import { policyFor } from './policy-for.ts';
import { Body, Key } from './s3-facts.ts';

const account = '000000000000';
const administrator = 'AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6071';
const operations = 'AWSReservedSSO_SecurityOperations_9f8e7d6c5b4a3021';
const breakGlass = `arn:aws:iam::${account}:role/BreakGlass`;
const device = `arn:aws:iam::${account}:mfa/secops-1`;
const as = (w: World, name: string) => ({ as: w.practice.server.credentialsOf(name) });
const idOf = (name: string) => roles.find((role) => role.name === name)?.id;

/** What GetCallerIdentity answers, by the name that `--as` takes. Source: "IAM identifiers", IAM user guide. */
const callers: ReadonlyArray<readonly [name: string, arn: string, userId: string | undefined]> = [
  ['root', `arn:aws:iam::${account}:root`, account],
  ['session/root', `arn:aws:iam::${account}:root`, account],
  [
    'app-deployer',
    `arn:aws:sts::${account}:assumed-role/app-deployer/release-42`,
    `${idOf('app-deployer')}:release-42`,
  ],
  [
    administrator,
    `arn:aws:sts::${account}:assumed-role/${administrator}/you@example.com`,
    `${idOf(administrator)}:you@example.com`,
  ],
  ['federated-user/ana', `arn:aws:sts::${account}:federated-user/ana`, `${account}:ana`],
];

/** Where an SSO role lies. Source: "Reference permission sets in resource policies", IAM Identity Center user guide. */
const paths = [
  [administrator, '/aws-reserved/sso.amazonaws.com/', 'us-east-1, without a Region in the path'],
  [operations, '/aws-reserved/sso.amazonaws.com/eu-central-1/', 'another Region, which the path names'],
] as const;

/** What AssumeRole says to a caller. Source: STS API reference; the words are from reports. */
const refusals: ReadonlyArray<
  readonly [what: string, who: string, input: object, code: string, text: string, status: number]
> = [
  [
    'a role that trusts those with MFA alone, without',
    'secops-1',
    { RoleArn: breakGlass },
    'AccessDenied',
    `User: arn:aws:iam::${account}:user/secops-1 is not authorized to perform: sts:AssumeRole on resource: ${breakGlass} because no role trust policy allows the sts:AssumeRole action`,
    403,
  ],
  [
    'a wrong MFA code',
    'secops-1',
    { RoleArn: breakGlass, SerialNumber: device, TokenCode: '654321' },
    'AccessDenied',
    'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    403,
  ],
  [
    "another user's MFA device",
    'secops-1',
    { RoleArn: breakGlass, SerialNumber: `arn:aws:iam::${account}:mfa/alice`, TokenCode: '123456' },
    'AccessDenied',
    'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    403,
  ],
  [
    'an MFA device without a code',
    'secops-1',
    { RoleArn: breakGlass, SerialNumber: device },
    'AccessDenied',
    'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
    403,
  ],
  [
    'an MFA device in a session, which has none',
    'session/secops-1',
    { RoleArn: breakGlass, SerialNumber: device, TokenCode: '123456' },
    'AccessDenied',
    'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    403,
  ],
  ['the root user', 'root', { RoleArn: breakGlass }, 'AccessDenied', 'Roles may not be assumed by root accounts.', 403],
  [
    'two hours in a chain of roles',
    'SecurityAdmin',
    { RoleArn: `arn:aws:iam::${account}:role/Auditor`, DurationSeconds: 7200 },
    'ValidationError',
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    400,
  ],
  [
    'two hours of a role that allows one',
    'secops-1',
    { RoleArn: `arn:aws:iam::${account}:role/Auditor`, DurationSeconds: 7200 },
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    400,
  ],
  [
    'a session of ten minutes',
    'secops-1',
    { RoleArn: `arn:aws:iam::${account}:role/Auditor`, DurationSeconds: 600 },
    'ValidationError',
    "1 validation error detected: Value '600' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    400,
  ],
];

async function assume(w: World, input: object, where: Parameters<World['sts']>[2]) {
  const answer = await w.sts('AssumeRole', { RoleSessionName: 'at-work', ...input }, where);
  return { answer, as: credentialsIn(answer) };
}

/** Section 5. */
export const identityFacts: readonly Fact[] = [
  ...callers.map(
    ([name, arn, userId]): Fact => [
      '5',
      `GetCallerIdentity as ${name}`,
      async (w) => {
        const { Arn, UserId, Account } = await w.sts('GetCallerIdentity', {}, as(w, name));
        assert.deepEqual([Arn, UserId, Account], [arn, userId, account]);
      },
    ],
  ),
  ...paths.map(
    ([RoleName, path, home]): Fact => [
      '5',
      `a role of IAM Identity Center whose home is ${home}`,
      async (w) => {
        const { Role } = await w.iam('GetRole', { RoleName }, as(w, RoleName));
        assert.deepEqual([Role?.Path, Role?.Arn], [path, `arn:aws:iam::${account}:role${path}${RoleName}`]);
        assert.match(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), /sts:AssumeRoleWithSAML/);
        const Policy = policyFor(w, `arn:aws:iam::${account}:role${path}${RoleName}`);
        await w.kms('CreateKey', { Policy }, as(w, RoleName));
      },
    ],
  ),
  [
    '5',
    'a key policy may name a federated user, and the root user is the account',
    async (w) => {
      for (const name of ['federated-user/ana', 'root']) {
        const { Arn = '' } = await w.sts('GetCallerIdentity', {}, as(w, name));
        const { KeyMetadata } = await w.kms('CreateKey', { Policy: policyFor(w, Arn) }, as(w, name));
        await w.kms('Encrypt', { KeyId: KeyMetadata?.KeyId, Plaintext: Body }, as(w, name));
      }
    },
  ],
  ...refusals.map(
    ([what, who, input, code, text, status]): Fact => [
      '5',
      `AssumeRole: ${what}`,
      async (w) => refused(assume(w, input, as(w, who)), code, text, status),
    ],
  ),
  [
    '5',
    'AssumeRole with MFA, and its session can be used everywhere',
    async (w) => {
      const shown = { SerialNumber: device, TokenCode: '123456' };
      const { answer, as: session } = await assume(w, { RoleArn: breakGlass, ...shown }, as(w, 'secops-1'));
      const arn = `arn:aws:sts::${account}:assumed-role/BreakGlass/at-work`;
      const id = `${idOf('BreakGlass')}:at-work`;
      assert.deepEqual(answer.AssumedRoleUser, { AssumedRoleId: id, Arn: arn });
      const left = Number(answer.Credentials?.Expiration?.getTime()) - Date.now();
      assert.ok(left > 3_590_000 && left <= 3_600_000, `${left} ms`);
      assert.match(session.accessKeyId, /^ASIA[A-Z2-7]{16}$/);
      assert.equal((await w.sts('GetCallerIdentity', {}, { as: session })).Arn, arn);
      const Bucket = await w.bucket();
      await w.s3('PutObject', { Bucket, Key, Body }, { as: session });
      // A break-glass role is a plain one here: in KMS it may do what a key policy allows.
      await refused(w.kms('ListKeys', {}, { as: session }), 'AccessDeniedException');
    },
  ],
  [
    '5',
    'a session that was got with MFA satisfies a role that wants it, and IAM takes it; one without it does neither',
    async (w) => {
      const shown = { SerialNumber: device, TokenCode: '123456' };
      const withMfa = { as: credentialsIn(await w.sts('GetSessionToken', shown, as(w, 'secops-1'))) };
      await assume(w, { RoleArn: breakGlass }, withMfa);
      assert.ok((await w.iam('GetUser', {}, withMfa)).User?.UserName === 'secops-1');
      const ofRoot = { SerialNumber: `arn:aws:iam::${account}:mfa/root-account-mfa-device`, TokenCode: '123456' };
      await w.sts('GetSessionToken', ofRoot, as(w, 'root'));
      const without = { as: credentialsIn(await w.sts('GetSessionToken', {}, as(w, 'secops-1'))) };
      await refused(assume(w, { RoleArn: breakGlass }, without), 'AccessDenied', undefined, 403);
      const invalid = 'The security token included in the request is invalid.';
      await refused(w.iam('GetUser', {}, without), 'InvalidClientTokenId', invalid, 403);
      await w.kms('ListKeys', {}, without);
    },
  ],
  [
    '5',
    'a federated user may ask STS who they are and nothing else, and IAM nothing',
    async (w) => {
      const { FederatedUser, ...got } = await w.sts('GetFederationToken', { Name: 'kim' }, as(w, 'secops-1'));
      assert.deepEqual(FederatedUser, {
        FederatedUserId: `${account}:kim`,
        Arn: `arn:aws:sts::${account}:federated-user/kim`,
      });
      const kim = { as: credentialsIn(got) };
      assert.equal((await w.sts('GetCallerIdentity', {}, kim)).UserId, `${account}:kim`);
      await refused(assume(w, { RoleArn: breakGlass }, kim), 'InvalidClientTokenId', undefined, 403);
      await refused(w.iam('ListUsers', {}, kim), 'InvalidClientTokenId', undefined, 403);
    },
  ],
  [
    '5',
    'sessions get no further sessions but those of roles',
    async (w) => {
      for (const [name, operation] of [
        ['SecurityAdmin', 'GetSessionToken'],
        ['session/secops-1', 'GetFederationToken'],
      ] as const) {
        const text = `Cannot call ${operation} with session credentials`;
        await refused(w.sts(operation, { Name: 'kim' }, as(w, name)), 'AccessDenied', text, 403);
      }
    },
  ],
  [
    '5',
    'GetUser without a name: the caller, and the root user; a role has to give one',
    async (w) => {
      assert.equal((await w.iam('GetUser', {}, as(w, 'root'))).User?.Arn, `arn:aws:iam::${account}:root`);
      assert.equal((await w.iam('GetUser', {}, as(w, 'secops-1'))).User?.UserName, 'secops-1');
      const text = 'Must specify userName when calling with non-User credentials';
      await refused(w.iam('GetUser', {}, as(w, 'SecurityAdmin')), 'ValidationError', text);
    },
  ],
  [
    '5',
    'a session ends: each service says so in its own way, and long-lived access keys go on',
    async (w) => {
      const { as: session } = await assume(w, { RoleArn: `arn:aws:iam::${account}:role/Auditor` }, as(w, 'secops-1'));
      await w.control({ sessionSeconds: 0 }, async () => {
        const { as: ended } = await assume(w, { RoleArn: `arn:aws:iam::${account}:role/Auditor` }, as(w, 'secops-1'));
        for (const where of [{ as: ended }, as(w, 'SecurityAdmin'), as(w, 'session/secops-1')]) {
          const text = 'The security token included in the request is expired';
          await refused(w.kms('ListKeys', {}, where), 'ExpiredTokenException', text);
          await refused(w.sts('GetCallerIdentity', {}, where), 'ExpiredToken', text, 403);
          await refused(w.s3('ListBuckets', {}, where), 'ExpiredToken', 'The provided token has expired.');
        }
        await w.kms('ListKeys', {}, as(w, 'secops-1'));
        await w.sts('GetCallerIdentity', {}, { as: session });
      });
      await w.kms('ListKeys', {}, as(w, 'SecurityAdmin'));
    },
  ],
];
