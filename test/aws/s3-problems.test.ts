import { before, test } from 'node:test';
import { DisableKeyCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { loadErrorTable } from '../../source/aws/problems.ts';
import { enabledKey, type Practice, practise } from '../practice/practising.ts';
import { isTold, type Told } from './told.ts';

before(loadErrorTable);

type World = { readonly practice: Practice; readonly s3: S3Client };
type Row = readonly [name: string, told: Told, call: (world: World) => Promise<unknown>];

const Bucket = 'bucket-1';
const put = ({ s3 }: World, more: Partial<PutObjectCommandInput> = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key: 'x', Body: Buffer.from('x'), ...more }));
const putUnder = (world: World, SSEKMSKeyId: string) => put(world, { ServerSideEncryption: 'aws:kms', SSEKMSKeyId });

const rows: readonly Row[] = [
  ['a bucket that is not there', ['NoSuchBucket', /does not exist/], (world) => put(world, { Bucket: 'bucket-2' })],
  [
    'an object that is not there',
    ['NoSuchKey', /no object of this name/],
    ({ s3 }) => s3.send(new GetObjectCommand({ Bucket, Key: 'absent' })),
  ],
  [
    'an object that is not there, without a body',
    ['NotFound', /no bucket or object/],
    ({ s3 }) => s3.send(new HeadObjectCommand({ Bucket, Key: 'absent' })),
  ],
  [
    'a key that is disabled',
    ['KMS.DisabledException', /disabled/],
    async (world) => {
      const kms = world.practice.kms();
      const { keyId, arn } = await enabledKey(kms);
      await kms.send(new DisableKeyCommand({ KeyId: keyId }));
      return putUnder(world, arn);
    },
  ],
  [
    'a key of another Region',
    ['KMS.NotFoundException', /another Region/],
    async (world) => {
      const { arn } = await enabledKey(world.practice.kms());
      return putUnder(world, arn.replace('us-east-1', 'eu-west-1'));
    },
  ],
  [
    "a key of the customer's own",
    ['AccessDenied', /refuses SSE-C/, /sse aws:kms/],
    (world) => put(world, { SSECustomerAlgorithm: 'AES256', SSECustomerKey: 'a'.repeat(32) }),
  ],
];

for (const [name, told, call] of rows) {
  test(`of S3: ${name} is told`, async (t) => {
    const practice = await practise(t);
    const s3 = practice.s3();
    await s3.send(new CreateBucketCommand({ Bucket }));
    await isTold(call({ practice, s3 }), told);
  });
}
