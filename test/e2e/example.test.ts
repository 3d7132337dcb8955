import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeleteImportedKeyMaterialCommand, KMSClient } from '@aws-sdk/client-kms';
import { parse } from 'yaml';
import { startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';
import { keyferry } from './program.ts';

/** Saves what `--example` prints, as a shell would with `>`. */
async function example(folder: string, name: string, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await keyferry(['run', '--example', ...args], folder);
  assert.equal(status, 0, stderr);
  writeFileSync(join(folder, name), stdout);
  return stdout;
}

const unattended = (answers: string) => ['run', answers, '--practice', '--workdir', 'w', '--json'];

test('the example works as it stands, and after a deletion the one of the reimport brings the material back, and that of more objects works', async () => {
  const folder = newFolder();
  await example(folder, 'a.yaml');
  const made = await keyferry(unattended('a.yaml'), folder);
  assert.equal(made.status, 0, made.stderr);
  const { keyState, keyId } = JSON.parse(made.stdout);
  assert.equal(keyState, 'Enabled');
  assert.match(made.stderr, /^Made backup-passphrase\.txt in w: practice only\.$/m);

  const aws = await startPracticeAws({ stateFolder: join(folder, 'w', 'keyferry-practice-aws') });
  const { endpoint, credentials } = aws;
  const kms = new KMSClient({ endpoint, region: 'us-east-1', credentials });
  await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
  kms.destroy();
  await aws.close();

  const without = await keyferry(unattended('a.yaml'), folder);
  assert.equal(without.status, 3, without.stderr);
  const { problem, ...ended } = JSON.parse(without.stdout);
  assert.deepEqual([ended.ended, ended.exit, problem.code], ['finished', 3, 'PendingImport']);

  await example(folder, 'r.yaml', 'reimport');
  const back = await keyferry(unattended('r.yaml'), folder);
  assert.equal(back.status, 0, back.stderr);
  assert.equal(JSON.parse(back.stdout).keyState, 'Enabled');

  await example(folder, 'e.yaml', 'encrypt');
  const more = await keyferry(unattended('e.yaml'), folder);
  assert.equal(more.status, 0, more.stderr);
  const { objects, keyArn } = JSON.parse(more.stdout);
  assert.deepEqual([objects[0].key, objects[0].kmsKeyArn], ['more/keyferry-sample.txt', keyArn]);
});

test('the example keeps the key in memory and in a backup; the one of the video as the video does', async () => {
  const folder = newFolder();
  const safe = parse(await example(folder, 'a.yaml'));
  assert.deepEqual(safe['secret-key'], { origin: 'generate', keep: 'memory' });
  assert.deepEqual(safe.backup, { how: 'passphrase', 'passphrase-file': 'backup-passphrase.txt' });
  assert.equal(safe['wrapping-key'].wrapping, 'RSAES_OAEP_SHA_256 RSA_4096');
  assert.equal(safe.finish, undefined);

  const video = parse(await example(folder, 'v.yaml', '--as-in-the-video'));
  assert.deepEqual(video['secret-key'], { origin: 'generate', keep: 'file' });
  assert.deepEqual(video.backup, { how: 'none', 'confirm-none': 'no backup' });
  assert.equal(video['wrapping-key'].wrapping, 'RSAES_OAEP_SHA_1 RSA_2048');
  assert.deepEqual(video.finish, { 'plain-key': 'keep' });
  const { status, stdout, stderr } = await keyferry(unattended('v.yaml'), folder);
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout).wrapping.algorithm, 'RSAES_OAEP_SHA_1');
  assert.equal(statSync(join(folder, 'w', 'plain_text_aes_key.bin')).size, 32);
});
