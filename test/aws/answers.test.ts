import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerSchemas } from '../../source/aws/answers.ts';
import { checkAnswer, UnfitAnswerError } from '../../source/aws/check-answers.ts';
import { permissionsOfCalls } from '../../source/aws/permissions-of-calls.ts';
import { explainAwsError } from '../../source/aws/problems.ts';
import { changedAt, waysIn } from '../changed-value.ts';
import { isLong, seed } from '../seed.ts';

const keyId = '8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa';
const keyArn = `arn:aws:kms:us-east-1:111122223333:key/${keyId}`;
const materialId = 'a'.repeat(64);
const time = new Date('2026-11-25T12:00:00Z');
const bytes = new Uint8Array(32);
const metadata = {
  KeyId: keyId,
  Arn: keyArn,
  KeyState: 'PendingImport',
  KeySpec: 'SYMMETRIC_DEFAULT',
  KeyUsage: 'ENCRYPT_DECRYPT',
  KeyManager: 'CUSTOMER',
  Origin: 'EXTERNAL',
  Description: 'mine: ünïcode',
  CreationDate: time,
  DeletionDate: time,
  ValidTo: time,
  ExpirationModel: 'KEY_MATERIAL_EXPIRES',
  CurrentKeyMaterialId: materialId,
  MultiRegion: true,
  MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY', PrimaryKey: { Arn: keyArn, Region: 'us-east-1' } },
};
const role = { Arn: 'arn:aws:iam::111122223333:role/a/b+c=,.@-d', RoleName: 'b+c=,.@-d' };
const user = { Arn: 'arn:aws:iam::111122223333:user/alice', UserName: 'alice' };
const object = {
  ETag: '"0a1b-2"',
  SSEKMSKeyId: keyArn,
  ServerSideEncryption: 'aws:kms',
  ContentLength: 5,
  BucketKeyEnabled: true,
  VersionId: 'v.1_-',
  ChecksumType: 'FULL_OBJECT',
  ChecksumCRC32: 'AAAAAA==',
  ChecksumCRC64NVME: 'AAAAAAAAAAA=',
  ChecksumSHA256: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  UploadId: 'a.b_c-',
};

/** An answer of each operation as AWS sends it. */
const usual: Readonly<Record<string, object>> = {
  'KMS.CreateKey': { KeyMetadata: metadata },
  'KMS.DescribeKey': { KeyMetadata: { ...metadata, KeyId: `mrk-${'0'.repeat(32)}` } },
  'KMS.GetParametersForImport': { KeyId: keyArn, PublicKey: bytes, ImportToken: bytes, ParametersValidTo: time },
  'KMS.ImportKeyMaterial': { KeyId: keyArn, KeyMaterialId: materialId },
  'KMS.GenerateDataKey': { CiphertextBlob: bytes, Plaintext: bytes, KeyMaterialId: materialId },
  'KMS.Decrypt': { Plaintext: bytes, KeyMaterialId: materialId },
  'KMS.ListKeys': { Keys: [{ KeyId: keyId, KeyArn: keyArn }] },
  'KMS.ListResourceTags': { Tags: [{ TagKey: 'keyferry:ceremony', TagValue: '' }] },
  'KMS.ListAliases': {
    Aliases: [{ AliasName: 'alias/aws/s3' }, { AliasName: 'alias/a_b-c', TargetKeyId: keyId, AliasArn: 'arn:a' }],
  },
  'KMS.ListKeyRotations': {
    Rotations: [
      {
        KeyMaterialId: materialId,
        KeyMaterialState: 'CURRENT',
        ImportState: 'IMPORTED',
        ValidTo: time,
        KeyMaterialDescription: 'mine: ünïcode',
      },
    ],
  },
  'KMS.GetKeyPolicy': { Policy: '{}' },
  'S3.HeadBucket': { BucketRegion: 'us-east-1' },
  'S3.PutObject': object,
  'S3.CreateMultipartUpload': object,
  'S3.UploadPart': object,
  'S3.CompleteMultipartUpload': object,
  'S3.GetObject': object,
  'S3.HeadObject': object,
  'S3.ListMultipartUploads': {
    Uploads: [{ Key: 'a b/../c', UploadId: 'x', Initiator: { ID: user.Arn }, Initiated: time }],
    IsTruncated: true,
    NextKeyMarker: 'a b/../c',
    NextUploadIdMarker: 'x',
  },
  'S3.ListParts': {
    Parts: [{ PartNumber: 1, Size: 5, ETag: '"e"', ChecksumCRC32: 'AAAAAA==' }],
    IsTruncated: true,
    NextPartNumberMarker: '1',
  },
  'S3.ListObjectsV2': { Contents: [{ Key: 'a b/../c', Size: 5 }], KeyCount: 1, NextContinuationToken: 'x' },
  'S3.GetBucketPolicy': { Policy: '{}' },
  'S3.GetBucketEncryption': {
    ServerSideEncryptionConfiguration: {
      Rules: [{}, { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } }],
    },
  },
  'S3.GetBucketVersioning': { Status: 'Enabled' },
  'S3.GetObjectLockConfiguration': {
    ObjectLockConfiguration: {
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1, Years: 1 } },
    },
  },
  'S3.ListBuckets': { Buckets: [{ Name: 'Old_Bucket.1', BucketRegion: 'eu-west-1' }] },
  'IAM.GetRole': { Role: role },
  'IAM.GetUser': { User: user },
  'IAM.ListRoles': { Roles: [role] },
  'IAM.ListUsers': { Users: [user] },
  'IAM.SimulatePrincipalPolicy': {
    EvaluationResults: [{ EvalActionName: 'kms:CreateKey', EvalDecision: 'allowed' }],
    IsTruncated: false,
    Marker: 'x',
  },
  'STS.GetCallerIdentity': { Account: '111122223333', Arn: 'arn:aws:sts::111122223333:assumed-role/R/me@example.org' },
  'Account.ListRegions': { Regions: [{ RegionName: 'us-east-1' }] },
};

