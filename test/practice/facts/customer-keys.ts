import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { send } from '../signed-request.ts';
import { type Fact, refused } from './fact.ts';
import { Body, Key, malformed, openBucket, setRules } from './s3-facts.ts';

/** Headers of SSE-C as they go over the wire. */
function customerHeaders(key: Buffer, more: Record<string, string | undefined> = {}): Record<string, string> {
  const start = 'x-amz-server-side-encryption-customer-';
  const headers = {
    [`${start}algorithm`]: 'AES256',
    [`${start}key`]: key.toString('base64'),
    [`${start}key-MD5`.toLowerCase()]: createHash('md5').update(key).digest('base64'),
    ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name.replace('*', start), value])),
  };
  return Object.fromEntries(Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

const customerKey = randomBytes(32);

const needsAlgorithm =
  'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.';

const needsKey =
  'Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.';

/** 3.4: what is wrong with the headers of an upload. */
const wrongHeaders: ReadonlyArray<
  readonly [what: string, headers: Record<string, string>, code: string, text: string]
> = [
  [
    'another encryption beside it',
    customerHeaders(customerKey, { 'x-amz-server-side-encryption': 'AES256' }),
    'InvalidArgument',
    'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
  ],
  [
    'another algorithm',
    customerHeaders(customerKey, { '*algorithm': 'AES128' }),
    'InvalidEncryptionAlgorithmError',
    'The Encryption request you specified is not valid. Supported value: AES256.',
  ],
  ['no algorithm', customerHeaders(customerKey, { '*algorithm': undefined }), 'InvalidArgument', needsAlgorithm],
  ['no key', customerHeaders(customerKey, { '*key': undefined }), 'InvalidArgument', needsKey],
  [
    'a wrong MD5, though the length is wrong too',
    customerHeaders(Buffer.alloc(5), { '*key-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }),
    'InvalidArgument',
    'The calculated MD5 hash of the key did not match the hash that was provided.',
  ],
  [
    'a wrong length',
    customerHeaders(Buffer.alloc(31)),
    'InvalidArgument',
    'The secret key was invalid for the specified algorithm.',
  ],
];

/** Section 3.4. */
export const customerKeyFacts: readonly Fact[] = [
  ...wrongHeaders.map(
    ([what, headers, code, text]): Fact => [
      '3.4',
      what,
      async (w) => {
        const path = `/${await openBucket(w)}/${Key}`;
        const answer = await send(w.practice.server, { service: 's3', method: 'PUT', path, headers, body: 'x' });
        assert.equal(answer.status, 400);
        assert.ok(answer.text.includes(`<Code>${code}</Code><Message>${text}</Message>`), answer.text);
      },
    ],
  ),
  [
    '3.4',
    'over plain HTTP, with the MD5 that the SDK makes, an object goes in and out',
    async (w) => {
      const [Bucket, more] = [await openBucket(w), { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey }];
      const put = await w.s3('PutObject', { Bucket, Key, Body, ...more });
      assert.equal(put.SSECustomerKeyMD5, createHash('md5').update(customerKey).digest('base64'));
      assert.notEqual(put.ETag, `"${createHash('md5').update(Body).digest('hex')}"`);
      const got = await w.s3('GetObject', { Bucket, Key, ...more });
      assert.equal(await got.Body?.transformToString(), 'the text');
    },
  ],
  ...(['GetObject', 'HeadObject'] as const).map(
    (name): Fact => [
      '3.4',
      `${name}: no key, another key, and a key for an object that has none`,
      async (w) => {
        const [Bucket, more] = [await openBucket(w), { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey }];
        await w.s3('PutObject', { Bucket, Key, Body, ...more });
        await w.s3('PutObject', { Bucket, Key: 'plain', Body });
        const isGet = name === 'GetObject';
        // An answer to HEAD has no body, and so neither code nor words.
        const refuses = (input: object, code: string, text: string, status = 400) =>
          isGet
            ? refused(w.s3(name, { Bucket, ...input }), code, text, status)
            : assert.rejects(w.s3(name, { Bucket, ...input }), (error: { $metadata?: { httpStatusCode?: number } }) => {
                assert.equal(error.$metadata?.httpStatusCode, status);
                return true;
              });
        await refuses(
          { Key },
          'InvalidRequest',
          'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
        );
        await refuses(
          { Key, ...more, SSECustomerKey: randomBytes(32) },
          'AccessDenied',
          'Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.',
          403,
        );
        await refuses(
          { Key: 'plain', ...more },
          'InvalidRequest',
          'The encryption parameters are not applicable to this object.',
        );
      },
    ],
  ),
  [
    '3.4',
    'parts bring the key that the upload began with',
    async (w) => {
      const [Bucket, more] = [await openBucket(w), { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey }];
      const { UploadId } = await w.s3('CreateMultipartUpload', { Bucket, Key, ...more });
      const part = (input: object) => w.s3('UploadPart', { Bucket, Key, UploadId, PartNumber: 1, Body, ...input });
      await refused(
        part({}),
        'InvalidRequest',
        'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.',
      );
      await refused(
        part({ ...more, SSECustomerKey: randomBytes(32) }),
        'InvalidRequest',
        'The provided encryption parameters did not match the ones used originally.',
      );
      await part(more);
    },
  ],
  [
    '3.4',
    'it cannot be the default of a bucket',
    async (w) => {
      const byDefault = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'SSE-C' } };
      await refused(setRules(w, await w.bucket(), byDefault), 'MalformedXML', malformed);
    },
  ],
];
