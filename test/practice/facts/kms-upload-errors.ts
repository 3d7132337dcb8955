import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { send } from '../signed-request.ts';
import { type Fact, refused, type World } from './fact.ts';
import { policyFor } from './policy-for.ts';
import { Body, Key } from './s3-facts.ts';
import { kmsEncrypted, text, underKey } from './under-key.ts';

/** Section 3.2. */
export const uploadErrorFacts: readonly Fact[] = [
  [
    '3.2',
    'key disabled',
    async (w) => {
      const { Bucket, KeyId, Arn } = await underKey(w);
      await w.kms('DisableKey', { KeyId });
      const put = w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId });
      await refused(put, 'KMS.DisabledException', `${Arn} is disabled.`);
      await refused(text(w, { Bucket, Key }), 'KMS.DisabledException', `${Arn} is disabled.`);
    },
  ],
  ...(
    [
      ['pending deletion', 'ScheduleKeyDeletion'],
      ['pending import (unverified)', 'DeleteImportedKeyMaterial'],
    ] as const
  ).map(
    ([what, change]): Fact => [
      '3.2',
      what,
      async (w) => {
        const { Bucket, KeyId, Arn } = await underKey(w);
        await w.kms(change, { KeyId });
        const expected = `${Arn} is ${what.replace(' (unverified)', '')}.`;
        const put = w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId });
        await refused(put, 'KMS.KMSInvalidStateException', expected);
        await refused(text(w, { Bucket, Key }), 'KMS.KMSInvalidStateException', expected);
      },
    ],
  ),
  ...(
    [
      ['an id that is none', () => 'fake-key-id', () => "Invalid keyId 'fake-key-id'"],
      [
        'a key that is not there',
        (w: World) => `arn:aws:kms:us-east-1:${w.account}:key/00000000-0000-4000-8000-000000000000`,
        (w: World) =>
          `Key 'arn:aws:kms:us-east-1:${w.account}:key/00000000-0000-4000-8000-000000000000' does not exist`,
      ],
      [
        'a key of another Region',
        (w: World) => `arn:aws:kms:us-west-2:${w.account}:key/00000000-0000-4000-8000-000000000000`,
        () => 'Invalid arn us-west-2',
      ],
    ] as const
  ).map(
    ([what, named, message]): Fact => [
      '3.2',
      what,
      async (w) => {
        const Bucket = await w.bucket();
        const put = w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: named(w) });
        await refused(put, 'KMS.NotFoundException', message(w));
      },
    ],
  ),
  [
    '3.2',
    'a key for something else (text unverified)',
    async (w) => {
      const [Bucket, { KeyId }] = [
        await w.bucket(),
        await w.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
      ];
      const put = w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId });
      await refused(put, 'KMS.InvalidKeyUsageException');
    },
  ],
  [
    '3.2',
    'no permission for the key: 403, in the words of KMS',
    async (w) => {
      const { Bucket, KeyId, Arn } = await underKey(w);
      const put = () => w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId });
      const user = `arn:aws:sts::${w.account}:assumed-role/SecurityAdmin/you`;
      await w.control({ deny: { SecurityAdmin: ['kms:GenerateDataKey'] } }, async () =>
        refused(
          put(),
          'AccessDenied',
          `User: ${user} is not authorized to perform: kms:GenerateDataKey on resource: ${Arn} because no identity-based policy allows the kms:GenerateDataKey action`,
          403,
        ),
      );
    },
  ],
  [
    '3.2',
    "another account's key: 403",
    async (w) => {
      const Bucket = await w.bucket();
      const SSEKMSKeyId = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000';
      await refused(
        w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId }),
        'AccessDenied',
        `User: arn:aws:sts::${w.account}:assumed-role/SecurityAdmin/you is not authorized to perform: kms:GenerateDataKey on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
        403,
      );
    },
  ],
  [
    '3.2',
    'a key policy that does not name the writer: 403',
    async (w) => {
      const Bucket = await w.bucket();
      const { KeyId } = await w.key({ Policy: policyFor(w, `arn:aws:iam::${w.account}:role/SecurityAdmin`) });
      await w.import(KeyId, randomBytes(32));
      const as = w.practice.server.credentialsOf('secops-1');
      const input = { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId };
      await w.s3('PutObject', input);
      await refused(w.s3('PutObject', input, { as }), 'AccessDenied', undefined, 403);
      await refused(w.s3('GetObject', { Bucket, Key }, { as }), 'AccessDenied', undefined, 403);
    },
  ],
  [
    '3.2',
    'a key without an algorithm',
    async (w) =>
      refused(
        w.s3('PutObject', { Bucket: await w.bucket(), Key, Body, SSEKMSKeyId: 'any' }),
        'InvalidArgument',
        'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      ),
  ],
  [
    '3.2',
    'an algorithm that is none',
    async (w) => {
      const headers = { 'x-amz-server-side-encryption': '' };
      const path = `/${await w.bucket()}/${Key}`;
      const answer = await send(w.practice.server, { service: 's3', method: 'PUT', path, headers, body: 'x' });
      assert.equal(answer.status, 400);
      assert.match(answer.text, /<Code>InvalidArgument<.*<Message>The encryption method specified is not supported</);
    },
  ],
  [
    '3.2',
    'Signature Version 2',
    async (w) => {
      const path = `/${await w.bucket()}/${Key}`;
      const after = { authorization: 'AWS AKIAKEYFERRYSECOPS01:c2lnbmF0dXJl' };
      const put = (headers: Record<string, string>) =>
        send(w.practice.server, { service: 's3', method: 'PUT', path, headers, body: 'x', after });
      const answer = await put({ 'x-amz-server-side-encryption': 'aws:kms' });
      assert.equal(answer.status, 400);
      assert.match(
        answer.text,
        /<Code>InvalidArgument<.*<Message>Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4\.</,
      );
    },
  ],
  [
    '3.2',
    'an encryption context that is no JSON (code unverified)',
    async (w) =>
      refused(
        w.s3('PutObject', { Bucket: await w.bucket(), Key, Body, ...kmsEncrypted, SSEKMSEncryptionContext: 'bm8=' }),
        'InvalidArgument',
        "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map",
      ),
  ],
];
