import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { wrap } from '../practising.ts';
import { type Fact, refused } from './fact.ts';
import { policyFor } from './policy-for.ts';
import { Body, fresh, Key } from './s3-facts.ts';
import { sendMaterial } from './send-material.ts';

const account = '000000000000';
const there = [
  ['aws-us-gov', 'us-gov-west-1', 'amazonaws.com'],
  ['aws-cn', 'cn-north-1', 'amazonaws.com.cn'],
] as const;
const constrained = (LocationConstraint: string) => ({ CreateBucketConfiguration: { LocationConstraint } });

/** Section 5. Source: "Amazon Resource Names (ARNs)", AWS general reference, and the SDKs' endpoint metadata. */
export const partitionFacts: readonly Fact[] = [
  ...there.map(
    ([partition, region, suffix]): Fact => [
      '5',
      `the partition ${partition}: every ARN names it`,
      async (w) => {
        const where = { region };
        const caller = await w.sts('GetCallerIdentity', {}, where);
        assert.equal(caller.Arn, `arn:${partition}:sts::${account}:assumed-role/SecurityAdmin/you`);
        const { Role } = await w.iam('GetRole', { RoleName: 'app-deployer' }, where);
        assert.equal(Role?.Arn, `arn:${partition}:iam::${account}:role/application/app-deployer`);
        const { Arn, KeyId } = await w.key({ Origin: 'AWS_KMS' }, where);
        assert.equal(Arn, `arn:${partition}:kms:${region}:${account}:key/${KeyId}`);
        const { Policy = '' } = await w.kms('GetKeyPolicy', { KeyId }, where);
        assert.match(Policy, new RegExp(`"arn:${partition}:iam::${account}:root"`));
        const Bucket = fresh();
        await w.s3('CreateBucket', { Bucket, ...constrained(region) }, where);
        const viaS3 = { StringEquals: { 'kms:ViaService': `s3.${region}.${suffix}` } };
        const mine = `arn:${partition}:iam::${account}:role/SecurityAdmin`;
        const policy = JSON.parse(policyFor(w, mine)) as { Statement: Record<string, unknown>[] };
        policy.Statement.push({ ...policy.Statement[0], Action: 'kms:GenerateDataKey', Effect: 'Deny' });
        Object.assign(policy.Statement[1] ?? {}, { Condition: viaS3 });
        const encrypted = { Bucket, Key, Body, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyId };
        assert.equal((await w.s3('PutObject', encrypted, where)).SSEKMSKeyId, Arn);
        await w.kms('PutKeyPolicy', { KeyId, Policy: JSON.stringify(policy) }, where);
        await refused(w.s3('PutObject', encrypted, where), 'AccessDenied', undefined, 403);
      },
    ],
  ),
  [
    '1.1',
    'in China Regions, a symmetric key takes 16 bytes, those of an SM4 key, and no others',
    async (w) => {
      const where = { region: 'cn-north-1' };
      const { KeyId } = await w.key({ Origin: 'EXTERNAL' }, where);
      const spec = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;
      const { ImportToken: token, PublicKey } = await w.kms('GetParametersForImport', spec, where);
      assert.ok(token && PublicKey);
      const send = (bytes: number) =>
        sendMaterial(w, KeyId, token, wrap(randomBytes(bytes), PublicKey, 'sha256'), {}, where);
      await refused(send(32), 'InvalidCiphertextException');
      await send(16);
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId, Plaintext: Body }, where);
      assert.ok(CiphertextBlob);
    },
  ],
  [
    '5',
    'partitions know nothing of each other: principals, buckets, Regions',
    async (w) => {
      const where = { region: 'us-gov-west-1' };
      const Policy = policyFor(w, `arn:aws:iam::${account}:role/SecurityAdmin`);
      const invalid = 'Policy contains a statement with one or more invalid principals.';
      await refused(w.kms('CreateKey', { Policy }, where), 'MalformedPolicyDocumentException', invalid);
      const Bucket = await w.bucket();
      await refused(w.s3('GetObject', { Bucket, Key }, where), 'NoSuchBucket', undefined, 404);
      const other = constrained('cn-north-1');
      await refused(w.s3('CreateBucket', { Bucket: fresh(), ...other }), 'InvalidLocationConstraint');
      const { KeyId } = await w.imported({ MultiRegion: true });
      const replicate = w.kms('ReplicateKey', { KeyId, ReplicaRegion: 'us-gov-west-1' });
      await refused(replicate, 'UnsupportedOperationException');
    },
  ],
  [
    '1.2',
    'a Region that has the form of one and does not exist is unknown',
    async (w) => {
      const where = { region: 'us-east-9' };
      const text = 'Credential should be scoped to a valid region.';
      await refused(w.kms('ListKeys', {}, where), 'InvalidSignatureException', text);
      await refused(w.sts('GetCallerIdentity', {}, where), 'SignatureDoesNotMatch', text, 403);
      await refused(w.s3('ListBuckets', {}, where), 'AuthorizationHeaderMalformed');
      const { KeyId } = await w.imported({ MultiRegion: true });
      await refused(w.kms('ReplicateKey', { KeyId, ReplicaRegion: 'us-east-9' }), 'UnsupportedOperationException');
      const constraint = constrained('eu-west-9');
      await refused(w.s3('CreateBucket', { Bucket: fresh(), ...constraint }), 'InvalidLocationConstraint');
    },
  ],
];
