import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { before, type TestContext, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  KMSClient,
  PutKeyPolicyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { openClients } from '../../source/aws/clients.ts';
import { readCaller } from '../../source/aws/identity.ts';
import { connectionFailure, explainAwsError, loadErrorTable } from '../../source/aws/problems.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { serve } from '../loopback-server.ts';
import { enabledKey, externalKey, importMaterial, parametersFor, practise, wrap } from '../practice/practising.ts';

const what = 'It did not happen.';
before(loadErrorTable);

async function problemOf(call: Promise<unknown>) {
  const error = await call.then(
    () => assert.fail('the call went through'),
    (thrown: unknown) => thrown,
  );
  return explainAwsError(error, { what, state: 'All is as it was.' });
}

/** What a real SDK client gets from practice AWS over HTTP, and what a person is told of it. */
async function told(t: TestContext, call: Promise<unknown>, code: string, why: RegExp, next = /./) {
  const problem = await problemOf(call);
  await t.test(code, () => {
    assert.equal(problem.code, code);
    assert.match(problem.why ?? '', why);
    assert.match(problem.next.join(' '), next);
    assert.equal(problem.what, what);
    assert.equal(problem.state, 'All is as it was.');
    assert.doesNotMatch(problem.why ?? '', /UnknownError|undefined/);
    assert.match(problem.requestId ?? '', /^[0-9A-Za-z-]{16,}$/);
  });
}

test('errors of KMS that practice AWS raises', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const external = await externalKey(kms);
  const send = kms.send.bind(kms);
  const { token, publicKey } = await parametersFor(kms, external);
  const blob = wrap(Buffer.alloc(32, 7), publicKey, 'sha1');
  const imported = (more: object) =>
    send(
      new ImportKeyMaterialCommand({
        KeyId: external,
        ImportToken: token,
        EncryptedKeyMaterial: blob,
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
        ...more,
      }),
    );
  await told(t, imported({}), 'InvalidCiphertextException', /could not unwrap/, /Wrap again/);
  await told(
    t,
    imported({ EncryptedKeyMaterial: Buffer.alloc(255, 1) }),
    'ValidationException',
    /not as long as the wrapping key/,
  );
  await told(t, imported({ ExpirationModel: undefined }), 'ValidationException', /no date was given/);
  await told(
    t,
    imported({ ImportToken: Buffer.alloc(64, 3) }),
    'InvalidImportTokenException',
    /another KMS key or Region/,
  );
  const { keyId, material } = await enabledKey(kms);
  await told(
    t,
    importMaterial(kms, keyId, Buffer.alloc(32, 9), { ImportType: 'EXISTING_KEY_MATERIAL' }),
    'IncorrectKeyMaterialException',
    /not the bytes/,
  );
  await told(
    t,
    importMaterial(kms, keyId, material, { ImportType: 'NEW_KEY_MATERIAL' }),
    'IncorrectKeyMaterialException',
    /has these very bytes already/,
  );
  await told(
    t,
    send(new RotateKeyOnDemandCommand({ KeyId: keyId })),
    'KMSInvalidStateException',
    /no new material to rotate in/,
  );
  await told(
    t,
    send(new GenerateDataKeyCommand({ KeyId: external, KeySpec: 'AES_256' })),
    'KMSInvalidStateException',
    /has no material/,
    /same bytes back/,
  );
  await told(
    t,
    send(new DescribeKeyCommand({ KeyId: '11111111-2222-3333-4444-555555555555' })),
    'NotFoundException',
    /does not know this key/,
  );
  await told(
    t,
    send(
      new GetParametersForImportCommand({
        KeyId: external,
        WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256',
        WrappingKeySpec: 'RSA_4096',
      }),
    ),
    'ValidationException',
    /does not take this pair/,
  );
  const { KeyMetadata } = await send(new CreateKeyCommand({}));
  await told(
    t,
    send(
      new GetParametersForImportCommand({
        KeyId: KeyMetadata?.KeyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_4096',
      }),
    ),
    'UnsupportedOperationException',
    /AWS made the material/,
    /--origin EXTERNAL/,
  );
  await send(new CreateAliasCommand({ AliasName: 'alias/one', TargetKeyId: keyId }));
  await told(
    t,
    send(new CreateAliasCommand({ AliasName: 'alias/one', TargetKeyId: keyId })),
    'AlreadyExistsException',
    /alias is taken/,
  );
  await told(
    t,
    send(new CreateAliasCommand({ AliasName: 'one', TargetKeyId: keyId })),
    'ValidationException',
    /begins with alias\//,
  );
  await told(
    t,
    send(new CreateKeyCommand({ Tags: [{ TagKey: 'aws:x', TagValue: 'y' }] })),
    'TagException',
    /one of the tags/,
  );
  const policy = (principal: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'kms:*', Resource: '*' }],
    });
  await told(
    t,
    send(new PutKeyPolicyCommand({ KeyId: keyId, Policy: policy('arn:aws:iam::000000000000:role/nobody') })),
    'MalformedPolicyDocumentException',
    /does not see one of the users or roles/,
  );
  await told(
    t,
    send(new PutKeyPolicyCommand({ KeyId: keyId, Policy: policy('arn:aws:iam::000000000000:user/alice') })),
    'MalformedPolicyDocumentException',
    /could not change the policy again/,
    /account root/,
  );
  await told(
    t,
    send(new CreateKeyCommand({ Policy: policy('arn:aws:iam::000000000000:root').padEnd(33_000) })),
    'LimitExceededException',
    /quota/,
  );
  await send(new DisableKeyCommand({ KeyId: keyId }));
  await told(
    t,
    send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.alloc(1) })),
    'DisabledException',
    /disabled/,
  );
  await send(new ScheduleKeyDeletionCommand({ KeyId: keyId }));
  await told(
    t,
    send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.alloc(1) })),
    'KMSInvalidStateException',
    /to be deleted/,
    /cancel the deletion/,
  );
  practice.clock.now = new Date(Date.now() + 25 * 3600 * 1000);
  await told(t, imported({}), 'ExpiredImportTokenException', /older than 24 hours/);
});

