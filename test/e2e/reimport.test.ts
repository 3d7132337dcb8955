import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  KMSClient,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { sealBackup } from '../../source/material/backup.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { type Outside, outside } from '../faults/outside.ts';
import { enabledKey, importMaterial } from '../practice/practising.ts';

const timeout = 120_000;
const hour = 3_600_000;

/** Clients of the AWS that a ceremony used, what its record says, and the reimport with answers. */
function after({ aws, cut, workdir, run }: Outside) {
  const config = { endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' };
  const record = JSON.parse(readFileSync(join(workdir, 'record.json'), 'utf8'));
  return {
    kms: new KMSClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    record,
    KeyId: record.key.keyId as string,
    reimport: async (answers: string) => {
      writeFileSync(join(cut.folder, 'reimport.yaml'), `ceremony: reimport\nbring-back:\n${answers}`);
      const ended = await run({}, (args) => args.map((word) => (word === 'answers.yaml' ? 'reimport.yaml' : word)));
      return { ...ended, result: JSON.parse(ended.stdout) };
    },
  };
}

test('an object is unreadable once the material has expired, and readable when that is back', { timeout }, async () => {
  let later = 0;
  const ceremony = await outside({
    changes: { import: { expiry: 'date', 'valid-to': '1d' } },
    now: () => new Date(Date.now() + later),
  });
  try {
    const { status, stderr } = await ceremony.run();
    assert.equal(status, 0, stderr);
    const { s3, record, reimport } = after(ceremony);
    const [{ bucket, key }] = record.objects;
    const read = async () =>
      (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString();
    const before = await read();
    later = 48 * hour;
    await assert.rejects(read(), /pending import/);
    const kept = await reimport('  expiry: date\n  valid-to: 90d\n');
    assert.equal(kept.status, 0, kept.stderr);
    assert.equal(await read(), before);
    assert.deepEqual([kept.result.keyState, kept.result.readable], ['Enabled', { bucket, key, isSame: true }]);
  } finally {
    await ceremony.close();
  }
});

test('an expiry that a reimport has changed is the one that the next reimport keeps', { timeout }, async () => {
  const ceremony = await outside({ changes: { import: { expiry: 'date', 'valid-to': '30d' } } });
  try {
    const { status, stderr } = await ceremony.run();
    assert.equal(status, 0, stderr);
    const { kms, KeyId, reimport } = after(ceremony);
    const changed = await reimport('  expiry: never\n');
    assert.equal(changed.status, 0, changed.stderr);
    await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    const kept = await reimport('  expiry: keep\n');
    assert.equal(kept.status, 0, kept.stderr);
    assert.deepEqual(
      [changed, kept].map(({ result }) => result.materials.map(({ validTo }: { validTo: string | null }) => validTo)),
      [[null], [null]],
    );
  } finally {
    await ceremony.close();
  }
});

test('of a key that was rotated twice, two lost materials come back from backups with a passphrase each', {
  timeout,
}, async () => {
  let later = 0;
  const ceremony = await outside({ now: () => new Date(Date.now() + later) });
  try {
    const { status, stderr } = await ceremony.run();
    assert.equal(status, 0, stderr);
    const { kms, KeyId, reimport } = after(ceremony);
    for (const number of [1, 2]) {
      using secret = SecretBytes.takeFrom(randomBytes(32));
      const passphrase = `words of backup number ${number}`;
      const lock = { by: 'passphrase', passphrase: Buffer.from(passphrase), workFactor: 4 } as const;
      writeFileSync(join(ceremony.cut.folder, `${number}.key.age`), await sealBackup(secret, lock));
      writeFileSync(join(ceremony.cut.folder, `${number}.txt`), passphrase, { mode: 0o600 });
      const bytes = secret.use((each) => Buffer.from(each));
      await importMaterial(kms, KeyId, bytes, { ImportType: 'NEW_KEY_MATERIAL' });
      await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
      later += hour;
      await kms.send(new DescribeKeyCommand({ KeyId }));
    }
    const materials = async () =>
      (await kms.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }))).Rotations ?? [];
    const before = await materials();
    for (const { KeyMaterialId } of before.slice(1))
      await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId }));
    const answers = '  expiry: never\n  backups: [2.key.age, 1.key.age]\n  passphrase-file: 1.txt\n';
    const half = await reimport(answers);
    assert.equal(half.status, 2, half.stderr);
    assert.match(half.stderr, /bring-back\.passphrase-2-file is missing/);
    const whole = await reimport(`${answers}  passphrase-2-file: 2.txt\n`);
    assert.equal(whole.status, 0, whole.stderr);
    assert.equal(whole.result.materials.length, 2);
    assert.deepEqual(await materials(), before);
  } finally {
    await ceremony.close();
  }
});

