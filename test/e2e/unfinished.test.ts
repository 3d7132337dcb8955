import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateKeyCommand, DeleteImportedKeyMaterialCommand, KMSClient } from '@aws-sdk/client-kms';
import { startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';
import { answersFile, type Changes, exampleWith, ofEnvironment } from './answers.ts';
import { keyferry } from './program.ts';

test("Keyferry's own keys without material are listed with the way on, and no others", async (t) => {
  const aws = await startPracticeAws({ stateFolder: newFolder() });
  t.after(() => aws.close());
  const folder = newFolder();
  const { accessKeyId, secretAccessKey, sessionToken = '' } = aws.credentials;
  const environment = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  const look = () =>
    keyferry(['unfinished', '--region', 'us-east-1', '--endpoint-url', aws.endpoint], folder, environment);
  const run = (alias: string, changes: Changes) => {
    const answers = exampleWith(ofEnvironment, { 'describe-key': { alias: `alias/${alias}` } }, changes);
    return keyferry(
      ['run', answersFile(folder, answers), '--endpoint-url', aws.endpoint, '--json'],
      folder,
      environment,
    );
  };
  assert.match((await look()).stdout, /^No key of Keyferry's waits for its material in us-east-1\.\n$/);

  const kms = new KMSClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials: aws.credentials });
  await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
  const finished = await run('finished', {});
  assert.equal(finished.status, 0, finished.stderr);
  assert.equal((await run('half-made', { wrap: { by: 'me', file: 'absent.bin' } })).status, 3);
  const { status, stdout } = await look();
  assert.equal(status, 0);
  assert.match(
    stdout,
    /^1 key waits for material in us-east-1\. Each costs 1 USD a month\.\n\n[0-9a-f-]{36} {2}alias\/half-made\n/,
  );
  assert.match(stdout, /never had material/);
  assert.match(stdout, /Continue: {2}keyferry --workdir keyferry-half-made\n/);
  assert.match(
    stdout,
    /Or delete: aws kms schedule-key-deletion --key-id [0-9a-f-]{36} --pending-window-in-days 7 --region us-east-1 --endpoint-url http/,
  );

  const { keyId } = JSON.parse(finished.stdout);
  await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
  rmSync(join(folder, 'keyferry-half-made'), { recursive: true });
  const later = (await look()).stdout;
  assert.match(later, /^2 keys wait/);
  assert.match(later, /Its folder is not here/);
  const past = later.split('\n\n').find((part) => part.startsWith(keyId)) ?? '';
  assert.match(past, /had material, which has expired or was deleted/);
  assert.match(past, /Bring it back: keyferry reimport --workdir keyferry-finished$/m);
  assert.doesNotMatch(past, /schedule-key-deletion|not here/);
});

test('where AWS cannot be asked, it says why and gives status 1', async () => {
  const folder = newFolder();
  const absent = await keyferry(['unfinished', '--practice'], folder);
  assert.deepEqual([absent.status, absent.stdout], [1, '']);
  assert.match(absent.stderr, /no practice account here/);
  const unknown = await keyferry(['unfinished', '--profile', 'nope', '--endpoint-url', 'http://127.0.0.1:9'], folder);
  assert.equal(unknown.status, 1);
  assert.match(
    unknown.stderr,
    /x Can't look for unfinished keys\.\n {2}There is no profile nope\. The shared config has no profiles\./,
  );
});
