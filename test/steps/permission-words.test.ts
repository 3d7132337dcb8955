import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MissingPermission, UnknownPermission } from '../../source/aws/permission-judgement.ts';
import {
  decidedWords,
  missingWords,
  testedWords,
  unknownWords,
  uploadWords,
} from '../../source/steps/permission-words.ts';

const kms = (action: string, by?: MissingPermission['by']): MissingPermission => ({
  action,
  on: 'key',
  ...(by === undefined ? {} : { by }),
});
const s3 = (...actions: readonly string[]) =>
  actions.map((action): MissingPermission => ({ action, on: 'bucket', by: 'no policy' }));

test('what is missing for the key comes first, then what the upload lacks, then what IAM could not tell', () => {
  const missing = [...s3('s3:PutObject'), kms('kms:CreateKey', 'no policy')];
  const unknown = [{ ...kms('kms:Decrypt'), why: 'no answer' }] as const;
  assert.deepEqual(testedWords({ tested: true, missing, unknown }, 'b'), [
    "By IAM's test, you may not kms:CreateKey: no IAM policy of yours allows it.",
    'For the bucket s3://b, you may not s3:PutObject. The upload at the end needs it; another bucket may differ.',
    'Whether you may kms:Decrypt is not known: IAM did not say.',
  ]);
  const nothing = ["IAM's test finds nothing missing, as far as it can see."];
  assert.deepEqual(testedWords({ tested: true, missing: [] }, 'b'), nothing);
});

test('an upload goes without what only looks, and not without what it needs', () => {
  const goes = (...actions: readonly string[]) => /goes without/.test(uploadWords(s3(...actions), 'b').join());
  assert.deepEqual(
    [goes('s3:ListBucket'), goes('s3:GetObject'), goes('s3:ListBucket', 's3:GetObject')],
    [true, true, true],
  );
  assert.deepEqual([goes('s3:PutObject'), goes('s3:ListBucket', 's3:PutObject')], [false, false]);
});

test('each action is named once, with what decided it, whatever decided it', () => {
  const missing = [
    kms('kms:CreateAlias', 'key policy'),
    kms('kms:TagResource', 'boundary'),
    kms('kms:CreateKey', 'explicit deny'),
    kms('kms:CreateKey', 'explicit deny'),
    kms('kms:Decrypt'),
  ];
  assert.deepEqual(missingWords(missing), [
    "By IAM's test, you may not kms:Decrypt: no IAM policy of yours allows it; and not kms:CreateKey: an IAM policy denies it; and not kms:TagResource: your permissions boundary does not allow it; and not kms:CreateAlias: the key policy does not allow it.",
  ]);
  assert.equal(
    decidedWords(missing),
    ' An IAM policy denies kms:CreateKey. Your permissions boundary does not allow kms:TagResource.',
  );
  assert.equal(decidedWords([kms('kms:Decrypt')]), '');
});

test('the actions about which IAM could not tell stand together by the reason, four of them by name', () => {
  const four = ['kms:Decrypt', 'kms:CreateKey', 'kms:TagResource', 'kms:CreateAlias'].map((action) => kms(action));
  const because = (why: 'organization' | 'key policy' | 'no answer') => (need: MissingPermission) => ({
    ...need,
    why,
  });
  const keys = (...names: string[]) => ({ ...kms('kms:Decrypt'), why: 'condition', keys: names }) as const;
  const unknown: UnknownPermission[] = [
    ...four.map(because('no answer')),
    keys('aws:SourceIp', 'aws:SourceVpc'),
    ...four.map(because('no answer')),
    keys('aws:SourceIp'),
    ...four.slice(0, 2).map(because('key policy')),
  ];
  const names = four.map(({ action }) => action).join(', ');
  assert.deepEqual(unknownWords(unknown), [
    `Whether you may ${names} is not known: IAM did not say.`,
    'Whether you may kms:Decrypt is not known: a policy asks for aws:SourceIp, aws:SourceVpc.',
    'Whether you may kms:Decrypt is not known: a policy asks for aws:SourceIp.',
    'Whether you may kms:Decrypt, kms:CreateKey is not known: a condition of the key policy decides.',
  ]);
  const five = [...four, ...s3('s3:PutObject')].map((need) => ({ ...need, why: 'organization' }) as const);
  assert.match(unknownWords(five).join(), /^Your organization may deny kms:Decrypt, .*, kms:TagResource and 2 more\./);
});