test('errors of S3 that practice AWS raises, those of KMS behind it too', async (t) => {
  const practice = await practise(t);
  const s3 = practice.s3();
  const { keyId, arn } = await enabledKey(practice.kms());
  const put = (more: object) =>
    s3.send(new PutObjectCommand({ Bucket: 'bucket-1', Key: 'x', Body: Buffer.from('x'), ...more }));
  await told(t, put({}), 'NoSuchBucket', /does not exist/);
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket-1' }));
  await told(
    t,
    s3.send(new GetObjectCommand({ Bucket: 'bucket-1', Key: 'absent' })),
    'NoSuchKey',
    /no object of this name/,
  );
  await told(
    t,
    s3.send(new HeadObjectCommand({ Bucket: 'bucket-1', Key: 'absent' })),
    'NotFound',
    /no bucket or object/,
  );
  const kms = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn };
  await practice.kms().send(new DisableKeyCommand({ KeyId: keyId }));
  await told(t, put(kms), 'KMS.DisabledException', /disabled/);
  await told(
    t,
    put({ ...kms, SSEKMSKeyId: arn.replace('us-east-1', 'eu-west-1') }),
    'KMS.NotFoundException',
    /another Region/,
  );
  await told(
    t,
    put({ SSECustomerAlgorithm: 'AES256', SSECustomerKey: 'a'.repeat(32) }),
    'AccessDenied',
    /refuses SSE-C/,
    /sse aws:kms/,
  );
});

test('a refusal names action and resource in AWS words, and a small upload that works hides a large one that does not', async (t) => {
  const practice = await practise(t, { settings: { deny: { 'secops-1': ['kms:CreateKey', 'kms:Decrypt'] } } });
  const kms = practice.kms('us-east-1', practice.server.credentialsOf('secops-1'));
  await told(
    t,
    kms.send(new CreateKeyCommand({})),
    'AccessDeniedException',
    /No policy of yours allows this action\. AWS says: .*kms:CreateKey/,
    /keyferry explain permissions/,
  );
  const denied = Object.assign(
    new Error(
      'User: x is not authorized to perform: kms:Decrypt on resource: y because no identity-based policy allows the kms:Decrypt action',
    ),
    {
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    },
  );
  assert.match(explainAwsError(denied, { what }).why ?? '', /Large uploads need it as well/);
});

