import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { createBucket, headObject } from '../../source/aws/s3.ts';
import { attemptsOf } from '../../source/ceremony/attempt.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { Waiting } from '../../source/ceremony/waiting.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { encryptObject } from '../../source/steps/object-upload.ts';
import type { Services } from '../../source/steps/services.ts';
import { newFolder } from '../new-folder.ts';

type Context = Parameters<typeof encryptObject>[0];

/** A key of practice AWS that is Enabled, and what the upload of an object needs. */
async function uploading(t: { after(act: () => Promise<void>): void }) {
  const folder = newFolder();
  const aws = await startPracticeAws({ stateFolder: join(folder, 'state') });
  t.after(() => aws.close());
  const credentials = { from: 'fixed', ...aws.credentials } as const;
  const { pause } = new Waiting();
  const options = { credentials, region: 'us-east-1', endpointUrl: aws.endpoint, onCall: () => {}, pause };
  const clients = await openClients(options);
  const { CreateKeyCommand } = await import('@aws-sdk/client-kms');
  const { KeyMetadata } = await clients.kms.send(new CreateKeyCommand({}));
  const keyArn = KeyMetadata?.Arn ?? '';
  const path = join(folder, 'ledger.txt');
  writeFileSync(path, 'some bytes');
  const journal = new Journal(join(folder, 'journal.jsonl'));
  const context = {
    facts: { key: { keyArn } } as Facts,
    services: { session: { clients }, journal } as unknown as Services,
    answers: {},
    attempt: attemptsOf(journal, 'encrypt-objects', pause),
    report: () => {},
    pause,
    signal: new AbortController().signal,
  } satisfies Context;
  return { clients, context, path, keyArn };
}

test('a file that is in one bucket is uploaded to another one too', async (t) => {
  const { clients, context, path, keyArn } = await uploading(t);
  for (const bucket of ['first-bucket', 'second-bucket']) {
    await createBucket(clients.s3, bucket);
    const object = await encryptObject(context, bucket, path);
    assert.equal(object.verified, true);
    assert.equal((await headObject(clients.s3, bucket, 'ledger.txt')).kmsKeyArn, keyArn);
  }
});

test('an object under another key is told as such, and trying again uploads it again', async (t) => {
  const { clients, context, path, keyArn } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  const otherKey = { ...context, facts: { key: { keyArn: `${keyArn.slice(0, -4)}beef` } } as Facts };
  await assert.rejects(encryptObject(otherKey, 'a-bucket', path), ProblemError);
  assert.equal((await encryptObject(context, 'a-bucket', path)).verified, true);
});

test('an empty file goes through', async (t) => {
  const { clients, context, path } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  writeFileSync(path, '');
  assert.equal((await encryptObject(context, 'a-bucket', path)).size, 0);
});