test('every call that Keyferry sends has a schema for its answer, and no schema is left over', () => {
  assert.deepEqual(Object.keys(answerSchemas).sort(), Object.keys(permissionsOfCalls).sort());
});

test('every answer as AWS sends it is taken, and so is one without a list', () => {
  for (const [operation, answer] of Object.entries(usual)) {
    checkAnswer(operation, answer);
    if (/List/.test(operation)) checkAnswer(operation, {});
  }
});

for (const [operation, answer, field] of [
  ['KMS.CreateKey', {}, 'KeyMetadata'],
  ['KMS.CreateKey', { KeyMetadata: { ...metadata, KeyId: '../../../x' } }, 'KeyMetadata.KeyId'],
  ['KMS.DescribeKey', { KeyMetadata: { ...metadata, Arn: `${keyArn}$(touch x)` } }, 'KeyMetadata.Arn'],
  ['KMS.DescribeKey', { KeyMetadata: { ...metadata, ValidTo: new Date(Number.NaN) } }, 'KeyMetadata.ValidTo'],
  ['KMS.GetParametersForImport', { KeyId: '../x' }, 'KeyId'],
  ['KMS.ListAliases', { Aliases: { length: 1 } }, 'Aliases'],
  ['KMS.ListAliases', { Aliases: [{}, { AliasName: 'alias/a\u001b[2J' }] }, 'Aliases.1.AliasName'],
  ['S3.ListBuckets', { Buckets: [{ Name: 'a/../b' }] }, 'Buckets.0.Name'],
  [
    'S3.GetBucketEncryption',
    {
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { KMSMasterKeyID: 'alias/a\u001b[2J' } }],
      },
    },
    'ServerSideEncryptionConfiguration.Rules.0.ApplyServerSideEncryptionByDefault.KMSMasterKeyID',
  ],
  [
    'S3.GetObjectLockConfiguration',
    { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: '1' } } } },
    'ObjectLockConfiguration.Rule.DefaultRetention.Days',
  ],
  ['STS.GetCallerIdentity', { Account: '1', Arn: user.Arn }, 'Account'],
] as const)
  test(`an answer to ${operation} with an unfit ${field} becomes a problem that names both`, () => {
    assert.throws(
      () => checkAnswer(operation, answer),
      (error) => {
        assert.ok(error instanceof UnfitAnswerError);
        const { why = '', kind } = explainAwsError(error, { what: 'x' });
        assert.notEqual(kind, 'ours');
        assert.ok(why.startsWith(`The answer to ${operation} is not used: ${field} must be `), why);
        return true;
      },
    );
  });

