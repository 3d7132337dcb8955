import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as accountSdk from '@aws-sdk/client-account';
import * as iamSdk from '@aws-sdk/client-iam';
import * as kmsSdk from '@aws-sdk/client-kms';
import * as s3Sdk from '@aws-sdk/client-s3';
import * as stsSdk from '@aws-sdk/client-sts';
import { accountOperations } from '../../source/practice/account-management.ts';
import { iamOperations } from '../../source/practice/iam.ts';
import { requirePermissionCheck } from '../../source/practice/identity-policy.ts';
import { operations as kmsOperations } from '../../source/practice/kms/operations.ts';
import { s3Operations } from '../../source/practice/s3/routes.ts';
import { stsOperations } from '../../source/practice/sts.ts';
import { practise, setControl } from './practising.ts';
import { sendNamed } from './send-named.ts';

/** Every operation that practice AWS answers, by who must allow it. A new operation is written down here as well. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'kms: the account': ['CreateKey', 'GenerateRandom', 'ListAliases', 'ListKeys', 'ListRetirableGrants'],
  'kms: the key': [
    ...['CancelKeyDeletion', 'CreateAlias', 'CreateGrant', 'Decrypt', 'DeleteAlias', 'DeleteImportedKeyMaterial'],
    ...['DeriveSharedSecret', 'DescribeKey', 'DisableKey', 'DisableKeyRotation', 'EnableKey', 'EnableKeyRotation'],
    ...['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext', 'RetireGrant'],
    ...['Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'GenerateMac', 'GetKeyLastUsage'],
    ...['GetKeyPolicy', 'GetKeyRotationStatus', 'GetParametersForImport', 'GetPublicKey', 'ImportKeyMaterial'],
    ...['ListGrants', 'ListKeyPolicies', 'ListKeyRotations', 'ListResourceTags', 'PutKeyPolicy', 'ReEncrypt'],
    ...['ReplicateKey', 'RevokeGrant', 'RotateKeyOnDemand', 'ScheduleKeyDeletion', 'Sign', 'TagResource'],
    ...['UntagResource', 'UpdateAlias', 'UpdateKeyDescription', 'UpdatePrimaryRegion', 'Verify', 'VerifyMac'],
  ],
  's3: the account': ['ListBuckets: s3:ListAllMyBuckets'],
  's3: the bucket': [
    ...['CreateBucket', 'DeleteBucket', 'DeleteBucketEncryption: s3:PutEncryptionConfiguration', 'DeleteBucketPolicy'],
    ...['DeleteBucketTagging: s3:PutBucketTagging', 'DeletePublicAccessBlock: s3:PutBucketPublicAccessBlock'],
    ...['GetBucketAcl', 'ListObjectVersions: s3:ListBucketVersions', 'PutBucketAcl', 'PutBucketPolicy'],
    ...['PutBucketTagging', 'PutPublicAccessBlock: s3:PutBucketPublicAccessBlock'],
    ...['GetBucketAccelerateConfiguration: s3:GetAccelerateConfiguration', 'GetBucketCors: s3:GetBucketCORS'],
    ...['GetBucketEncryption: s3:GetEncryptionConfiguration', 'GetBucketLocation', 'GetBucketLogging'],
    ...['GetBucketLifecycleConfiguration: s3:GetLifecycleConfiguration', 'GetBucketOwnershipControls'],
    ...['GetBucketNotificationConfiguration: s3:GetBucketNotification', 'GetBucketPolicy', 'GetBucketRequestPayment'],
    ...['GetBucketReplication: s3:GetReplicationConfiguration', 'GetBucketTagging', 'GetBucketVersioning'],
    ...['GetBucketWebsite', 'GetObjectLockConfiguration: s3:GetBucketObjectLockConfiguration'],
    ...['GetPublicAccessBlock: s3:GetBucketPublicAccessBlock', 'HeadBucket: s3:ListBucket'],
    ...['ListMultipartUploads: s3:ListBucketMultipartUploads', 'ListObjects: s3:ListBucket'],
    ...['ListObjectsV2: s3:ListBucket', 'PutBucketEncryption: s3:PutEncryptionConfiguration'],
  ],
  's3: the object': [
    ...['AbortMultipartUpload', 'CompleteMultipartUpload: s3:PutObject', 'CopyObject: s3:PutObject'],
    ...['CreateMultipartUpload: s3:PutObject', 'DeleteObject', 'GetObject', 'HeadObject: s3:GetObject'],
    ...['ListParts: s3:ListMultipartUploadParts', 'PutObject', 'UpdateObjectEncryption', 'UploadPart: s3:PutObject'],
    ...['DeleteObjectTagging', 'GetObjectAcl', 'GetObjectAttributes', 'GetObjectTagging', 'PutObjectAcl'],
    ...['PutObjectTagging', 'UploadPartCopy: s3:PutObject'],
  ],
  's3: the objects': ['DeleteObjects: s3:DeleteObject'],
  'iam: the entity': ['GetRole', 'GetUser', 'ListRoles', 'ListUsers', 'SimulatePrincipalPolicy'],
  'sts: the entity': ['AssumeRole', 'GetFederationToken'],
  'account: the entity': ['ListRegions'],
  'sts: the none': ['GetCallerIdentity', 'GetSessionToken'],
};

const all = [
  ...Object.entries(kmsOperations).map(([name, { authority }]) => ['kms', name, authority.on, name] as const),
  ...s3Operations.map(({ name, operation }) => {
    const { on, needs } = operation.authority;
    return ['s3', name, on, needs === `s3:${name}` ? name : `${name}: ${needs}`] as const;
  }),
  ...Object.entries(iamOperations).map(([name, { authority }]) => ['iam', name, authority.on, name] as const),
  ...Object.entries(stsOperations).map(([name, { authority }]) => ['sts', name, authority.on, name] as const),
  ...Object.entries(accountOperations).map(([name, { authority }]) => ['account', name, authority.on, name] as const),
];

test('the list of operations and of who must allow each is whole', () => {
  const found = Object.groupBy(all, ([service, , on]) => `${service}: the ${on}`);
  const sorted = (lists: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.toSorted()]));
  const words = Object.entries(found).map(([name, rows]) => [name, (rows ?? []).map(([, , , shown]) => shown)]);
  assert.deepEqual(sorted(Object.fromEntries(words)), sorted(expected));
});

test('whoever may do nothing is refused every operation, but for those that nobody has to allow', async (t) => {
  const { server, folder, ...clientsAs } = await practise(t);
  const credentials = server.credentialsOf('secops-1');
  const config = { region: 'us-east-1', endpoint: server.endpoint, credentials };
  const kms = () => clientsAs.kms('us-east-1', credentials);
  const s3 = () => clientsAs.s3('us-east-1', credentials);
  const services = {
    kms: [kms(), kmsSdk],
    s3: [s3(), s3Sdk],
    iam: [new iamSdk.IAMClient(config), iamSdk],
    sts: [new stsSdk.STSClient(config), stsSdk],
    account: [new accountSdk.AccountClient(config), accountSdk],
  } as const;
  const { KeyMetadata } = await kms().send(new kmsSdk.CreateKeyCommand({}));
  const KeyId = KeyMetadata?.Arn ?? '';
  await kms().send(new kmsSdk.CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: KeyId }));
  const sealed = await kms().send(new kmsSdk.EncryptCommand({ KeyId, Plaintext: Buffer.from('text') }));
  const where = { Bucket: 'bucket-of-this-test', Key: 'k' };
  await s3().send(new s3Sdk.CreateBucketCommand({ Bucket: where.Bucket }));
  await s3().send(new s3Sdk.PutObjectCommand({ ...where, Body: 'text' }));
  const { UploadId } = await s3().send(new s3Sdk.CreateMultipartUploadCommand(where));
  const bytes = Buffer.alloc(32);
  const auditor = 'arn:aws:iam::000000000000:role/Auditor';
  // One request for all: each command takes what it knows and leaves the rest.
  const input = {
    ...{ KeyId, TargetKeyId: KeyId, DestinationKeyId: KeyId, AliasName: 'alias/mine', GrantId: 'a', PublicKey: bytes },
    ...{ CiphertextBlob: sealed.CiphertextBlob, Plaintext: bytes, Message: bytes, Mac: bytes, Signature: bytes },
    ...{ SigningAlgorithm: 'RSASSA_PSS_SHA_256', MacAlgorithm: 'HMAC_SHA_256', KeyAgreementAlgorithm: 'ECDH' },
    ...{ WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048', ImportToken: bytes },
    ...{ EncryptedKeyMaterial: bytes, ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE', Description: 'd', Policy: '{}' },
    ...{ ReplicaRegion: 'eu-west-1', PrimaryRegion: 'eu-west-1', NumberOfBytes: 32, Operations: ['Decrypt'] },
    ...{ KeyPairSpec: 'ECC_NIST_P256', RetiringPrincipal: 'arn:aws:iam::000000000000:root' },
    ...{ GranteePrincipal: 'arn:aws:iam::000000000000:root', Tags: [{ TagKey: 'a', TagValue: 'b' }], TagKeys: ['a'] },
    ...{
      ...where,
      UploadId,
      PartNumber: 1,
      CopySource: `${where.Bucket}/k`,
      Body: 'text',
      Delete: { Objects: [where] },
    },
    MultipartUpload: { Parts: [{ PartNumber: 1, ETag: 'a' }] },
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    ObjectEncryption: { SSEKMS: { KMSKeyArn: KeyId } },
    ...{ Tagging: { TagSet: [] }, ObjectAttributes: ['ETag'], PublicAccessBlockConfiguration: {} },
    ...{ UserName: 'alice', RoleName: 'SecurityAdmin', ActionNames: ['kms:CreateKey'] },
    ...{ PolicySourceArn: auditor, RoleArn: auditor, RoleSessionName: 'at-work', Name: 'kim' },
  };
  setControl({ folder }, { deny: { 'secops-1': ['*'] } });
  for (const [service, name, on] of all) {
    const [client, sdk] = services[service];
    const answer = (await sendNamed(client, sdk, name, input).catch((error: Error & { $metadata: object }) => ({
      ...error.$metadata,
      Code: error.name,
    }))) as {
      Code?: string;
      httpStatusCode?: number;
      Errors?: Array<{ Code?: string }>;
    };
    const code = answer.Errors?.[0]?.Code ?? answer.Code;
    // An answer to HEAD has no body, which the SDK has no name for.
    const isRefused = /^(AccessDenied|AccessDeniedException|Unknown|403)$/.test(code ?? '');
    assert.equal(isRefused, on !== 'none', `${service}:${name} answered ${code}`);
  }
});

test('an operation that forgets to ask for permission does not answer', async () => {
  const checkedActions = new Set<string>();
  const answer = (asks: boolean) =>
    requirePermissionCheck({ action: 'kms:GenerateRandom', checkedActions }, () => {
      if (asks) checkedActions.add('kms:GenerateRandom');
      return 'bytes';
    });
  await assert.rejects(answer(false), /kms:GenerateRandom has answered without asking for permission/);
  assert.equal(await answer(true), 'bytes');
});
