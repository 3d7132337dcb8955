import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { isWithoutAnswer } from '../../source/aws/retrying.ts';
import { seededBytes } from '../material/random-files.ts';
import { newFolder } from '../new-folder.ts';
import { isLong, seed } from '../seed.ts';
import { importMaterial, must, refused, tryOnce } from './practising.ts';
import { type Served, serve } from './served.ts';

/** How often practice AWS is killed. */
const rounds = isLong ? 20 : 2;
const burst = 200;

const draw = seededBytes(seed);
/** A number from `least` to below `end`, drawn by the seed. */
const between = (least: number, end: number) => least + (draw(4).readUInt32BE() % (end - least));

type Clients = { readonly kms: KMSClient; readonly s3: S3Client };
/** What must be true after the restart, once a write was acknowledged. */
type Promised = (clients: Clients) => Promise<void>;
/** A write; it resolves with its promise as soon as it is acknowledged. */
type Write = (clients: Clients, number: number) => Promise<Promised>;

const bucket = 'practice-bucket';

const readBack = async ({ s3 }: Clients, Key: string): Promise<Buffer> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return Buffer.from(await must(Body).transformToByteArray());
};

/** The mixed writes of a burst, in turns. */
const writes: readonly Write[] = [
  async ({ kms }) => {
    const Description = randomBytes(8).toString('hex');
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL', Description }));
    return async (again) => {
      const found = await again.kms.send(new DescribeKeyCommand({ KeyId: KeyMetadata?.KeyId }));
      assert.equal(found.KeyMetadata?.Description, Description);
    };
  },
  async ({ kms }) => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    const KeyId = must(KeyMetadata?.KeyId);
    const { KeyMaterialId } = await importMaterial(kms, KeyId, randomBytes(32));
    return async (again) => {
      const found = (await again.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
      assert.deepEqual([found?.KeyState, found?.CurrentKeyMaterialId], ['Enabled', KeyMaterialId]);
      await again.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) }));
    };
  },
  async ({ kms }) => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    const KeyId = must(KeyMetadata?.KeyId);
    await importMaterial(kms, KeyId, randomBytes(32));
    await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    return async (again) => {
      const found = await again.kms.send(new DescribeKeyCommand({ KeyId }));
      assert.equal(found.KeyMetadata?.KeyState, 'PendingImport');
    };
  },
  async ({ kms }) => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const TargetKeyId = must(KeyMetadata?.KeyId);
    const AliasName = `alias/${TargetKeyId}`;
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
    await kms.send(new TagResourceCommand({ KeyId: TargetKeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] }));
    await kms.send(new UpdateKeyDescriptionCommand({ KeyId: TargetKeyId, Description: 'changed' }));
    return async (again) => {
      const found = (await again.kms.send(new DescribeKeyCommand({ KeyId: AliasName }))).KeyMetadata;
      assert.deepEqual([found?.KeyId, found?.Description], [TargetKeyId, 'changed']);
      const { Tags } = await again.kms.send(new ListResourceTagsCommand({ KeyId: TargetKeyId }));
      assert.deepEqual(Tags, [{ TagKey: 'a', TagValue: 'b' }]);
    };
  },
  async ({ kms }) => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const KeyId = must(KeyMetadata?.KeyId);
    const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: `${Policy}\n` }));
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId }));
    return async (again) => {
      assert.equal((await again.kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy, `${Policy}\n`);
      const found = await again.kms.send(new DescribeKeyCommand({ KeyId }));
      assert.equal(found.KeyMetadata?.KeyState, 'PendingDeletion');
    };
  },
  async (clients, number) => {
    const Body = draw(between(0, 300_000));
    const Key = `object ${number}`;
    await clients.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body, ServerSideEncryption: number % 2 ? 'AES256' : 'aws:kms' }),
    );
    return async (again) => assert.ok((await readBack(again, Key)).equals(Body), Key);
  },
  async ({ s3 }, number) => {
    const Key = `overwritten ${number}`;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.from('old') }));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.from('new') }));
    return async (again) => assert.equal((await readBack(again, Key)).toString(), 'new');
  },
  async ({ s3 }, number) => {
    const Key = `deleted ${number}`;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.from('gone') }));
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    return async (again) => refused(again.s3.send(new GetObjectCommand({ Bucket: bucket, Key })), 'NoSuchKey');
  },
  async ({ s3 }, number) => {
    const Bucket = `bucket-${number}-${randomBytes(4).toString('hex')}`;
    await s3.send(new CreateBucketCommand({ Bucket }));
    return async (again) => void (await again.s3.send(new HeadBucketCommand({ Bucket })));
  },
  async ({ s3 }, number) => {
    const target = { Bucket: bucket, Key: `parts ${number}` };
    const Body = randomBytes(100_000);
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
    const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
    return async (again) => assert.ok((await readBack(again, target.Key)).equals(Body), target.Key);
  },
];

test(`kill -9 in a burst of ${burst} mixed writes loses nothing that was acknowledged, ${rounds} times over`, async () => {
  const state = join(newFolder(), 'state');
  for (let round = 0; round < rounds; round += 1) {
    const server = await serve(state);
    const clients = clientsOf(server);
    await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const promised: Promised[] = [];
    const fatal = between(10, burst - 40);
    const ended = once(server.child, 'exit');
    let next = 0;
    /** Writes again and again, until no answer comes any more. So all are in the middle of a write when the kill comes. */
    const writeOn = async () => {
      for (;;) {
        const number = next++;
        const write = must(writes[number % writes.length]);
        promised.push(await write(clients, round * 10_000 + number));
        if (promised.length === fatal) server.child.kill('SIGKILL');
      }
    };
    const results = await Promise.allSettled(Array.from({ length: burst }, writeOn));
    await ended;
    assert.equal(server.child.signalCode, 'SIGKILL');
    const reasons = results.map((result) => (result.status === 'rejected' ? result.reason : undefined));
    assert.deepEqual(
      reasons.filter((reason) => !isWithoutAnswer(reason)),
      [],
      'every writer was cut off by the kill',
    );
    assert.ok(promised.length >= fatal, `${promised.length} were acknowledged`);

    const restarted = await serve(state);
    const again = clientsOf(restarted);
    for (const holds of promised) await holds(again);
    // What was cut has left no half-written body behind.
    assert.deepEqual(
      readdirSync(join(state, 'objects')).filter((name) => name.endsWith('.part')),
      [],
    );
    assert.equal(await restarted.stop(), 0);
  }
});

function clientsOf(served: Served): Clients {
  const config = tryOnce(served);
  return { kms: new KMSClient(config), s3: new S3Client(config) };
}
