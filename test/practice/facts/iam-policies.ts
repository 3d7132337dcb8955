import assert from 'node:assert/strict';
import { credentialsIn, type Fact, refused, type World } from './fact.ts';
import { Body, fresh, Key } from './s3-facts.ts';

const me = 'arn:aws:iam::000000000000:role/SecurityAdmin';
const caller = 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you';
const allow = (Action: unknown, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
const deny = (Action: unknown, more: object = {}) => ({ Effect: 'Deny', Action, Resource: '*', ...more });
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement }) as never;
const of = (...Statement: object[]) => ({ SecurityAdmin: [policy(...Statement)] });
const all = allow('*');
const scp = 'arn:aws:organizations::000000000000:policy/o-practice/service_control_policy/p-deny';

/**
 * How each kind of policy refuses. Source: "Troubleshoot access denied error messages", IAM user guide, and "Troubleshoot
 * access denied (403 Forbidden) errors in Amazon S3", S3 user guide.
 */
const kinds: ReadonlyArray<readonly [what: string, settings: object, why: (action: string) => string]> = [
  [
    'no identity-based policy',
    { policies: of(allow('sts:*')) },
    (a) => `because no identity-based policy allows the ${a} action`,
  ],
  [
    'an identity-based policy that denies',
    { policies: of(all, deny('kms:ListKeys'), deny('s3:ListAllMyBuckets')) },
    () => 'with an explicit deny in an identity-based policy',
  ],
  [
    'no permissions boundary',
    { boundaries: { SecurityAdmin: policy(allow('sts:*')) } },
    (a) => `because no permissions boundary allows the ${a} action`,
  ],
  [
    'a permissions boundary that denies',
    { boundaries: { SecurityAdmin: policy(all, deny('*')) } },
    () => 'with an explicit deny in a permissions boundary',
  ],
  [
    'no service control policy',
    { organization: [policy(allow('sts:*'))] },
    (a) => `because no service control policy allows the ${a} action`,
  ],
  [
    'a service control policy that denies, by its ARN',
    { organization: [policy(all), { Id: 'p-deny', ...(policy(deny('*')) as object) }] },
    (a) =>
      `with an explicit deny in a service control policy${a.startsWith('s3:') ? ', with policy ARN:' : ':'} ${scp}`,
  ],
];

type Row = readonly [what: string, settings: object, input: object, expected: object];

