import assert from 'node:assert/strict';
import { type Fact, refused, type World } from './fact.ts';
import { Body, Key } from './s3-facts.ts';

const caller = 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you';
const explicit = 'with an explicit deny in a resource-based policy';
const deny = (Bucket: string, Action: unknown, Condition?: object, more: object = {}) => ({
  Effect: 'Deny',
  Principal: '*',
  Action,
  Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
  ...(Condition ? { Condition } : {}),
  ...more,
});
const put = async (w: World, Bucket: string, ...Statement: object[]) =>
  w.s3('PutBucketPolicy', { Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
const keyName = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const kms = { ServerSideEncryption: 'aws:kms' };

/**
 * The policies that people put on buckets, each with what still works and what is refused. Source: "Bucket policy examples
 * using condition keys" and "Protecting data with server-side encryption", S3 user guide.
 */
const conditions: ReadonlyArray<
  readonly [
    what: string,
    action: string,
    condition: object,
    works: object,
    fails: object,
    context?: Record<string, string>,
  ]
> = [
  [
    'uploads without SSE-KMS',
    's3:PutObject',
    { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
    { Key, Body, ...kms },
    { Key, Body },
  ],
  [
    'uploads that name no encryption',
    's3:PutObject',
    { Null: { 's3:x-amz-server-side-encryption': 'true' } },
    { Key, Body, ServerSideEncryption: 'AES256' },
    { Key, Body },
  ],
  [
    'uploads under another key, where one is named',
    's3:PutObject',
    { Null: { [keyName]: 'false' }, StringNotEquals: { [keyName]: 'alias/mine' } },
    { Key, Body },
    { Key, Body, ...kms, SSEKMSKeyId: 'alias/other' },
  ],
  [
    'uploads under another key, or under none that is named',
    's3:PutObject',
    { StringNotEqualsIfExists: { [keyName]: 'alias/aws/s3' } },
    { Key, Body, ...kms, SSEKMSKeyId: 'alias/aws/s3' },
    { Key, Body },
  ],
  [
    'requests that do not come through a VPC endpoint',
    's3:*',
    { StringNotEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } },
    {},
    { Key, Body },
  ],
  [
    'requests without TLS',
    's3:*',
    { Bool: { 'aws:SecureTransport': 'false' } },
    { Key, Body },
    { Key, Body },
    { 'aws:SecureTransport': 'false' },
  ],
  ...(
    [
      ['s3:authType', 'REST-HEADER', 'REST-QUERY-STRING'],
      ['s3:signatureversion', 'AWS4-HMAC-SHA256', 'AWS'],
      ['s3:ResourceAccount', '000000000000', '111122223333'],
      ['aws:ResourceAccount', '000000000000', '111122223333'],
      ['aws:PrincipalAccount', '000000000000', '111122223333'],
      ['aws:RequestedRegion', 'us-east-1', 'eu-west-1'],
      ['aws:PrincipalArn', 'arn:aws:iam::000000000000:role/SecurityAdmin', 'arn:aws:iam::000000000000:role/Auditor'],
      ['aws:PrincipalIsAWSService', 'false', 'true'],
      ['aws:ViaAWSService', 'false', 'true'],
      ['aws:MultiFactorAuthPresent', 'false', 'true'],
    ] as const
  ).flatMap(([name, value, other]) => [
    [`requests by their ${name}`, 's3:*Object', { StringEquals: { [name]: value } }, {}, { Key, Body }] as const,
    [`requests by another ${name}`, 's3:*Object', { StringEquals: { [name]: other } }, { Key, Body }, {}] as const,
  ]),
  [
    'writes that do not say that nothing must be there',
    's3:PutObject',
    { Null: { 's3:if-none-match': 'true' } },
    { Key, Body, IfNoneMatch: '*' },
    { Key, Body },
  ],
  ['requests with an old TLS', 's3:*', { NumericLessThan: { 's3:TlsVersion': '1.2' } }, { Key, Body }, {}],
  [
    'requests from elsewhere',
    's3:*',
    { NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '127.0.0.0/8'] } },
    { Key, Body },
    { Key, Body },
    { 'aws:SourceIp': '203.0.113.7' },
  ],
];

