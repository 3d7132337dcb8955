import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Facts } from '../../source/steps/facts.ts';
import { makeBucket } from '../../source/steps/object-bucket.ts';
import { existingBucketQuestion, newBucketQuestion, objectQuestions } from '../../source/steps/object-questions.ts';
import { explainRefusedUpload } from '../../source/steps/refused-upload.ts';
import { answeringS3, refusal } from '../aws/answering-clients.ts';
import { connectionOf, foreverImported, generatedSecret, openedBackup } from '../known-facts.ts';
import { rowsOf } from '../rows-of.ts';
import { actingIn } from './acting.ts';
import { bucket, bucketPolicyOf, wantsKey } from './bucket-policies.ts';
import { problemOf } from './ceremony.ts';

const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/11111111-2222-4333-8444-555555555555';
const you = 'arn:aws:iam::000000000000:role/SecurityAdmin';

/** S3 that answers these commands like this, and all others with nothing. */
function atS3(
  t: TestContext,
  answers: Readonly<Record<string, (input: Record<string, unknown>) => object>>,
  facts: Facts = {},
) {
  const calls: string[] = [];
  const inputs: Record<string, unknown>[] = [];
  const s3 = answeringS3((input, command) => {
    calls.push(command);
    inputs.push(input as Record<string, unknown>);
    return answers[command]?.(input as Record<string, unknown>) ?? {};
  });
  const acting = actingIn(t, {
    step: 'encrypt-objects',
    s3,
    facts: {
      connection: connectionOf(you),
      description: { alias: 'alias/a', description: '', tags: [{ key: 'team', value: 'payments' }] },
      key: { keyId: '11111111-2222-4333-8444-555555555555', keyArn, alias: 'alias/My Key', createdAt: '' },
      ...facts,
    },
  });
  return { ...acting, calls, inputs };
}

const failing = (name: string, status: number) => () => refusal(name, status);
const here = () => ({ BucketRegion: 'us-east-1' });
const absent = failing('NotFound', 404);
const denied = failing('Forbidden', 403);

for (const [what, answers, says] of [
  ['that is free', { HeadBucket: absent }, undefined],
  ['of the own account', { HeadBucket: here }, /^a-bucket exists already\./],
  [
    'of somebody else',
    { HeadBucket: (input: Record<string, unknown>) => (input.ExpectedBucketOwner === undefined ? here() : denied()) },
    /^a-bucket belongs to another account\./,
  ],
  [
    'that S3 denies, among the own ones',
    { HeadBucket: denied, ListBuckets: () => ({ Buckets: [{ Name: bucket }] }) },
    /^a-bucket exists already\./,
  ],
  ['of which S3 tells nothing', { HeadBucket: denied, ListBuckets: denied }, undefined],
  [
    'that S3 denies, where it shows that a free one is free',
    {
      HeadBucket: (input: Record<string, unknown>) => (input.Bucket === bucket ? denied() : absent()),
      ListBuckets: () => ({}),
    },
    /^a-bucket belongs to another account\./,
  ],
] as const)
  test(`the name of a new bucket ${what} is ${says === undefined ? '' : 'not '}taken`, async (t) => {
    const { context, services } = atS3(t, answers);
    const question = newBucketQuestion(context.facts, services);
    const problem = await question.verify?.(bucket);
    if (says === undefined) assert.equal(problem, undefined);
    else assert.match(String(problem), says);
  });

test('the name of a bucket that this ceremony has begun to make is taken without a look', async (t) => {
  const { context, services, journal, calls } = atS3(t, { HeadBucket: here });
  journal.append({ kind: 'intent', step: 'encrypt-objects', name: `create bucket ${bucket}` });
  const question = newBucketQuestion(context.facts, services);
  assert.equal(await question.verify?.(bucket), undefined);
  assert.deepEqual(calls, []);
  assert.ok(question.kind === 'text');
  assert.deepEqual(
    [question.default, question.notice?.('a-bucket'), question.notice?.('a')],
    ['keyferry-my-key-55555555', '', undefined],
  );
});

test('of the own buckets those of other Regions are shown, and cannot be chosen', async (t) => {
  const { context, services } = atS3(t, {
    ListBuckets: () => ({
      Buckets: [
        { Name: 'one', BucketRegion: 'us-east-1' },
        { Name: 'two', BucketRegion: 'eu-west-1' },
        { Name: 'three' },
      ],
    }),
  });
  const rows = await rowsOf(existingBucketQuestion(context.facts, services));
  assert.deepEqual(
    rows.map(({ value, disabled }) => [value, disabled]),
    [
      ['one', undefined],
      ['two', 'in eu-west-1; the key is in us-east-1'],
      ['three', undefined],
    ],
  );
});

