import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseReading, findEntry, knownNames } from '../../source/aws/problems/catalogue.ts';
import { findErrorNames } from '../../source/aws/problems/error-names.ts';
import { nearestErrors } from '../../source/aws/problems/nearest.ts';
import { recogniseErrors } from '../../source/aws/problems/recognise.ts';
import '../seed.ts';

const denied =
  'User: arn:aws:iam::111122223333:user/x is not authorized to perform: kms:CreateKey on resource: * because no identity-based policy allows the kms:CreateKey action';

/** What people paste, the code that it stands for, the operation, and what the help then says. */
const pasted: readonly (readonly [
  name: string,
  text: string,
  code: string,
  operation: string | undefined,
  why: RegExp,
])[] = [
  ['a bare code', 'ExpiredImportTokenException', 'ExpiredImportTokenException', undefined, /24 hours/],
  ['a code in small letters', 'invalidciphertextexception', 'InvalidCiphertextException', undefined, /unwrap/],
  ['a code without Exception', 'IncorrectKeyMaterial', 'IncorrectKeyMaterialException', undefined, /not the bytes/],
  [
    'aws-cli, empty message',
    '\nAn error occurred (InvalidCiphertextException) when calling the ImportKeyMaterial operation: \n',
    'InvalidCiphertextException',
    'ImportKeyMaterial',
    /could not unwrap/,
  ],
  [
    'aws-cli with a reading',
    'An error occurred (KMSInvalidStateException) when calling the Encrypt operation: arn:aws:kms:us-east-1:1:key/1 is pending import.',
    'KMSInvalidStateException',
    'Encrypt',
    /has no material/,
  ],
  [
    'aws-cli after retries',
    'An error occurred (ThrottlingException) when calling the GetParametersForImport operation (reached max retries: 4): Rate exceeded',
    'ThrottlingException',
    'GetParametersForImport',
    /so many requests/,
  ],
  [
    'boto3',
    `botocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the CreateKey operation: ${denied}`,
    'AccessDeniedException',
    'CreateKey',
    /No policy of yours/,
  ],
  [
    'an SDK 3 stack',
    'InvalidCiphertextException: UnknownError\n    at de_InvalidCiphertextExceptionRes (/x/y.js:1:2)\n    at async z',
    'InvalidCiphertextException',
    undefined,
    /could not unwrap/,
  ],
  [
    'an inspected SDK 3 error',
    "{\n  name: 'KMS.DisabledException',\n  '$fault': 'client'\n}",
    'DisabledException',
    undefined,
    /disabled/,
  ],
  [
    'the Java SDK',
    'com.amazonaws.services.kms.model.IncorrectKeyMaterialException: null (Service: AWSKMS; Status Code: 400; Error Code: IncorrectKeyMaterialException; Request ID: 1)',
    'IncorrectKeyMaterialException',
    undefined,
    /not the bytes/,
  ],
  [
    'Terraform',
    'Error: creating KMS External Key: operation error KMS: CreateKey, https response error StatusCode: 400, RequestID: 1, MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.',
    'MalformedPolicyDocumentException',
    'CreateKey',
    /could not change the policy again/,
  ],
  [
    'Terraform with api error',
    'operation error KMS: CreateAlias, https response error StatusCode: 400, RequestID: 1, api error AlreadyExistsException: An alias with the name arn:aws:kms:x already exists',
    'AlreadyExistsException',
    'CreateAlias',
    /alias is taken/,
  ],
  [
    'Terraform of old',
    'Error: error creating KMS Key: MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.\n\tstatus code: 400, request id: 1',
    'MalformedPolicyDocumentException',
    undefined,
    /does not see one of the users/,
  ],
  [
    'JSON from the wire',
    '{"__type":"com.amazonaws.kms#NotFoundException","message":"Invalid keyId \'x\'"}',
    'NotFoundException',
    undefined,
    /no id of a KMS key/,
  ],
  [
    'XML from the wire',
    '<?xml version="1.0"?><Error><Code>KMS.KMSInvalidStateException</Code><Message>arn is pending deletion.</Message></Error>',
    'KMSInvalidStateException',
    undefined,
    /to be deleted/,
  ],
  [
    'XML of IAM',
    '<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>m</Message></Error></ErrorResponse>',
    'NoSuchEntityException',
    undefined,
    /no user, role/,
  ],
  [
    'openssl 1, PEM and DER',
    '140:error:0906D06C:PEM routines:PEM_read_bio:no start line\nunable to load Public Key',
    'unable to load public key',
    undefined,
    /form that was named/,
  ],
  [
    'openssl 3, PEM and DER',
    'Could not read public key from wrappingKey\n',
    'unable to load public key',
    undefined,
    /form that was named/,
  ],
  [
    'rsautl',
    "The command rsautl was deprecated in version 3.0. Use 'pkeyutl' instead.",
    'rsautl is deprecated',
    undefined,
    /pkeyutl takes its place/,
  ],
  [
    'data too large',
    'RSA operation error\n4:error:0200006E:rsa routines:ossl_rsa_padding_add:data too large for key size:crypto',
    'data too large for key size',
    undefined,
    /does not fit under/,
  ],
  [
    'key wrap in openssl 1',
    'enc: Unknown cipher id-aes256-wrap-pad',
    'unknown cipher id-aes256-wrap-pad',
    undefined,
    /does not need it/,
  ],
  [
    'no credentials',
    'Unable to locate credentials. You can configure credentials by running "aws configure".',
    'NoCredentialsError',
    undefined,
    /No usable credentials/,
  ],
  [
    'single sign-on',
    'Error loading SSO Token: Token for x does not exist',
    'TokenProviderError',
    undefined,
    /single sign-on session has ended/,
  ],
  [
    'MFA',
    'An error occurred (AccessDenied) when calling the GetSessionToken operation: MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    'MultiFactorAuthentication',
    'GetSessionToken',
    /MFA device/,
  ],
  [
    'an expired session',
    'An error occurred (ExpiredTokenException) when calling the ListKeys operation: The security token included in the request is expired',
    'ExpiredToken',
    'ListKeys',
    /has ended/,
  ],
  [
    'no way out',
    'Could not connect to the endpoint URL: "https://kms.eu-west-1.amazonaws.com/"',
    'ECONNREFUSED',
    undefined,
    /no connection/,
  ],
  ['a time-out', 'Connect timeout on endpoint URL: "https://sts.amazonaws.com/"', 'ETIMEDOUT', undefined, /No answer/],
  [
    'a name that DNS does not know',
    'Error: getaddrinfo ENOTFOUND kms.us-esat-1.amazonaws.com',
    'ENOTFOUND',
    undefined,
    /DNS/,
  ],
  [
    'an inspecting proxy',
    'SSL validation failed for https://kms.eu-west-1.amazonaws.com/ [SSL: CERTIFICATE_VERIFY_FAILED]',
    'SSLError',
    undefined,
    /not trusted here/,
  ],
  ['file:// for a binary file', 'Invalid base64: "\x07"', 'invalid base64', undefined, /base64/],
  [
    'a path that is not there',
    "Error parsing parameter '--import-token': Unable to load paramfile fileb://token.bin: [Errno 2]",
    'unable to load paramfile',
    undefined,
    /cannot read the file/,
  ],
  [
    'SSE-C refused',
    'An error occurred (AccessDenied) when calling the PutObject operation: User: x is not authorized to perform: s3:PutObject on resource: "y" because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type',
    'AccessDenied',
    'PutObject',
    /refuses SSE-C/,
  ],
  [
    'large uploads',
    'upload failed: ./big to s3://b/big An error occurred (AccessDenied) when calling the UploadPart operation: Access Denied',
    'AccessDenied',
    'UploadPart',
    /kms:Decrypt for each part/,
  ],
];

