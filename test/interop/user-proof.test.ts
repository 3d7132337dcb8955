import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';
import { beginImport, problemOf } from '../steps/ceremony.ts';

const isMissing = (program: string, argument: string) => spawnSync(program, [argument]).status !== 0;
const skip = isMissing('aws', '--version') || isMissing('openssl', 'version') ? 'no aws or no openssl' : false;

test('the file for a user of the key runs as it is, with their credentials alone, and its result is taken', {
  skip,
}, async (t) => {
  const practice = await practise(t);
  const uploader = 'arn:aws:iam::000000000000:role/app-uploader';
  const ceremony = await beginImport(t, {
    practice,
    answers: { permissions: { users: [uploader] }, prove: { by: 'user' } },
  });
  await problemOf(ceremony.upTo());
  const { folder } = ceremony.services;

  const home = newFolder();
  copyFileSync(folder.file('user-proof.sh'), join(home, 'user-proof.sh'));
  const { accessKeyId, secretAccessKey, sessionToken = '' } = practice.server.credentialsOf('app-uploader');
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    // What `keyferry practice-aws` prints; on AWS it is not there.
    AWS_ENDPOINT_URL: practice.server.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  // Not spawnSync: practice AWS answers in this process.
  const { stdout } = await promisify(execFile)('bash', ['user-proof.sh'], { cwd: home, env, timeout: 60_000 });
  assert.match(stdout, /^Written: user-proof\.json\./);

  copyFileSync(join(home, 'user-proof.json'), folder.file('user-proof.json'));
  const { leftToUser, imported } = await ceremony.upTo();
  assert.match(leftToUser?.result?.openedBy ?? '', /^arn:aws:sts::000000000000:assumed-role\/app-uploader\//);
  assert.equal(leftToUser?.result?.keyMaterialId, imported?.keyMaterialId);
});
