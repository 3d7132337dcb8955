import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeKeyCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import {
  GetObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';

import { keyInBackup } from '../e2e/backup-key.ts';
import { importMaterial } from '../practice/practising.ts';
import { assertWholeAndUnlocked } from './copied-ceremony.ts';

/** Where practice AWS can be asked what there is. */
export type Asked = {
  readonly endpoint: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
};

/**
 * Checks what a ceremony has left after all that happened to it: one key that is Enabled, one alias, one material, one bucket
 * with the object under that key, a kept copy that is that material, and a folder in which every file is whole and as the record
 * says.
 * @param identity opens the backup. Without it, the kept copy is the plain key file.
 */
export async function assertOneOfEach(
  { endpoint, credentials }: Asked,
  workdir: string,
  identity?: string,
): Promise<void> {
  const config = { endpoint, credentials, region: 'us-east-1', forcePathStyle: true };
  const kms = new KMSClient(config);
  const s3 = new S3Client(config);
  try {
    const { Keys = [] } = await kms.send(new ListKeysCommand({}));
    assert.equal(Keys.length, 1, 'one KMS key');
    const KeyId = Keys[0]?.KeyId;
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    assert.equal(KeyMetadata?.KeyState, 'Enabled');
    const { Aliases = [] } = await kms.send(new ListAliasesCommand({}));
    const ours = Aliases.filter(({ AliasName = '' }) => !AliasName.startsWith('alias/aws/'));
    assert.deepEqual(
      ours.map(({ AliasName, TargetKeyId }) => [AliasName, TargetKeyId]),
      [['alias/my-first-key', KeyId]],
    );
    const { Rotations = [] } = await kms.send(
      new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    );
    assert.deepEqual(
      Rotations.map(({ KeyMaterialState, ImportState }) => [KeyMaterialState, ImportState]),
      [['CURRENT', 'IMPORTED']],
    );

    const record = JSON.parse(readFileSync(join(workdir, 'record.json'), 'utf8'));
    assert.equal(record.key.keyId, KeyId);
    assert.equal(record.material.keyMaterialId, Rotations[0]?.KeyMaterialId);
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    assert.equal(Buckets.length, 1, 'one bucket');
    const Bucket = Buckets[0]?.Name ?? '';
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    assert.deepEqual(
      Contents.map(({ Key }) => Key),
      record.objects.map(({ key }: { key: string }) => key),
    );
    for (const { key, sha256 } of record.objects) {
      const object = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
      assert.equal(object.SSEKMSKeyId, KeyMetadata?.Arn);
      const bytes = await object.Body?.transformToByteArray();
      assert.equal(
        createHash('sha256')
          .update(bytes ?? '')
          .digest('hex'),
        sha256,
      );
    }
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    assert.deepEqual(Uploads, [], 'no upload is left half done');

    const names = assertWholeAndUnlocked(workdir);
    // The copy that the person keeps is the very material: KMS takes no other bytes as existing material.
    const kept =
      identity === undefined
        ? readFileSync(join(workdir, record.secret.file))
        : await keyInBackup(join(workdir, record.backup.file), { by: 'identities', identities: [identity] });
    await importMaterial(kms, KeyId ?? '', kept, { ImportType: 'EXISTING_KEY_MATERIAL' });
    for (const name of [record.wrapping.publicKeyFile, record.wrapping.tokenFile])
      assert.ok(names.includes(name), name);
  } finally {
    kms.destroy();
    s3.destroy();
  }
}
