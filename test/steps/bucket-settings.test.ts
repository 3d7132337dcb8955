import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { findDenial, lookAtBucket } from '../../source/steps/bucket-look.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { newKeyId } from '../../source/steps/new-key.ts';
import { answeringKms, answeringS3, refusal } from '../aws/answering-clients.ts';
import { arnOf, connectionOf, keyOf } from '../known-facts.ts';
import { withClients } from '../offline-services.ts';
import { bucket, bucketPolicyOf, wantsKey } from './bucket-policies.ts';

/* What is made of each setting of a bucket, as S3 shows it or does not. */

const key = keyOf('ours');
const [{ keyArn }, theirs] = [key, arnOf('theirs')];
const connection = connectionOf('arn:aws:iam::000000000000:user/alice');
const placeMembers = { Bucket: bucket, ExpectedBucketOwner: connection.accountId };

const onlyTheirs = wantsKey(theirs, {}, { Sid: 'OnlyTheirs' });
const elsewhere = { NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' } };
const policyOf = (...statements: readonly object[]) => ({ Policy: bucketPolicyOf(...statements) });

/** What S3 answers to the operations of a look; an error where it does not. An answer that is missing has no such setting. */
type Shown = Readonly<Record<string, object>>;

const plain: Shown = {
  HeadBucket: { BucketRegion: 'us-east-1' },
  GetBucketPolicy: refusal('NoSuchBucketPolicy', 404),
  GetBucketEncryption: {},
  GetObjectLockConfiguration: refusal('ObjectLockConfigurationNotFoundError', 404),
  GetBucketVersioning: {},
};

/** Services whose S3 and KMS answer by themselves. */
function showing(t: TestContext, shown: Shown, describeKey: object = {}) {
  const answer = (input: object, command: string) => {
    // Nothing is asked about a bucket of another account that has the name by chance.
    if (/^GetBucket|^GetObjectLock/.test(command)) assert.partialDeepStrictEqual(input, placeMembers);
    return { ...plain, DescribeKey: describeKey, ...shown }[command] ?? assert.fail(command);
  };
  return withClients(t, { s3: answeringS3(answer), kms: answeringKms(answer) });
}

async function look(t: TestContext, shown: Shown = {}, facts: Facts = { connection, key }, describeKey = {}) {
  const services = showing(t, shown, describeKey);
  const { refusal: why, notes } = await lookAtBucket(facts, services, bucket);
  return { why, notes, kept: services.bucketNotes.about(bucket) };
}

test('a bucket that nothing is to be said of has neither a refusal nor a note', async (t) => {
  assert.deepEqual(await look(t), { why: undefined, notes: [], kept: [] });
});

test('a bucket that is not there, in another Region or of another account is refused, whatever its settings are', async (t) => {
  const noBucket = `There is no bucket ${bucket}.`;
  const down = refusal('InternalError', 500);
  const settingsDown = { GetBucketEncryption: down, GetBucketVersioning: down, GetBucketPolicy: down };
  for (const [shown, says] of [
    [{ HeadBucket: refusal('NotFound', 404), ...settingsDown }, noBucket],
    [{ GetBucketPolicy: refusal('NoSuchBucket', 404) }, noBucket],
    [
      { HeadBucket: { BucketRegion: 'eu-west-1' }, ...settingsDown },
      `${bucket} is in eu-west-1, and the key is in us-east-1. S3 uses only keys of the bucket's own Region. Choose a bucket in us-east-1.`,
    ],
  ] as const)
    assert.deepEqual(await look(t, shown), { why: says, notes: [], kept: [] });

  const s3 = answeringS3((input, command) => {
    if (command !== 'HeadBucket') throw down;
    if ('ExpectedBucketOwner' in input) throw refusal('Forbidden', 403);
    return {};
  });
  const foreign = await lookAtBucket({ connection, key }, withClients(t, { s3 }), bucket);
  assert.match(
    foreign.refusal ?? '',
    /^a-bucket belongs to another account than yours, which is 000000000000\..* Choose another bucket, or connect to that account\.$/,
  );
});

test('while S3 does not answer what a bucket demands, nothing is said of it', async (t) => {
  for (const operation of [
    'GetBucketPolicy',
    'GetBucketEncryption',
    'GetObjectLockConfiguration',
    'GetBucketVersioning',
  ])
    await assert.rejects(look(t, { [operation]: refusal('InternalError', 500) }), /InternalError/, operation);
});

test('what S3 does not show of a bucket is said once for each, with the permission that would show it', async (t) => {
  const denied = refusal('AccessDenied', 403);
  for (const [operation, permission] of [
    ['HeadBucket', 's3:ListBucket'],
    ['GetBucketPolicy', 's3:GetBucketPolicy'],
    ['GetBucketEncryption', 's3:GetEncryptionConfiguration'],
    ['GetObjectLockConfiguration', 's3:GetBucketObjectLockConfiguration'],
  ] as const) {
    const { why, notes, kept } = await look(t, { [operation]: denied });
    assert.deepEqual([why, notes.length], [undefined, 1]);
    assert.ok(notes[0]?.includes(permission), notes[0]);
    assert.deepEqual(kept, notes);
  }
  assert.deepEqual((await look(t, { GetBucketVersioning: denied })).notes, []);
});

test('only versions that are kept now and a lock that is set are told', async (t) => {
  const lockOf = (DefaultRetention: object) => ({
    GetObjectLockConfiguration: { ObjectLockConfiguration: { Rule: { DefaultRetention } } },
  });
  for (const [shown, notes] of [
    [{ GetBucketVersioning: { Status: 'Suspended' } }, []],
    [
      { GetBucketVersioning: { Status: 'Enabled' } },
      [`${bucket} keeps every version of an object, and each is billed.`],
    ],
    [lockOf({}), []],
    [
      lockOf({ Mode: 'GOVERNANCE', Days: 30 }),
      [`${bucket} has Object Lock (GOVERNANCE): no object can be removed for 30 days.`],
    ],
  ] as const)
    assert.deepEqual((await look(t, shown)).notes, notes);
});

test('a default encryption under another key is told, and one under this key, however it is named, is not', async (t) => {
  const noteFor = async (KMSMasterKeyID: string | undefined, facts?: Facts) => {
    const byDefault = { SSEAlgorithm: 'aws:kms', ...(KMSMasterKeyID === undefined ? {} : { KMSMasterKeyID }) };
    const Rules = [{ ApplyServerSideEncryptionByDefault: byDefault }];
    return (await look(t, { GetBucketEncryption: { ServerSideEncryptionConfiguration: { Rules } } }, facts)).notes;
  };
  for (const own of [undefined, keyArn, 'ours']) assert.deepEqual(await noteFor(own), []);
  const other = `${bucket} encrypts under ${theirs} where an upload asks for no encryption. These uploads name yours.`;
  assert.deepEqual(await noteFor(theirs), [other]);
  assert.deepEqual(await noteFor(theirs, { connection }), [other]);
});

test('a statement that surely denies the upload refuses the bucket; one that may do so is a note, and so is a text that is no policy', async (t) => {
  const mayDeny = /^The policy of a-bucket may deny .*The upload will tell\.$/;
  const perhaps = wantsKey(theirs, elsewhere, { Sid: 'Perhaps' });
  const sure = await look(t, { GetBucketPolicy: policyOf(perhaps, onlyTheirs) });
  assert.match(sure.why ?? '', /statement "OnlyTheirs"\)\. Have that statement name .*key\/ours as well/);
  assert.deepEqual(sure.notes, [], 'what may deny it does not matter beside that');
  const { why, notes } = await look(t, { GetBucketPolicy: policyOf(perhaps, perhaps) });
  assert.deepEqual([why, notes.length], [undefined, 2]);
  for (const note of notes) assert.match(note, mayDeny);
  assert.deepEqual((await look(t, { GetBucketPolicy: { Policy: 'none' } })).notes, [
    `The policy of ${bucket} cannot be read as a policy, so it may want another key.`,
  ]);
  assert.deepEqual(await look(t, { GetBucketPolicy: policyOf(wantsKey(keyArn)) }), {
    why: undefined,
    notes: [],
    kept: [],
  });
});