for (const [name, text, code, operation, why] of pasted) {
  test(`${name} is recognised`, () => {
    const [found] = recogniseErrors(text);
    assert.ok(found, 'not recognised');
    assert.equal(found.entry, findEntry(code), `${found.name} instead of ${code}`);
    assert.equal(found.operation, operation);
    assert.match(chooseReading(found.entry, found).why, why);
  });
}

for (const text of ['', 'hello there', 'make: *** [all] Error 1', 'The quick brown fox', '{}', 'Segmentation fault'])
  test(`"${text}" is not taken for an error of AWS`, () => assert.deepEqual(recogniseErrors(text), []));

test('a sentence that begins with User and a colon is told whole', () => {
  const [error] = recogniseErrors(`${denied} (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException)`);
  assert.deepEqual([error?.name, error?.sentence], ['AccessDeniedException', denied]);
});

test('an unknown code leads to the nearest', () => {
  assert.deepEqual(findErrorNames('bad decrypt'), [], 'a word of a sentence is no name');
  assert.deepEqual(findErrorNames(' decrpyt\n'), ['decrpyt']);
  assert.deepEqual(findErrorNames('An error occurred (InvalidCiphertxtException) when calling x'), [
    'InvalidCiphertxtException',
  ]);
  for (const [text, names] of [
    ['{"__type" : "com.amazonaws.kms#FooX"} BarException', ['com.amazonaws.kms#FooX']],
    ['<Code>KMS.FooX</Code> BarException', ['KMS.FooX']],
    ['it is a.b.FooException. Then BarError, FooException and EPIPE', ['FooException', 'BarError', 'EPIPE']],
    ['AccessIsDenied... SomeFault-', ['AccessIsDenied', 'SomeFault']],
    [`${'x'.repeat(61)}Error`, [`${'x'.repeat(61)}Error`]],
    [`too long: ${'x'.repeat(61)}Error`, []],
    ['decrpyt.', ['decrpyt']],
    ['ServiceException', ['ServiceException']],
    ['a ServiceException', []],
    ['x', []],
    ['', []],
  ] as const)
    assert.deepEqual(findErrorNames(text), names, text);
  assert.equal(nearestErrors('InvalidCiphertxtException')[0], 'InvalidCiphertextException');
  assert.equal(nearestErrors('acessdenied')[0], 'AccessDenied');
});

test('each known code is recognised alone, and in the line of aws-cli', () => {
  for (const name of knownNames) {
    assert.equal(recogniseErrors(name)[0]?.entry, findEntry(name), name);
    if (!/^[A-Z]\w+$/.test(name)) continue;
    const line = `An error occurred (${name}) when calling the ListKeys operation: x`;
    assert.equal(recogniseErrors(line)[0]?.entry, findEntry(name), line);
  }
});

test('no text makes it fail, and none takes long', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'An error occurred (',
      'operation error KMS: ',
      '"__type":"',
      '<Code>',
      ': '.repeat(40),
      ...knownNames,
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const begun = performance.now();
      recogniseErrors(pieces.join(''));
      findErrorNames(pieces.join(''));
      assert.ok(performance.now() - begun < 2000);
    }),
    { numRuns: 300 },
  );
  const long = 'operation error KMS: CreateKey, '.repeat(6000);
  const begun = performance.now();
  recogniseErrors(long);
  assert.ok(performance.now() - begun < 5000, `${performance.now() - begun} ms`);
});