test('the first question about objects says that the key works, by what it is recognised, and suggests the bucket looked at', (t) => {
  const whole: Facts = {
    secret: generatedSecret,
    wrapped: { file: '', bytes: 0, by: 'keyferry' },
    imported: foreverImported,
    backup: openedBackup,
    proof: { keyMaterialId: 'a', provedAt: '' },
  };
  const placeOf = (facts: Facts, looked?: string) => {
    const { context, services, journal } = atS3(t, {}, facts);
    if (looked !== undefined)
      journal.append({ kind: 'answered', step: looked, answers: { proceed: 'look', bucket, 'go-on': 'yes' } });
    const [place, next] = objectQuestions(context.facts, { where: 'existing' }, services);
    assert.ok(place?.kind === 'choice');
    const rows = place.table?.rows.map(([name, value]) => [name, String(value).replace(/^.*\//, '')]);
    return {
      title: place.title,
      rows,
      suggested: [place.default, next !== undefined && 'default' in next ? next.default : undefined],
      help: place.help,
    };
  };
  const proven = placeOf(whole);
  assert.equal(proven.title, 'Your key is Enabled, and it works');
  assert.match(proven.help ?? '', /^KMS made a data key with your key/);
  assert.deepEqual(proven.rows, [
    ['Check value', 'A1B2C3'],
    ['Material', 'aaaaaaaa, does not expire'],
    ['Backup', 'a.key.age'],
  ]);
  assert.deepEqual(proven.suggested, ['new', undefined]);
  const { proof: _, ...unproven } = whole;
  assert.equal(placeOf(unproven).title, 'Your key is Enabled');
  assert.doesNotMatch(placeOf(unproven).help ?? '', /data key/);
  const other = {
    ...whole,
    imported: { ...foreverImported, secretInKms: 'not shown' },
    backup: { by: 'declined' },
  } as const;
  assert.deepEqual(placeOf(other).rows, [['Material', 'aaaaaaaa, does not expire']]);
  for (const step of ['policy', 'key-policy']) assert.deepEqual(placeOf(whole, step).suggested, ['existing', bucket]);
});

test('a bucket is made once, with the tags of the key, also where an answer was lost', async (t) => {
  const plain = atS3(t, {});
  await makeBucket(plain.context, bucket);
  await makeBucket(plain.context, bucket);
  assert.deepEqual(plain.calls, ['CreateBucket']);
  assert.deepEqual(plain.inputs[0], {
    Bucket: bucket,
    CreateBucketConfiguration: { Tags: [{ Key: 'team', Value: 'payments' }] },
  });
  const own = atS3(t, { CreateBucket: failing('BucketAlreadyOwnedByYou', 409) });
  await makeBucket(own.context, bucket);
  assert.equal(own.reports.at(-1)?.state, 'done');
  for (const [HeadBucket, creations] of [
    [here, 1],
    [() => ({}), 2],
    [absent, 2],
  ] as const) {
    let tries = 0;
    const lost = atS3(t, {
      HeadBucket,
      CreateBucket: () => {
        tries += 1;
        return tries === 1 ? failing('InternalError', 500)() : {};
      },
    });
    await makeBucket(lost.context, bucket);
    assert.equal(tries, creations);
  }
  const refused = atS3(t, { CreateBucket: failing('BucketAlreadyExists', 409) });
  const { what, state, remedies } = await problemOf(makeBucket(refused.context, bucket));
  assert.deepEqual([what, state], ["Can't make the bucket a-bucket.", 'The key is ready; no object was uploaded.']);
  assert.deepEqual(
    remedies?.map(({ label }) => label),
    ['Choose another bucket'],
  );
});

const words = { what: "Can't upload a.", state: 'Nothing was sent.' };

test('why S3 denied an upload is looked for in the policy of the bucket, unless S3 has said it', async (t) => {
  const explain = async (message: string, statement: object | 'denied' | undefined) => {
    const answer = () => {
      if (statement === 'denied') throw refusal('AccessDenied', 403);
      if (statement === undefined) throw refusal('NoSuchBucketPolicy', 404);
      return { Policy: bucketPolicyOf(statement) };
    };
    const { context, calls } = atS3(t, { GetBucketPolicy: answer });
    const error = refusal('AccessDenied', 403, { message });
    const problem = await explainRefusedUpload(error, context, { bucket, key: 'a', path: 'a' }, words);
    assert.deepEqual([problem.what, problem.state], [words.what, words.state]);
    return { why: problem.why ?? '', next: problem.next, calls };
  };
  const other = await explain(
    'You are not authorized: user is not authorized to perform: kms:GenerateDataKey',
    undefined,
  );
  assert.deepEqual(other.calls, []);
  const none = await explain('Access Denied', undefined);
  assert.match(
    none.next[0] ?? '',
    /found no statement that denies this upload\. Look yourself: aws s3api get-bucket-policy --bucket a-bucket/,
  );
  assert.match(none.next[1] ?? '', /^Ask whether you may do s3:PutObject/);
  const named = 'x is not authorized to perform: s3:PutObject on y with an explicit deny in a resource-based policy';
  assert.match((await explain(named, undefined)).next[1] ?? '', /^Have the statement changed that denies it/);
  const closed = await explain('Access Denied', 'denied');
  assert.match(closed.next[0] ?? '', /^You may not read that policy/);
  assert.match(closed.next.at(-1) ?? '', /belongs to another account: each request names yours, 000000000000\.$/);
  assert.ok(closed.next.length > 2);
  const otherKey = 'arn:aws:kms:us-east-1:000000000000:key/other';
  const sure = await explain('Access Denied', wantsKey(otherKey));
  assert.match(sure.why, /a-bucket.* AWS says: Access Denied$/);
  assert.equal(sure.next.length, 1);
  const perhaps = await explain('Access Denied', wantsKey(otherKey, { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }));
  assert.match(perhaps.why, /may/);
  assert.notEqual(perhaps.why, sure.why);
});