/** Sections 3.1 and 3.7. */
export const bucketPolicyFacts: readonly Fact[] = [
  ...conditions.map(
    ([what, action, condition, works, fails, requestContext]): Fact => [
      '3.1',
      `a bucket policy that denies ${what}`,
      async (w) => {
        const Bucket = await w.bucket();
        await put(w, Bucket, deny(Bucket, action, condition));
        if ('Key' in works) await w.s3('PutObject', { Bucket, ...works });
        const refusal = `User: ${caller} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::${Bucket}/${Key}" ${explicit}`;
        if ('Key' in fails) {
          await w.control(requestContext ? { requestContext } : {}, async () =>
            refused(w.s3('PutObject', { Bucket, ...fails }), 'AccessDenied', refusal, 403),
          );
        }
      },
    ],
  ),
  [
    '3.1',
    'requests through the VPC endpoint of a bucket policy are taken',
    async (w) => {
      const Bucket = await w.bucket();
      await w.control({ requestContext: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } }, async () => {
        await put(w, Bucket, deny(Bucket, 's3:*', { StringNotEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } }));
        await w.s3('PutObject', { Bucket, Key, Body });
      });
      await refused(w.s3('GetBucketPolicy', { Bucket }), 'AccessDenied', undefined, 403);
      // The root user can always take a policy away, and is bound by it in all else.
      const root = { as: w.practice.server.credentialsOf('root') };
      await refused(w.s3('GetObject', { Bucket, Key }, root), 'AccessDenied', undefined, 403);
      await w.s3('DeleteBucketPolicy', { Bucket }, root);
      await w.s3('GetObject', { Bucket, Key });
    },
  ],
  [
    '3.1',
    'a list is limited to a prefix, and an upload in parts is judged by what it began with',
    async (w) => {
      const Bucket = await w.bucket();
      await put(
        w,
        Bucket,
        deny(Bucket, 's3:ListBucket', { StringNotLike: { 's3:prefix': 'open/*' } }),
        deny(Bucket, 's3:PutObject', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } }),
      );
      await w.s3('ListObjectsV2', { Bucket, Prefix: 'open/a' });
      const listed = { 's3:max-keys': '7', 's3:delimiter': '-' };
      for (const [name, value] of Object.entries(listed)) {
        const Other = await w.bucket();
        await put(w, Other, deny(Other, 's3:ListBucket', { StringEquals: { [name]: value } }));
        await w.s3('ListObjectsV2', { Bucket: Other, MaxKeys: 8, Delimiter: '/' });
        const list = w.s3('ListObjectsV2', { Bucket: Other, MaxKeys: 7, Delimiter: '-' });
        await refused(list, 'AccessDenied', undefined, 403);
      }
      await refused(w.s3('ListObjectsV2', { Bucket, Prefix: 'closed/' }), 'AccessDenied', undefined, 403);
      await refused(w.s3('CreateMultipartUpload', { Bucket, Key }), 'AccessDenied', undefined, 403);
      const { UploadId } = await w.s3('CreateMultipartUpload', { Bucket, Key, ...kms });
      const { ETag } = await w.s3('UploadPart', { Bucket, Key, UploadId, PartNumber: 1, Body });
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
      await w.s3('CompleteMultipartUpload', { Bucket, Key, UploadId, MultipartUpload });
    },
  ],
  [
    '3.7',
    'an object that is absent is 403 for who may not list the bucket (S3 API reference, HeadObject)',
    async (w) => {
      const Bucket = await w.bucket();
      await refused(w.s3('GetObject', { Bucket, Key: 'absent' }), 'NoSuchKey', undefined, 404);
      await put(w, Bucket, deny(Bucket, 's3:ListBucket'));
      await refused(w.s3('GetObject', { Bucket, Key: 'absent' }), 'AccessDenied', undefined, 403);
      await w.s3('PutObject', { Bucket, Key, Body });
      await w.s3('HeadObject', { Bucket, Key });
    },
  ],
  [
    '3.1',
    'a bucket policy that names a caller lets it in where IAM is silent; one for the account does not',
    async (w) => {
      const Bucket = await w.bucket();
      const where = { as: w.practice.server.credentialsOf('bob') };
      const bob = 'arn:aws:iam::000000000000:user/bob';
      const grant = (arn: string) => ({ ...deny(Bucket, 's3:*'), Effect: 'Allow', Principal: { AWS: arn } });
      await w.control({ deny: { bob: ['s3:*'] } }, async () => {
        await refused(w.s3('PutObject', { Bucket, Key, Body }, where), 'AccessDenied', undefined, 403);
        await put(w, Bucket, grant('arn:aws:iam::000000000000:root'));
        await refused(w.s3('PutObject', { Bucket, Key, Body }, where), 'AccessDenied', undefined, 403);
        await put(w, Bucket, grant(bob));
        await w.s3('PutObject', { Bucket, Key, Body }, where);
      });
      const all = { Effect: 'Allow', Action: '*', Resource: '*' };
      const denies = { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' };
      for (const settings of [
        { policies: { bob: [{ Statement: [all, denies] }] } },
        { organization: [{ Statement: [{ ...all, Action: 'kms:*' }] }] },
      ])
        await w.control(settings, async () =>
          refused(w.s3('PutObject', { Bucket, Key, Body }, where), 'AccessDenied', undefined, 403),
        );
    },
  ],
  [
    '3.7',
    'a bucket policy is kept as it was put, and is missing in the words of S3',
    async (w) => {
      const Bucket = await w.bucket();
      const text = 'The bucket policy does not exist';
      await refused(w.s3('GetBucketPolicy', { Bucket }), 'NoSuchBucketPolicy', text, 404);
      const Policy = JSON.stringify({ Statement: deny(Bucket, 's3:DeleteObject') }, undefined, 3);
      await w.s3('PutBucketPolicy', { Bucket, Policy });
      assert.equal((await w.s3('GetBucketPolicy', { Bucket })).Policy, Policy);
      await w.s3('PutBucketEncryption', {
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      });
      await refused(w.s3('DeleteObject', { Bucket, Key }), 'AccessDenied', undefined, 403);
      await w.s3('DeleteBucketPolicy', { Bucket });
      await w.s3('DeleteObject', { Bucket, Key });
    },
  ],
  ...(
    [
      ['no JSON', () => '{', "Policies must be valid JSON and the first byte must be '{'"],
      ['no principal', () => ({ Principal: undefined }), 'Missing required field Principal'],
      ['no action', () => ({ Action: undefined }), 'Missing required field Action'],
      [
        'an unknown principal',
        () => ({ Principal: { AWS: 'arn:aws:iam::000000000000:user/nobody' } }),
        'Invalid principal in policy',
      ],
      ['another bucket', () => ({ Resource: 'arn:aws:s3:::another/*' }), 'Policy has invalid resource'],
    ] as const
  ).map(
    ([what, change, text]): Fact => [
      '3.7',
      `PutBucketPolicy: ${what} (reports)`,
      async (w) => {
        const Bucket = await w.bucket();
        const changed = change();
        const statement = { ...deny(Bucket, 's3:GetObject'), ...(typeof changed === 'string' ? {} : changed) };
        const Policy = typeof changed === 'string' ? changed : JSON.stringify({ Statement: [statement] });
        await refused(w.s3('PutBucketPolicy', { Bucket, Policy }), 'MalformedPolicy', text);
      },
    ],
  ),
  [
    '3.7',
    'PutBucketPolicy: a public policy is blocked',
    async (w) => {
      const Bucket = await w.bucket();
      const text = `User: ${caller} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${Bucket}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`;
      await refused(put(w, Bucket, { ...deny(Bucket, 's3:GetObject'), Effect: 'Allow' }), 'AccessDenied', text, 403);
    },
  ],
  [
    '3.7',
    'DeleteObjects: each object is allowed or refused for itself',
    async (w) => {
      const Bucket = await w.bucket();
      await put(w, Bucket, { ...deny(Bucket, 's3:DeleteObject'), Resource: `arn:aws:s3:::${Bucket}/kept/*` });
      const Objects = [{ Key: 'kept/a' }, { Key: 'b' }];
      const { Deleted, Errors } = await w.s3('DeleteObjects', { Bucket, Delete: { Objects } });
      assert.deepEqual(Deleted, [{ Key: 'b' }]);
      assert.deepEqual([Errors?.length, Errors?.[0]?.Key, Errors?.[0]?.Code], [1, 'kept/a', 'AccessDenied']);
      assert.match(Errors?.[0]?.Message ?? '', new RegExp(explicit));
    },
  ],
  [
    '3.7',
    'a copy needs permission to read its source',
    async (w) => {
      const Bucket = await w.bucket();
      await w.s3('PutObject', { Bucket, Key, Body });
      await put(w, Bucket, deny(Bucket, 's3:GetObject'));
      const copy = w.s3('CopyObject', { Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` });
      await assert.rejects(copy, /s3:GetObject on resource: .* with an explicit deny in a resource-based policy/);
    },
  ],
];