test('begun with a copy and the name of the key alone, it goes on with the same command', { timeout }, async () => {
  const ceremony = await outside();
  try {
    const { status, stderr } = await ceremony.run();
    assert.equal(status, 0, stderr);
    const { kms, KeyId } = after(ceremony);
    await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    const answers =
      'find-key:\n  key: alias/my-first-key\nbring-back:\n  expiry: never\n  backups: [w/plain_text_aes_key.bin]\n';
    writeFileSync(
      join(ceremony.cut.folder, 'reimport.yaml'),
      `ceremony: reimport\nconnect:\n  source: environment\n  region: us-east-1\n${answers}`,
    );
    const again = () =>
      ceremony.run({}, ([run = '', , ...args]) => [
        run,
        'reimport.yaml',
        ...args.filter((word) => !/^(--workdir|w)$/.test(word)),
      ]);
    ceremony.set({ faults: [{ operation: 'kms:ImportKeyMaterial', do: 'fail' }] });
    const stopped = await again();
    assert.equal(stopped.status, 3, stopped.stderr);
    ceremony.set();
    const whole = await again();
    assert.equal(whole.status, 0, whole.stderr);
    const folders = readdirSync(ceremony.cut.folder).filter((name) => name.startsWith('keyferry-new'));
    assert.deepEqual(folders, ['keyferry-new']);
  } finally {
    await ceremony.close();
  }
});

test('begun with the name of another key, it does not go on with the reimport that has stopped here', {
  timeout,
}, async () => {
  const ceremony = await outside();
  try {
    const { status, stderr } = await ceremony.run();
    assert.equal(status, 0, stderr);
    const { kms, KeyId } = after(ceremony);
    const other = await enabledKey(kms);
    writeFileSync(join(ceremony.cut.folder, 'other.bin'), other.material, { mode: 0o600 });
    for (const lost of [KeyId, other.keyId]) await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: lost }));
    const reimport = (key: string, copy: string) => {
      const answers = `find-key:\n  key: ${key}\nbring-back:\n  expiry: never\n  backups: [${copy}]\n`;
      const file = join(ceremony.cut.folder, 'reimport.yaml');
      writeFileSync(file, `ceremony: reimport\nconnect:\n  source: environment\n  region: us-east-1\n${answers}`);
      const [run = '', , ...args] = ceremony.cut.args;
      const words = [run, 'reimport.yaml', ...args.filter((word) => !/^(--workdir|w)$/.test(word))];
      return ceremony.run({}, () => words);
    };
    ceremony.set({ faults: [{ operation: 'kms:ImportKeyMaterial', do: 'fail' }] });
    assert.equal((await reimport('alias/my-first-key', 'w/plain_text_aes_key.bin')).status, 3);
    ceremony.set();
    const ended = await reimport(other.keyId, 'other.bin');
    assert.equal(ended.status, 0, ended.stderr);
    assert.equal(JSON.parse(ended.stdout).keyId, other.keyId);
    const folders = readdirSync(ceremony.cut.folder).filter((name) => name.startsWith('keyferry-new'));
    assert.deepEqual(folders.toSorted(), ['keyferry-new', 'keyferry-new-2']);
  } finally {
    await ceremony.close();
  }
});