test('an answer that is no object is refused as a whole, and a call without a schema is a defect', () => {
  const thrownBy = (operation: string, answer: object) => {
    try {
      checkAnswer(operation, answer);
    } catch (error) {
      return error as Error;
    }
    return assert.fail('it was taken');
  };
  const unfit = thrownBy('KMS.CreateAlias', 'text' as never);
  assert.ok(unfit instanceof UnfitAnswerError);
  assert.equal(unfit.message, 'The answer to KMS.CreateAlias is not used: the whole is missing or of another form.');
  assert.deepEqual(unfit.$metadata, {});
  const defect = thrownBy('KMS.Nothing', {});
  assert.ok(!(defect instanceof UnfitAnswerError));
  assert.match(defect.message, /no schema for the answer to KMS\.Nothing/);
});

test('a used field of another kind is refused in every answer', () => {
  let places = 0;
  for (const [operation, answer] of Object.entries(usual))
    for (const way of waysIn(answer)) {
      // The pair to wrap with is judged where it is used.
      if (/^(PublicKey|ImportToken|ParametersValidTo)$/.test(way.join())) continue;
      const changed = changedAt(answer, way, () => Symbol('other')) as object;
      assert.throws(() => checkAnswer(operation, changed), UnfitAnswerError, `${operation} ${way.join('.')}`);
      places += 1;
    }
  assert.ok(places > 100, String(places));
});

/** What somebody else could put in the place of a value. */
const strange = fc.oneof(
  fc.anything({ withDate: true, withTypedArray: true, withNullPrototype: true, withBigInt: true }),
  fc.constantFrom(
    '../../../x',
    '$(touch x)',
    '/etc/passwd',
    '\u001b]0;x\u0007',
    '\u202E',
    '-rf',
    '',
    'a'.repeat(10_000),
  ),
  fc.constantFrom(null, [], {}, 1e300, -1, Number.NaN, new Date(Number.NaN), new Date(8.64e15), new Uint8Array(10_000)),
);

/** Names of AWS that become parts of paths, of commands and of the journal. */
const names = /^(KeyId|Arn|KeyArn|AliasName|TargetKeyId|KeyMaterialId|Name|RoleName|UserName|RegionName|Account)$/;