test('whether the requests go over TLS is sure but for an own endpoint without it', async (t) => {
  const wantsTls = policyOf(wantsKey(theirs, { Bool: { 'aws:SecureTransport': 'false' } }, { Sid: 'WantsTls' }));
  const isDoubted = async (more: object) => {
    const facts: Facts = { connection: { ...connection, source: 'environment', ...more }, key };
    const { why, notes } = await look(t, { GetBucketPolicy: wantsTls }, facts);
    assert.equal(why, undefined);
    return notes.length > 0;
  };
  const [http, https] = ['http://localhost:4566', 'https://s3.corp.test'];
  for (const more of [
    {},
    { endpoint: https },
    { endpoints: { s3: https } },
    { endpoint: http, endpoints: { s3: https } },
    { endpoint: http, practice: true },
    { endpoints: { kms: http } },
  ])
    assert.equal(await isDoubted(more), false, JSON.stringify(more));
  for (const more of [{ endpoint: http }, { endpoints: { s3: http } }, { endpoint: https, endpoints: { s3: http } }])
    assert.equal(await isDoubted(more), true, JSON.stringify(more));
});

test('the key of the look is the one on record, else what KMS tells, else one that is not known', async (t) => {
  const wantsOurs = { GetBucketPolicy: policyOf(wantsKey(keyArn)) };
  const named = { ...key, keyArn: '' };
  const answerFor = (facts: Facts, describeKey: object) => look(t, wantsOurs, { connection, ...facts }, describeKey);
  assert.equal((await answerFor({ key: named }, { KeyMetadata: { Arn: keyArn } })).notes.length, 0);
  assert.match((await answerFor({ key: named }, { KeyMetadata: { Arn: theirs } })).why ?? '', /denies uploads under/);
  for (const [facts, describeKey] of [
    [{ key: named }, refusal('AccessDeniedException', 400)],
    [{ key: { ...named, keyId: newKeyId } }, { KeyMetadata: { Arn: keyArn } }],
    [{}, { KeyMetadata: { Arn: keyArn } }],
  ] as const) {
    const { why = '', notes } = await answerFor(facts, describeKey);
    assert.ok(why !== '' || notes.length > 0);
    assert.doesNotMatch(`${why}${notes.join()}`, new RegExp(`name ${keyArn} as well`));
  }
});

test('the statement that denies one upload is found by the name of its object: a sure one before any other', async (t) => {
  const ofOne = (name: string, Sid: string, conditions: object = {}) =>
    wantsKey(theirs, conditions, { Resource: `arn:aws:s3:::${bucket}/${name}`, Sid });
  const found = async (answer: object, name = 'a.txt') => {
    const denial = await findDenial({ connection, key }, showing(t, { GetBucketPolicy: answer }), {
      bucket,
      key: name,
    });
    return typeof denial === 'object' ? denial.sid : denial;
  };
  const perhaps = ofOne('a.txt', 'Perhaps', elsewhere);
  assert.equal(await found(policyOf(perhaps, ofOne('a.txt', 'Sure'))), 'Sure');
  assert.equal(await found(policyOf(perhaps)), 'Perhaps');
  assert.equal(await found(policyOf(ofOne('a.txt', 'Sure')), 'b.txt'), undefined);
  assert.equal(await found(policyOf(wantsKey(keyArn))), undefined, 'it wants this very key');
  assert.equal(await found({ Policy: 'none' }), undefined);
  assert.equal(await found(refusal('NoSuchBucketPolicy', 404)), undefined);
  assert.equal(await found(refusal('AccessDenied', 403)), 'not shown');
});