/** What the simulator answers about kms:CreateKey. Source: EvaluationResult, IAM API reference. */
const simulations: readonly Row[] = [
  ['allowed', {}, {}, { EvalDecision: 'allowed', OrganizationsDecisionDetail: undefined }],
  [
    'denied by its own policy',
    { policies: of(all, deny('kms:Create*')) },
    {},
    {
      EvalDecision: 'explicitDeny',
      MatchedStatements: [{ SourcePolicyId: 'practice', SourcePolicyType: 'IAM Policy' }],
    },
  ],
  ['allowed by nothing', { policies: of(allow('s3:*')) }, {}, { EvalDecision: 'implicitDeny', MatchedStatements: [] }],
  [
    'beyond the boundary',
    { boundaries: { SecurityAdmin: policy(allow('s3:*')) } },
    {},
    { EvalDecision: 'implicitDeny', PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
  ],
  [
    'within the boundary',
    { boundaries: { SecurityAdmin: policy(allow('kms:*')) } },
    {},
    { EvalDecision: 'allowed', PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true } },
  ],
  [
    'denied by the organization',
    { organization: [policy(all, deny('kms:*'))] },
    {},
    { EvalDecision: 'explicitDeny', OrganizationsDecisionDetail: { AllowedByOrganizations: false } },
  ],
  [
    'a condition on a key that was not given, on all resources',
    { policies: of(allow('kms:*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })) },
    {},
    { EvalDecision: 'implicitDeny', MissingContextValues: ['aws:MultiFactorAuthPresent'] },
  ],
  [
    'the same condition with the key',
    { policies: of(allow('kms:*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })) },
    {
      ContextEntries: [
        { ContextKeyName: 'aws:MultiFactorAuthPresent', ContextKeyType: 'boolean', ContextKeyValues: ['true'] },
      ],
    },
    { EvalDecision: 'allowed', MissingContextValues: [] },
  ],
];

/** Asked by somebody else, whom the policies of the row do not concern. */
async function simulate(w: World, input: object) {
  const asked = { PolicySourceArn: me, ActionNames: ['kms:CreateKey'], ...input };
  return w.iam('SimulatePrincipalPolicy', asked, { as: w.practice.server.credentialsOf('secops-1') });
}

/** Section 5. */
export const iamPolicyFacts: readonly Fact[] = [
  ...kinds.map(
    ([what, settings, why]): Fact => [
      '5',
      `refused: ${what}`,
      async (w) => {
        await w.control(settings, async () => {
          const start = (action: string) => `User: ${caller} is not authorized to perform: ${action} on resource: *`;
          await refused(w.kms('ListKeys'), 'AccessDeniedException', `${start('kms:ListKeys')} ${why('kms:ListKeys')}`);
          const action = 's3:ListAllMyBuckets';
          await refused(w.s3('ListBuckets'), 'AccessDenied', `${start(action)} ${why(action)}`, 403);
        });
        await w.kms('ListKeys');
      },
    ],
  ),
  ...simulations.map(
    ([what, settings, input, expected]): Fact => [
      '5',
      `SimulatePrincipalPolicy: ${what}`,
      async (w) => {
        await w.control(settings, async () => {
          const { EvaluationResults = [] } = await simulate(w, input);
          const [result] = EvaluationResults;
          assert.equal(EvaluationResults.length, 1);
          const found = Object.fromEntries(
            Object.keys(expected).map((name) => [name, (result as Record<string, unknown> | undefined)?.[name]]),
          );
          assert.deepEqual(found, expected);
          assert.equal(result?.EvalResourceName, '*');
        });
      },
    ],
  ),
  [
    '5',
    'SimulatePrincipalPolicy: one result an action, the most restrictive of its resources, and each of these below it',
    async (w) => {
      const [mine, other] = ['mine', 'other'].map((name) => `arn:aws:s3:::${name}/k`);
      const settings = {
        policies: of(
          allow('s3:PutObject', { Resource: 'arn:aws:s3:::mine/*' }),
          allow('s3:PutObject', {
            Resource: 'arn:aws:s3:::other/*',
            Condition: { StringEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
          }),
        ),
      };
      await w.control(settings, async () => {
        const { EvaluationResults: [result] = [] } = await simulate(w, {
          ActionNames: ['s3:PutObject'],
          ResourceArns: [mine, other],
        });
        assert.equal(result?.EvalDecision, 'implicitDeny');
        assert.equal(result.EvalResourceName, `arn:\${Partition}:s3:::\${BucketName}/\${KeyName}`);
        assert.deepEqual(result.MissingContextValues, ['s3:x-amz-server-side-encryption']);
        const each = result.ResourceSpecificResults?.map((one) => [
          one.EvalResourceName,
          one.EvalResourceDecision,
          one.MissingContextValues,
        ]);
        assert.deepEqual(each, [
          [mine, 'allowed', []],
          [other, 'implicitDeny', ['s3:x-amz-server-side-encryption']],
        ]);
      });
    },
  ],
  [
    '5',
    'SimulatePrincipalPolicy: a page may hold fewer results than were asked for',
    async (w) => {
      const ActionNames = ['kms:CreateKey', 'kms:TagResource', 'kms:ListKeys'];
      await w.control({ simulationPage: 2 }, async () => {
        const first = await simulate(w, { ActionNames, MaxItems: 100 });
        assert.deepEqual([first.EvaluationResults?.length, first.IsTruncated], [2, true]);
        const second = await simulate(w, { ActionNames, Marker: first.Marker });
        assert.deepEqual(
          second.EvaluationResults?.map((one) => one.EvalActionName),
          ['kms:ListKeys'],
        );
        assert.equal(second.IsTruncated, false);
      });
    },
  ],
  [
    '5',
    'SimulatePrincipalPolicy: for resources, missing keys are listed with the decision, below it, or at both places',
    async (w) => {
      const name = 'aws:MultiFactorAuthPresent';
      const policies = of(allow('kms:*', { Condition: { Bool: { [name]: 'true' } } }));
      const ResourceArns = [`arn:aws:kms:us-east-1:${w.account}:alias/a`];
      for (const [simulationMissingKeys, above, below] of [
        ['decision', [name], []],
        ['resources', [], [name]],
        ['both', [name], [name]],
      ] as const)
        await w.control({ policies, simulationMissingKeys }, async () => {
          const { EvaluationResults: [result] = [] } = await simulate(w, { ResourceArns });
          assert.deepEqual(result?.MissingContextValues, above);
          assert.deepEqual(result?.ResourceSpecificResults?.[0]?.MissingContextValues, below);
          const { EvaluationResults: [onAll] = [] } = await simulate(w, {});
          assert.deepEqual(onAll?.MissingContextValues, [name]);
        });
    },
  ],
  [
    '5',
    'SimulatePrincipalPolicy: a service control policy is evaluated without the keys that are missing, and these are not listed',
    async (w) => {
      const outside = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-practice' } };
      const settings = {
        organization: [policy(all, deny('kms:*', { Condition: outside }))],
        requestContext: { 'aws:PrincipalOrgID': 'o-practice' },
      };
      await w.control(settings, async () => {
        const { EvaluationResults: [result] = [] } = await simulate(w, {});
        assert.deepEqual(
          [result?.EvalDecision, result?.OrganizationsDecisionDetail, result?.MissingContextValues],
          ['explicitDeny', { AllowedByOrganizations: false }, []],
        );
        await w.kms('ListKeys');
      });
    },
  ],
  [
    '5',
    'SimulatePrincipalPolicy: what practice AWS does not simulate is refused by name',
    async (w) =>
      refused(
        simulate(w, { ResourcePolicy: '{}' }),
        'InvalidInputException',
        'Practice AWS does not simulate SimulatePrincipalPolicy with ResourcePolicy.',
      ),
  ],
  [
    '5',
    'an organization holds for the root user, a boundary does not; a key policy that names the caller outweighs silence alone',
    async (w) => {
      const root = { as: w.practice.server.credentialsOf('root') };
      await w.control({ boundaries: { root: policy(allow('s3:*')) } }, async () => w.kms('ListKeys', {}, root));
      await w.control({ organization: [policy(allow('s3:*'))] }, async () =>
        refused(w.kms('ListKeys', {}, root), 'AccessDeniedException'),
      );
      const Policy = JSON.stringify(policy({ ...allow('kms:*'), Principal: { AWS: me } }));
      const { KeyId } = await w.key({ Origin: 'AWS_KMS', Policy });
      await w.control({ policies: of(allow('s3:*')) }, async () => w.kms('Encrypt', { KeyId, Plaintext: Body }));
      await w.control({ policies: of(deny('kms:Encrypt')) }, async () =>
        refused(w.kms('Encrypt', { KeyId, Plaintext: Body }), 'AccessDeniedException'),
      );
      await w.control({ organization: [policy(allow('s3:*'))] }, async () =>
        refused(w.kms('Encrypt', { KeyId, Plaintext: Body }), 'AccessDeniedException'),
      );
    },
  ],
  [
    '5',
    'a session policy limits a session, and a federated user without one may do nothing by IAM',
    async (w) => {
      const as = w.practice.server.credentialsOf('secops-1');
      const Policy = JSON.stringify(policy(allow('kms:ListKeys')));
      const limited = { as: credentialsIn(await w.sts('GetFederationToken', { Name: 'kim', Policy }, { as })) };
      await w.kms('ListKeys', {}, limited);
      const text = 'because no session policy allows the s3:CreateBucket action';
      await assert.rejects(w.s3('CreateBucket', { Bucket: fresh() }, limited), new RegExp(text));
      const bare = { as: credentialsIn(await w.sts('GetFederationToken', { Name: 'kim' }, { as })) };
      await refused(w.kms('ListKeys', {}, bare), 'AccessDeniedException');
      const named = JSON.stringify(
        policy({ ...allow('kms:*'), Principal: { AWS: 'arn:aws:sts::000000000000:federated-user/kim' } }),
      );
      const { KeyId } = await w.key({ Origin: 'AWS_KMS', Policy: named, BypassPolicyLockoutSafetyCheck: true });
      await w.kms('Encrypt', { KeyId, Plaintext: Body }, bare);
      const broken = w.sts('GetFederationToken', { Name: 'kim', Policy: '{' }, { as });
      await refused(broken, 'MalformedPolicyDocumentException');
    },
  ],
  [
    '5',
    'IAM limits an object by conditions, patterns and variables as it does in AWS',
    async (w) => {
      const Bucket = await w.bucket();
      const settings = {
        policies: {
          'secops-1': [
            policy(
              allow('s3:PutObject', { Resource: `arn:aws:s3:::${Bucket}/\${aws:username}/*` }),
              allow('s3:ListBucket', { Condition: { StringLike: { 's3:prefix': ['secops-1/*', ''] } } }),
              { Effect: 'Allow', NotAction: ['s3:*', 'kms:*'], Resource: '*' },
            ),
          ],
        },
      };
      const where = { as: w.practice.server.credentialsOf('secops-1') };
      await w.control(settings, async () => {
        await w.s3('PutObject', { Bucket, Key: 'secops-1/k', Body }, where);
        await refused(w.s3('PutObject', { Bucket, Key, Body }, where), 'AccessDenied', undefined, 403);
        await w.s3('ListObjectsV2', { Bucket, Prefix: 'secops-1/x' }, where);
        await refused(w.s3('ListObjectsV2', { Bucket, Prefix: 'bob/' }, where), 'AccessDenied', undefined, 403);
        await w.iam('GetUser', {}, where);
      });
    },
  ],
  [
    '5',
    'tags of a request and of a key are condition keys in IAM, in lists as in AWS, and tags of a key are none in its policy',
    async (w) => {
      const tag = (TagKey: string) => ({ TagKey, TagValue: 'x' });
      const ours = {
        Null: { 'aws:RequestTag/ours': 'false' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['ours'] },
        BoolIfExists: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' },
      };
      const onTagged = { StringEquals: { 'aws:ResourceTag/ours': 'x' } };
      const settings = {
        policies: of(
          allow(['kms:CreateKey', 'kms:TagResource'], { Condition: ours }),
          allow('kms:Encrypt', { Condition: onTagged }),
        ),
      };
      const other = await w.key({ Origin: 'AWS_KMS', Tags: [tag('other')] });
      const keyPolicy = policy(
        allow('kms:*', { Principal: { AWS: 'arn:aws:iam::000000000000:user/alice' } }),
        allow('kms:*', { Principal: { AWS: me }, Condition: onTagged }),
      );
      const named = { Policy: JSON.stringify(keyPolicy), BypassPolicyLockoutSafetyCheck: true };
      const notByIam = await w.key({ Origin: 'AWS_KMS', Tags: [tag('ours')], ...named });
      await w.control(settings, async () => {
        const { KeyMetadata } = await w.kms('CreateKey', { Tags: [tag('ours')] });
        await w.kms('Encrypt', { KeyId: KeyMetadata?.KeyId, Plaintext: Body });
        await refused(w.kms('Encrypt', { KeyId: other.KeyId, Plaintext: Body }), 'AccessDeniedException');
        await refused(w.kms('Encrypt', { KeyId: notByIam.KeyId, Plaintext: Body }), 'AccessDeniedException');
        for (const more of [
          {},
          { Tags: [tag('ours'), tag('more')] },
          { Tags: [tag('ours')], BypassPolicyLockoutSafetyCheck: true },
        ])
          await refused(w.kms('CreateKey', more), 'AccessDeniedException');
        await w.kms('TagResource', { KeyId: other.KeyId, Tags: [tag('ours')] });
        await w.kms('Encrypt', { KeyId: other.KeyId, Plaintext: Body });
      });
      const onlyCreate = { policies: of(allow('kms:CreateKey')) };
      await w.control(onlyCreate, async () =>
        refused(
          w.kms('CreateKey', { Tags: [tag('ours')] }),
          'AccessDeniedException',
          `User: ${caller} is not authorized to perform: kms:TagResource on resource: arn:aws:kms:us-east-1:000000000000:key/* because no identity-based policy allows the kms:TagResource action`,
        ),
      );
    },
  ],
];
