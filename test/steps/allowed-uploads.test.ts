import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { encryptClosing } from '../../source/ceremonies/encrypt/closing.ts';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { newFolder } from '../new-folder.ts';
import { denyCaller } from '../practice/practising.ts';
import { beginImport, problemOf } from './ceremony.ts';
import { beginEncrypt } from './encrypting.ts';
import { encryptObject, outcomeOfUpload, uploading } from './uploading.ts';

/* Callers who may upload, and may not do everything else that a look at the object or the bucket needs. */

const mayOnlyPut = ['s3:ListBucket', 's3:GetObject'];
const aBucket = { bucket: 'a-bucket', prefix: '' };
const lostAnswer = { operation: 's3:PutObject', do: 'drop-after', times: 1 } as const;

/** An upload of a caller who may not do these actions, into a bucket that is there. */
async function without(t: TestContext, denied: readonly string[], faults: readonly (typeof lostAnswer)[] = []) {
  const made = await uploading(t, { faults: [...faults] });
  await made.clients.s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  denyCaller(made.practice, ...denied);
  const notes: string[] = [];
  const context: typeof made.context = { ...made.context, report: ({ note = '' }) => void notes.push(note) };
  return { ...made, context, notes };
}

for (const [who, denied, proof, note] of [
  ['put and get, and not list', ['s3:ListBucket'], { verified: true }, /key checked, read back/],
  ['only put', mayOnlyPut, { verified: false, keyNamedBy: 'upload answer' }, /key named by S3, not read back/],
  ['not decrypt', ['kms:Decrypt'], { verified: false, keyNamedBy: 'look' }, /key checked, not read back/],
] as const)
  test(`who may ${who} uploads, and only what was looked at counts as looked at`, async (t) => {
    const { context, path, keyArn, notes } = await without(t, denied);
    const object = await encryptObject(context, aBucket, path);
    const { verified, keyNamedBy } = object;
    assert.deepEqual({ verified, ...(keyNamedBy === undefined ? {} : { keyNamedBy }) }, proof);
    assert.deepEqual([object.kmsKeyArn, object.sseAlgorithm, object.size], [keyArn, 'aws:kms', 10]);
    assert.match(notes.at(-1) ?? '', note);
  });

test('an upload in parts of who may only put is told by its last answer as well', async (t) => {
  const { context, path, keyArn } = await without(t, mayOnlyPut);
  writeFileSync(path, randomBytes(9 * 1024 * 1024));
  const { kmsKeyArn, keyNamedBy } = await encryptObject(context, aBucket, path);
  assert.deepEqual([kmsKeyArn, keyNamedBy], [keyArn, 'upload answer']);
});

test('where HEAD alone is refused, reading the object tells all the same', async (t) => {
  const { context, path, decide } = await without(t, []);
  decide((call) => (call.startsWith('s3:HEAD') ? { status: 403, body: '' } : undefined));
  assert.equal((await encryptObject(context, aBucket, path)).verified, true);
});

test('another key in the answer to an upload of who may only put is a wrong key', async (t) => {
  const { clients, context, path } = await without(t, mayOnlyPut);
  clients.s3.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        next(
          commandName === 'PutObjectCommand'
            ? { ...args, input: { ...args.input, ServerSideEncryption: undefined, SSEKMSKeyId: undefined } }
            : args,
        ),
    { step: 'initialize' },
  );
  const { what } = await problemOf(encryptObject(context, aBucket, path));
  assert.match(what, /is not under your key/);
});

test('after a lost answer, who may not look is told that nobody knows, and who may look finds the own object', async (t) => {
  const { context, path, practice, keyArn } = await without(t, mayOnlyPut, [lostAnswer]);
  for (let tries = 0; tries < 2; tries += 1) {
    const { kind, what, why, next } = await problemOf(encryptObject(context, aBucket, path));
    assert.equal(kind, 'lost');
    assert.match(what, /Can't tell whether .*ledger\.txt is at s3:\/\/a-bucket\/ledger\.txt/);
    assert.match(why ?? '', /may be this file or somebody else's object/);
    assert.ok(next.join().includes(keyArn));
    assert.equal(outcomeOfUpload(context, aBucket, path), 'unknown');
  }
  denyCaller(practice);
  assert.equal((await encryptObject(context, aBucket, path)).verified, true);
});

test('an object that is there already is called so, and not replaced, by who may not look at it', async (t) => {
  const { context, path, practice } = await without(t, mayOnlyPut);
  await practice.s3().send(new PutObjectCommand({ Bucket: 'a-bucket', Key: 'ledger.txt', Body: 'theirs' }));
  const { kind, what, why } = await problemOf(encryptObject(context, aBucket, path));
  assert.equal(kind, 'fixable');
  assert.match(what, /ledger\.txt exists already/);
  assert.match(why ?? '', /does not let you look at it/);
});

test('the record and the last page say of an object that was not read back that it was not', async (t) => {
  const first = await beginImport(t);
  denyCaller(first.practice, ...mayOnlyPut);
  const facts = await first.upTo();
  assert.ok(
    first.progress.some(({ label }) =>
      /you may not s3:ListBucket, s3:GetObject\. The upload at the end goes without, and says what was not looked at\./.test(
        label,
      ),
    ),
  );
  assert.match(first.receiptOf('encrypt-objects'), /key named by S3; 1 not read back: you may not read objects there$/);
  firstImport.record?.(facts, first.services, true);
  const words = /S3's answer to the upload named the key\. The object was not read back/;
  assert.match(first.services.folder.read('record.md').toString(), words);
  const { objects } = JSON.parse(first.services.folder.read('record.json').toString());
  assert.deepEqual([objects[0].verified, objects[0].keyNamedBy], [false, 'upload answer']);

  const file = join(newFolder(), 'more.txt');
  writeFileSync(file, 'more bytes');
  const bucket = facts.objects?.bucket ?? '';
  const answers = { where: 'existing', bucket, what: 'files', files: [file], 'read-back': true };
  const { practice, services } = first;
  const more = await beginEncrypt(t, { practice, path: services.folder.path, recorded: facts, answers });
  const moreFacts = await more.upTo();
  const now = { state: 'Enabled', validTo: null, asOf: '2026-11-26T14:02:00.000Z' } as const;
  const page = encryptClosing(moreFacts, now, more.services).lines.join(' ');
  assert.match(page, words);
  assert.doesNotMatch(page, /each was read back/);
});