test('a connection that fails is told by its cause, whatever the SDK wraps around it', async (t) => {
  const server = createServer((request) => request.socket.destroy());
  const { port, close } = await serve(t, server);
  const credentials = { accessKeyId: 'AKIAKEYFERRYSECOPS01', secretAccessKey: 'x' };
  const client = (endpoint: string) => new KMSClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
  const cut = await problemOf(client(`http://127.0.0.1:${port}`).send(new CreateKeyCommand({})));
  assert.match(cut.why ?? '', /the connection was cut/);
  const plain = await problemOf(client(`https://127.0.0.1:${port}`).send(new CreateKeyCommand({})));
  assert.equal(plain.kind, 'waiting');
  close();
  const nothing = await problemOf(client(`http://127.0.0.1:${port}`).send(new CreateKeyCommand({})));
  assert.match(nothing.why ?? '', /nothing listens there|was cut/);
  assert.match(
    connectionFailure({ name: 'Error', cause: { code: 'SELF_SIGNED_CERT_IN_CHAIN' } })?.reason ?? '',
    /inspecting proxy/,
  );
});

for (const status of [200, 302, 403, 407, 502]) {
  test(`a page for people with status ${status} is not taken for AWS`, async (t) => {
    const server = createServer((request, answer) => {
      // Answering before the request has come whole could cut the connection.
      request.resume().on('end', () => {
        answer
          .writeHead(status, { 'content-type': 'text/html' })
          .end('<html><body>Sign in to the network</body></html>');
      });
    });
    const { port } = await serve(t, server);
    const credentials = { from: 'fixed', accessKeyId: 'AKIAKEYFERRYSECOPS01', secretAccessKey: 'x' } as const;
    const options = { credentials, region: 'us-east-1', endpointUrl: `http://127.0.0.1:${port}`, onCall: () => {} };
    const clients = await openClients(options);
    t.after(() => clients.close());
    for (const call of [() => clients.kms.send(new CreateKeyCommand({})), () => readCaller(clients)]) {
      const problem = await problemOf(call());
      assert.match(problem.why ?? '', /not AWS: a proxy, a sign-in page or another server/);
      assert.doesNotMatch(problem.why ?? '', /Unexpected token|</);
    }
  });
}

test('an answer without a name is read by its status; a 500 is for waiting', () => {
  const answer = (httpStatusCode: number, message = 'UnknownError') =>
    explainAwsError(Object.assign(new Error(message), { name: 'Unknown', $metadata: { httpStatusCode } }), { what });
  assert.equal(answer(403).kind, 'refused');
  assert.match(answer(404).why ?? '', /no bucket or object/);
  assert.match(answer(418).why ?? '', /status 418/);
  assert.equal(answer(503).kind, 'waiting');
});

test('single sign-on, MFA, the clock and the disk have their own words', () => {
  const thrown = (name: string, message: string, more: object = {}) =>
    explainAwsError(Object.assign(new Error(message), { name, ...more }), { what });
  assert.match(
    thrown('CredentialsProviderError', 'The SSO session associated with this profile has expired.').next[0] ?? '',
    /aws sso login/,
  );
  assert.match(
    thrown('CredentialsProviderError', 'Profile x requires multi-factor authentication').why ?? '',
    /MFA device/,
  );
  assert.match(thrown('RequestTimeTooSkewed', '').next[0] ?? '', /clock/);
  const full = thrown('Error', 'ENOSPC: no space left on device', { code: 'ENOSPC', path: '/x/y' });
  assert.match(full.why ?? '', /The disk is full\. \(\/x\/y\)/);
  assert.equal(thrown('TypeError', 'x is undefined\n at y').kind, 'ours');
});

test('a line break in what AWS says cannot forge a line', () => {
  const forged = Object.assign(new Error('one\n  > rm -rf /'), {
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
  assert.match(explainAwsError(forged, { what }).why ?? '', /AWS says: one > rm/);
});

test('a problem passes as it is', () => {
  const problem = { kind: 'fixable', what, next: [] } as const;
  assert.equal(explainAwsError(new ProblemError(problem), { what: 'other' }), problem);
});
