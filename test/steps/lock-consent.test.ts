import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { totalsWords } from '../../source/record/object-check-words.ts';
import { findUnacceptedLock } from '../../source/steps/lock-consent.ts';
import { totalsOf } from '../../source/steps/object-totals.ts';
import { newFolder } from '../new-folder.ts';
import { must, practise } from '../practice/practising.ts';
import { problemOf, proxyBefore } from './ceremony.ts';
import { beginEncrypt } from './encrypting.ts';

/* What nobody can remove may outlive the key that opens it: a person types the name of the bucket before anything is sent. */

const bucket = 'a-bucket';
const question = 'accept-object-lock';

/** An encryption into a bucket with an Object Lock, under a key whose material expires. */
async function encrypting(
  t: TestContext,
  { mode = 'COMPLIANCE', expires = true, typed }: { mode?: string; expires?: boolean; typed?: string },
) {
  const practice = await practise(t);
  await practice.s3().send(new CreateBucketCommand({ Bucket: bucket }));
  const { KeyMetadata } = await practice.kms().send(new CreateKeyCommand({}));
  const { endpoint, decide } = await proxyBefore(t, practice);
  const rule = `<Rule><DefaultRetention><Mode>${mode}</Mode><Years>7</Years></DefaultRetention></Rule>`;
  decide((call) => {
    if (call.includes('?object-lock'))
      return { status: 200, body: `<ObjectLockConfiguration>${rule}</ObjectLockConfiguration>` };
    if (call !== 'kms:DescribeKey' || !expires) return undefined;
    return { changeBody: (body) => body.replace('"KeyId"', '"ValidTo":1798761600,"KeyId"') };
  });
  const file = join(newFolder(), 'a.txt');
  writeFileSync(file, 'some bytes');
  return beginEncrypt(t, {
    practice,
    endpoint,
    key: must(KeyMetadata?.KeyId),
    answers: {
      where: 'existing',
      bucket,
      what: 'files',
      files: [file],
      ...(typed === undefined ? {} : { [question]: typed }),
    },
  });
}

test('nothing goes into a bucket whose objects would outlive their key before its name is typed', async (t) => {
  const ceremony = await encrypting(t, { typed: 'stop' });
  const { what, why, next, state } = await problemOf(ceremony.upTo());
  assert.equal(what, `Can't upload to ${bucket} before you accept that its objects may outlive the key.`);
  assert.match(why ?? '', /nobody can remove an object for 7 years.*expires at 2027-01-01 00:00 UTC.*cannot be read/);
  assert.match(next.join(), /encrypt-objects\.accept-object-lock: a-bucket.*--accept-object-lock a-bucket/);
  assert.equal(state, 'No object was sent.');
  assert.equal(ceremony.countOf('S3.PutObject'), 0);
});

test('answers from a file are refused before anything is made, unless they accept the lock of this bucket', async (t) => {
  const ceremony = await encrypting(t, {});
  const { connection } = await ceremony.upTo('connect');
  const { services } = ceremony;
  const imported = { expirationModel: 'KEY_MATERIAL_EXPIRES', keyMaterialId: 'one', importedAt: '' } as const;
  const find = (validTo: string | null) =>
    findUnacceptedLock({ connection: must(connection), imported: { ...imported, validTo } }, services, bucket);
  assert.equal(await find(null), undefined);
  const validTo = '2027-01-01T00:00:00.000Z';
  assert.match(
    (await find(validTo)) ?? '',
    /for 7 years.*add this answer: encrypt-objects\.accept-object-lock: a-bucket$/,
  );
  services.acceptedLocks.add('another-bucket');
  assert.notEqual(await find(validTo), undefined);
  services.acceptedLocks.add(bucket);
  assert.equal(await find(validTo), undefined);
});

test('another text than the name of the bucket accepts nothing', async (t) => {
  const ceremony = await encrypting(t, { typed: 'yes' });
  await assert.rejects(ceremony.upTo(), /Type exactly/);
  assert.equal(ceremony.countOf('S3.PutObject'), 0);
});

test('once the name is typed, the objects go up, and the record says what was accepted', async (t) => {
  const ceremony = await encrypting(t, { typed: bucket });
  const { objects } = await ceremony.upTo();
  const accepted = { period: '7 years', validTo: '2027-01-01T00:00:00.000Z' };
  assert.deepEqual(objects?.acceptedLock, accepted);
  assert.equal(ceremony.countOf('S3.PutObject'), 1);
  assert.match(
    totalsWords(must(totalsOf(must(objects)))),
    /Nobody can remove them for 7 years .*accepted by typing the name/,
  );
});

for (const [what, given] of [
  ['a lock that can be shortened', { mode: 'GOVERNANCE' }],
  ['material that does not expire', { expires: false }],
] as const)
  test(`${what} asks for nothing`, async (t) => {
    const { objects } = await (await encrypting(t, given)).upTo();
    assert.equal(objects?.count, 1);
    assert.equal(objects?.acceptedLock, undefined);
  });