test('no answer, however it was changed, is half taken: it is fit, or a problem without a word of it', () => {
  const changed = fc.constantFrom(...Object.keys(usual)).chain((operation) => {
    const answer = usual[operation] ?? {};
    return fc.record({
      operation: fc.constant(operation),
      answer: fc
        .record({ way: fc.constantFrom(...waysIn(answer).filter((way) => way.length > 0)), value: strange })
        .map(({ way, value }) => changedAt(answer, way, () => value) as object),
    });
  });
  const numRuns = isLong ? 10_000 : 1000;
  fc.assert(
    fc.property(changed, ({ operation, answer }) => {
      try {
        checkAnswer(operation, answer);
      } catch (error) {
        assert.ok(error instanceof UnfitAnswerError, String(error));
        assert.match(error.message, /^The answer to \w+\.\w+ is not used: [\w. ]+ (must be|is missing) [\w ]+\.$/);
        return;
      }
      for (const way of waysIn(answer)) {
        const value = way.reduce<unknown>((each, name) => (each as Record<string, unknown>)[name], answer);
        if (typeof value === 'string' && names.test(way.at(-1) ?? ''))
          assert.doesNotMatch(value, /\.\.\/|[\p{Cc} $`;|&]/u);
        if (value instanceof Date && /^(CreationDate|ValidTo|Initiated)$/.test(way.at(-1) ?? ''))
          assert.ok(!Number.isNaN(value.getTime()));
      }
    }),
    { numRuns, seed },
  );
});

test('a value that is longer, of other letters or earlier than those of AWS is refused, with the id of the request', () => {
  const id = 'a'.repeat(64);
  const fields: readonly (readonly [operation: string, good: object, bad: readonly object[]])[] = [
    ['KMS.ImportKeyMaterial', { KeyMaterialId: id }, [{ KeyMaterialId: 'a' }, { KeyMaterialId: `${id}a` }]],
    [
      'STS.GetCallerIdentity',
      { Arn: 'arn:aws:iam::111122223333:user/a@b' },
      [{ Arn: 'arn:aws:iam::111122223333:user/a\nb' }, { Arn: 'arn:aws:iam::111122223333:user/é' }],
    ],
    [
      'S3.ListMultipartUploads',
      { Uploads: [{ Initiator: { ID: 'me' } }] },
      [{ Uploads: [{ Initiator: { ID: 'me\u001B[2J' } }] }],
    ],
    [
      'KMS.ListKeyRotations',
      { Rotations: [{ ValidTo: new Date(0) }, { ValidTo: new Date('9999-12-31T23:59:59Z') }] },
      [new Date(-1), new Date('+010000-01-01T00:00:00Z'), 0].map((ValidTo) => ({ Rotations: [{ ValidTo }] })),
    ],
    [
      'KMS.Decrypt',
      { Plaintext: new Uint8Array(4096) },
      [new Uint8Array(4097), 'text', { length: 1 }].map((Plaintext) => ({ Plaintext })),
    ],
    [
      'KMS.GenerateDataKey',
      { CiphertextBlob: new Uint8Array(6144) },
      [new Uint8Array(6145), [1]].map((CiphertextBlob) => ({ CiphertextBlob })),
    ],
  ];
  for (const [operation, good, bad] of fields) {
    checkAnswer(operation, good);
    for (const each of bad)
      assert.throws(
        () => checkAnswer(operation, { ...each, $metadata: { requestId: 'R' } }),
        (error) => error instanceof UnfitAnswerError && error.$metadata.requestId === 'R',
        JSON.stringify(each),
      );
  }
});

test('a text is taken up to its longest length, and refused beyond it or with a letter that AWS does not use in it', () => {
  const arn = (name: string) => `arn:aws:kms:us-east-1:111122223333:key/${name}`;
  const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`;
  const texts: readonly (readonly [
    operation: string,
    most: number,
    whole: (text: string) => string,
    answerWith: (text: string) => object,
    bad: readonly string[],
  ])[] = [
    ['KMS.ListKeys', 128, (text) => text, (KeyId) => ({ Keys: [{ KeyId }] }), ['', 'a b', '/a', 'a/', 'a\n']],
    ['KMS.ListKeys', 256, arn, (KeyArn) => ({ Keys: [{ KeyArn }] }), [`${arn('a')} b`, `b ${arn('a')}`, arn('')]],
    ['KMS.GetParametersForImport', 256, arn, (KeyId) => ({ KeyId }), [`${arn('a')} b`, arn('é')]],
    [
      'KMS.ListAliases',
      256,
      (text) => `alias/${text}`,
      (AliasName) => ({ Aliases: [{ AliasName }] }),
      ['alias/', 'alias/a b', 'an alias/a', 'alias/a.'],
    ],
    [
      'KMS.ListKeyRotations',
      64,
      (text) => text,
      (KeyMaterialState) => ({ Rotations: [{ KeyMaterialState }] }),
      ['', 'a b', '$a'],
    ],
    ['S3.HeadBucket', 64, (text) => text, (BucketRegion) => ({ BucketRegion }), ['', 'us-east-1 b', 'Aus-east-1']],
    ['STS.GetCallerIdentity', 2048, user, (Arn) => ({ Arn }), [`b ${user('a')}`, user('a b'), user('')]],
    ['IAM.GetRole', 128, (text) => text, (RoleName) => ({ Role: { RoleName } }), ['', 'a b', 'a/b', '/a']],
    ['S3.ListBuckets', 255, (text) => text, (Name) => ({ Buckets: [{ Name }] }), ['', 'a b', '/a', 'a/']],
    ['S3.PutObject', 8192, (text) => text, (ETag) => ({ ETag }), ['a\tb', 'a\u0085']],
    ['S3.PutObject', 64, (text) => text, (kind) => ({ ServerSideEncryption: kind }), ['', 'aws kms', '-aws', 'aws-']],
    ['KMS.GetKeyPolicy', 256 * 1024, (text) => text, (Policy) => ({ Policy }), []],
    ['KMS.ListResourceTags', 8192, (text) => text, (TagValue) => ({ Tags: [{ TagValue }] }), []],
  ];
  for (const [operation, most, whole, answerWith, bad] of texts) {
    const longest = whole('a'.repeat(most - whole('').length));
    checkAnswer(operation, answerWith(longest));
    for (const each of [`${longest}a`, ...bad])
      assert.throws(
        () => checkAnswer(operation, answerWith(each)),
        UnfitAnswerError,
        `${operation} ${each.slice(0, 60)}`,
      );
  }
  for (const Size of [1.5, 2 ** 53])
    assert.throws(() => checkAnswer('S3.ListObjectsV2', { Contents: [{ Size }] }), UnfitAnswerError, String(Size));
});
