import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateAliasCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  GenerateDataKeyCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';
import { enabledKey, externalKey, importMaterial, must, practise, refused } from './practising.ts';

const Bucket = 'practice-bucket';

test('a restart keeps keys, aliases, material and objects', async (t) => {
  const folder = newFolder();
  const first = await practise(t, { folder });
  const { keyId, arn } = await enabledKey(first.kms());
  await first.kms().send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: keyId }));
  await first.s3().send(new CreateBucketCommand({ Bucket }));
  await first.s3().send(
    new PutObjectCommand({
      Bucket,
      Key: 'k',
      Body: Buffer.from('text'),
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: arn,
    }),
  );
  await first.server.close();

  const second = await practise(t, { folder });
  const { KeyMetadata } = await second.kms().send(new DescribeKeyCommand({ KeyId: 'alias/mine' }));
  assert.deepEqual([KeyMetadata?.KeyId, KeyMetadata?.KeyState], [keyId, 'Enabled']);
  const got = await second.s3().send(new GetObjectCommand({ Bucket, Key: 'k' }));
  assert.equal(await must(got.Body).transformToString(), 'text');
});

test('two servers over one folder agree at once', async (t) => {
  const one = await practise(t);
  const other = await practise(t, { folder: one.folder });
  const { keyId, arn, material } = await enabledKey(one.kms());
  await other.kms().send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' }));
  await other.kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
  const use = one.kms().send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' }));
  await refused(use, 'KMSInvalidStateException', `${arn} is pending import.`);
  await importMaterial(other.kms(), keyId, material);
  await one.kms().send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' }));
  const made = await Promise.all([one, other, one, other].map(async ({ kms }) => externalKey(kms())));
  const listed = await one.kms().send(new ListKeysCommand({}));
  assert.deepEqual(
    listed.Keys?.map((key) => key.KeyId),
    [...made, keyId].sort(),
  );
});

test('no file of the state holds material or object bytes in the clear, in any spelling', async (t) => {
  const practice = await practise(t);
  const { arn, material } = await enabledKey(practice.kms());
  const Body = randomBytes(64);
  await practice.s3().send(new CreateBucketCommand({ Bucket }));
  await practice
    .s3()
    .send(new PutObjectCommand({ Bucket, Key: 'k', Body, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn }));
  assert.equal(statSync(practice.folder).mode & 0o777, 0o700);
  let files = 0;
  for (const entry of readdirSync(practice.folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) {
      files += 1;
      const file = join(entry.parentPath, entry.name);
      const content = readFileSync(file);
      for (const secret of [material, Body]) {
        for (const spelling of [secret, secret.toString('hex'), secret.toString('hex').toUpperCase()])
          assert.equal(content.indexOf(spelling), -1, entry.name);
        // Base64 has three alignments; the inner characters of each are the same whatever surrounds the bytes.
        for (const offset of [0, 1, 2]) {
          const inner = Buffer.concat([Buffer.alloc(offset), secret])
            .toString('base64')
            .slice(4, -4);
          assert.equal(content.indexOf(inner), -1, entry.name);
        }
      }
      // SQLite makes its files by itself. The folder is closed to others.
      if (!entry.name.startsWith('practice.sqlite')) assert.equal(statSync(file).mode & 0o777, 0o600, entry.name);
    }
  }
  assert.ok(files >= 3, 'the database, the master key and the body were looked at');
});

test('a folder that cannot be used is refused before anything listens', async () => {
  await assert.rejects(startPracticeAws({ stateFolder: '/dev/null/state' }), { code: 'ENOTDIR' });
});
