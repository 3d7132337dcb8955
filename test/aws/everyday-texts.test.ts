import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explained } from './explained.ts';

/* The texts that every tool prints for what people meet most, and what they have to be told. The ids in them are made up. */

/** What is pasted, what its explanation says, and what it never says. */
type Row = readonly [name: string, text: string, says: RegExp, neverSays?: RegExp];

const arn = 'arn:aws:kms:us-east-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e';
const user = 'User: arn:aws:sts::111122223333:assumed-role/ops/alice';
const java2 = 'software.amazon.awssdk.services';
const id = 'Request ID: 9f6e2a1b-0000-0000-0000-000000000000';
const javaStack =
  '\n\tat software.amazon.awssdk.protocols.json.internal.unmarshall.AwsJsonProtocolErrorUnmarshaller.unmarshall(AwsJsonProtocolErrorUnmarshaller.java:94)\n\t... 11 more';
const cli = (code: string, operation: string, message: string) =>
  `\naws: [ERROR]: An error occurred (${code}) when calling the ${operation} operation: ${message}\n`;
const codec = "'utf-8' codec can't decode byte 0x82 in position 1: invalid start byte";
const forgotten =
  'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.';
const locked =
  "The encryption type for the specified object can't be updated because that object is protected by S3 Object Lock. If the object has a governance-mode retention period or a legal hold, you must first remove the Object Lock status.";
const foreignKey =
  'The Amazon Web Services KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the same account, and then try again.';

const rows: readonly Row[] = [
  // AWS SDK for Java 2
  [
    'Java 2, an old import token',
    `Exception in thread "main" ${java2}.kms.model.ExpiredImportTokenException: null (Service: Kms, Status Code: 400, ${id}) (SDK Attempt Count: 1)${javaStack}`,
    /^ExpiredImportTokenException .*older than 24 hours/,
    /says:/,
  ],
  [
    'Java 2, a key that waits for its material',
    `${java2}.kms.model.KmsInvalidStateException: ${arn} is pending import. (Service: Kms, Status Code: 400, ${id})${javaStack}`,
    /^KmsInvalidStateException .*The key has no material.*AWS says: arn:aws:kms:\S+ is pending import\./,
  ],
  [
    'Java 2, a refusal without a code',
    `Caused by: ${java2}.kms.model.KmsException: ${user} is not authorized to perform: kms:ImportKeyMaterial on resource: ${arn} because no identity-based policy allows the kms:ImportKeyMaterial action (Service: Kms, Status Code: 400, ${id})`,
    /No policy of yours allows this action.*AWS says: User: arn:aws:sts::111122223333:assumed-role\/ops\/alice is not authorized/,
    /key policy/,
  ],
  [
    'Java 2, a bare refusal of S3',
    `${java2}.s3.model.S3Exception: Access Denied (Service: S3, Status Code: 403, ${id}, Extended Request ID: ZsA5Pqk/2wCqJz=)`,
    /^Access Denied .*Your credentials may not do this/,
    /ZsA5Pqk/,
  ],
  [
    'Java 2, 403 to HEAD',
    `${java2}.s3.model.S3Exception: null (Service: S3, Status Code: 403, ${id}, Extended Request ID: x)`,
    /^403 .*HEAD has no body.*s3:ListBucket/,
  ],
  [
    'Java 2, an object that is not there',
    `${java2}.s3.model.NoSuchKeyException: The specified key does not exist. (Service: S3, Status Code: 404, ${id})`,
    /^NoSuchKeyException .*no object of this name.*AWS says: The specified key does not exist\./,
  ],
  [
    'Java 2, no credentials',
    'software.amazon.awssdk.core.exception.SdkClientException: Unable to load credentials from any of the providers in the chain AwsCredentialsProviderChain(credentialsProviders=[SystemPropertyCredentialsProvider(), EnvironmentVariableCredentialsProvider()])',
    /No usable credentials were found/,
    /AWS says/,
  ],
  [
    'Java 2, an authority that is not trusted',
    'software.amazon.awssdk.core.exception.SdkClientException: Unable to execute HTTP request: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
    /certificate of the endpoint is not trusted/,
    /[Ss]ign in/,
  ],
  [
    'Java 2, a host that is not known',
    'software.amazon.awssdk.core.exception.SdkClientException: Received an UnknownHostException when attempting to interact with a service.',
    /^UnknownHostException .*DNS/,
  ],
  [
    'Java 2, no Region',
    'software.amazon.awssdk.core.exception.SdkClientException: Unable to load region from any of the providers in the chain software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain@1',
    /No Region is set/,
  ],
  [
    'Java 2, no answer',
    'software.amazon.awssdk.core.exception.SdkClientException: Unable to execute HTTP request: Connect to kms.us-east-1.amazonaws.com:443 failed: connect timed out',
    /No answer came in time/,
    /AWS says/,
  ],
  [
    'Java 2, nothing listens',
    'software.amazon.awssdk.core.exception.SdkClientException: Unable to execute HTTP request: Connect to s3.us-east-1.amazonaws.com:443 failed: Connection refused',
    /no connection to the endpoint/,
  ],
  [
    'Java 2, its own deadline',
    'software.amazon.awssdk.core.exception.ApiCallTimeoutException: Client execution did not complete before the specified timeout configuration: 1000 millis',
    /^ApiCallTimeoutException .*No answer came in time/,
  ],
  [
    'Java 2, a bucket elsewhere',
    `${java2}.s3.model.S3Exception: The bucket is in this region: eu-west-1. Please use this region to retry the request (Service: S3, Status Code: 301, ${id})`,
    /another Region.*AWS says: The bucket is in this region: eu-west-1/,
  ],
  [
    'Java 2, a role that may not be taken',
    `Caused by: ${java2}.sts.model.StsException: ${user} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/x (Service: Sts, Status Code: 403, ${id})`,
    /may not take this role.*trust policy/,
    /key policy|kms:/,
  ],
  // AWS SDK for Java 1
  [
    'Java 1, a refusal',
    `com.amazonaws.services.kms.model.AWSKMSException: ${user} is not authorized to perform: kms:CreateKey on resource: * with an explicit deny in a service control policy (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; ${id}; Proxy: null)`,
    /^AccessDeniedException .*forbids this to you.*AWS says: User: arn:aws:sts/,
    /Likely causes/,
  ],
  [
    'Java 1, 403 to HEAD',
    `com.amazonaws.services.s3.model.AmazonS3Exception: Forbidden (Service: Amazon S3; Status Code: 403; Error Code: 403 Forbidden; ${id}; S3 Extended Request ID: x; Proxy: null)`,
    /^403 .*HEAD has no body.*s3:GetObject/,
  ],
  [
    'Java 1, 400 to HEAD',
    `com.amazonaws.services.s3.model.AmazonS3Exception: Bad Request (Service: Amazon S3; Status Code: 400; Error Code: 400 Bad Request; ${id})`,
    /^400 .*HEAD has no body.*another Region/,
  ],
  // Other SDKs
  [
    'Ruby',
    "/gems/aws-sdk-core/raise_response_errors.rb:17:in `call': Access Denied (Aws::S3::Errors::AccessDenied)",
    /^AccessDenied .*Your credentials may not do this\. AWS says: Access Denied /,
  ],
  [
    '.NET',
    "Amazon.KeyManagementService.Model.IncorrectKeyMaterialException: Exception of type 'Amazon.KeyManagementService.Model.IncorrectKeyMaterialException' was thrown.",
    /^IncorrectKeyMaterialException .*not the bytes that this KMS key was made with/,
  ],
  [
    'Terraform, in its box and broken where the terminal ends',
    '╷\n│ Error: creating KMS Alias (alias/x): operation error KMS: CreateAlias, https\n│ response error StatusCode: 400, RequestID: 1-2, AlreadyExistsException: An alias\n│ with the name arn:aws:kms:us-east-1:111122223333:alias/x already exists\n│ \n│   with aws_kms_alias.x,\n╵\n',
    /^AlreadyExistsException, from CreateAlias .*AWS says: An alias with the name arn:aws:kms:us-east-1:111122223333:alias\/x already exists/,
  ],
  [
    'Go, 403 to HEAD',
    'operation error S3: HeadObject, https response error StatusCode: 403, RequestID: X, HostID: Y/z=, api error Forbidden: Forbidden',
    /^Forbidden, from HeadObject .*HEAD has no body/,
  ],
  [
    'Go, 301 to HEAD',
    'operation error S3: HeadBucket, https response error StatusCode: 301, RequestID: X, HostID: Y, api error MovedPermanently: Moved Permanently',
    /another Region/,
  ],
  [
    'CloudTrail',
    `{"eventName":"Decrypt","errorCode":"AccessDenied","errorMessage":"${user} is not authorized to perform: kms:Decrypt on resource: ${arn} with an explicit deny in a resource-based policy"}`,
    /^AccessDenied, from Decrypt .*The policy of the key or bucket forbids this/,
  ],
  [
    'JSON with quotes in the message',
    '{"message":"The \\"KeyId\\" is wrong: Invalid keyId \'x\'","__type":"NotFoundException"}',
    /no id of a KMS key.*says: The "KeyId" is wrong: Invalid keyId 'x'/,
  ],
  [
    'Kotlin',
    'aws.sdk.kotlin.services.kms.model.InvalidCiphertextException: null, Request ID: 12-34',
    /^InvalidCiphertextException .*could not unwrap/,
    /says:/,
  ],
  [
    'XML with quotes in the message',
    '<Error><Code>MalformedPolicyDocument</Code><Message>Partition &quot;aws&quot; is not valid for resource &quot;arn:aws:s3:::b/*&quot;.</Message></Error>',
    /wrong partition.*AWS says: Partition "aws" is not valid for resource "arn:aws:s3:::b\/\*"\./,
  ],
  [
    'JavaScript, no credentials as JSON',
    '{"name":"CredentialsProviderError","message":"Could not load credentials from any providers"}',
    /No usable credentials.*The text says: Could not load/,
    /AWS says/,
  ],
  [
    'Go, a proxy that is met while credentials are fetched',
    'get identity: get credentials: failed to refresh cached credentials, request send failed, Post "https://sts.amazonaws.com/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    /certificate of the endpoint is not trusted/,
    /[Ss]ign in|No usable credentials/,
  ],
  // HEAD by the aws command
  ['400 to HEAD', cli('400', 'HeadObject', 'Bad Request'), /^400, from HeadObject .*HEAD has no body/],
  ['404 to HEAD', cli('404', 'HeadObject', 'Not Found'), /^404, from HeadObject .*no bucket or object of this name/],
  ['400 to HEAD in other words', 'Bad Request (400) when calling HeadObject', /HEAD has no body/],
  ['403 to HEAD in other words', 'HeadObject s3://b/k failed: 403 Forbidden', /HEAD has no body/],
  [
    'JavaScript 3, 403 to HEAD',
    "UnknownError\n    at throwDefaultError (/x/index.js:388:20) {\n  '$fault': 'client',\n  '$metadata': {\n    httpStatusCode: 403,\n    requestId: 'X'",
    /^403 .*HEAD has no body/,
  ],
  [
    'an aws command that is too old',
    'aws: [ERROR]: Unknown options: --import-type, NEW_KEY_MATERIAL',
    /aws command does not know.*Update/,
  ],
  // boto3 and botocore
  [
    'boto, a credential program',
    'botocore.exceptions.CredentialRetrievalError: Error when retrieving credentials from custom-process: vault: sealed',
    /program that the profile names as credential_process gave no credentials.*The text says: .*vault: sealed/,
    /AWS says|aws login|sso/,
  ],
  [
    'boto, profiles in a circle',
    "botocore.exceptions.InfiniteLoopConfigError: Infinite loop in credential configuration detected. Attempting to load from profile ops which has already been visited. Visited profiles: ['ops', 'b']",
    /go in a circle/,
    /login/,
  ],
  [
    'boto, a config file that is not there',
    'botocore.exceptions.ConfigNotFound: The specified config file (/x/config) could not be found.',
    /config file that is named is not there/,
    /login/,
  ],
  [
    'boto, MFA that cannot be asked for',
    'botocore.exceptions.RefreshWithMFAUnsupportedError: Cannot refresh credentials: MFA token required.',
    /session of a role with MFA has ended/,
  ],
  [
    'boto, metadata',
    'botocore.exceptions.MetadataRetrievalError: Error retrieving metadata: Received non 200 response 404 from container metadata',
    /metadata service of this machine gives no role/,
    /login/,
  ],
  // aws login
  [
    'aws login, over',
    "aws: [ERROR]: Your session has expired. Please reauthenticate using 'aws login'.",
    /session that aws login began has ended.*aws login --profile NAME.*--remote/,
    /sso/,
  ],
  [
    'aws login, over or changed',
    "botocore.exceptions.LoginRefreshRequired: Your session has expired or credentials have changed. Please reauthenticate using 'aws login'.",
    /session that aws login began has ended/,
  ],
  [
    'aws login, not allowed',
    "Unable to create or refresh login credentials due to insufficient permissions. You may be missing permission for the 'signin:CreateOAuth2Token' action.",
    /permission signin:CreateOAuth2Token is missing.*SignInLocalDevelopmentAccess/,
  ],
  [
    'aws login, by the code of the service',
    cli('AccessDeniedException', 'CreateOAuth2Token', 'The refresh token has expired.'),
    /session that aws login began has ended/,
  ],
  // Object Lock and other keys
  [
    'another key for a locked object',
    cli('AccessDenied', 'UpdateObjectEncryption', locked),
    /under S3 Object Lock.*governance mode.*compliance mode/,
    /IAM polic|key policy|named above/,
  ],
  [
    'a key of another account for an object',
    cli('AccessDenied', 'UpdateObjectEncryption', foreignKey),
    /only keys of the account that owns the bucket/,
    /IAM polic|key policy|named above/,
  ],
  [
    'an alias for an object in place',
    cli(
      'InvalidRequest',
      'UpdateObjectEncryption',
      "Requests that modify an object's encryption type to SSE-KMS require an Amazon Web Services KMS key Amazon Resource Name (ARN). Modify the request",
    ),
    /by its full ARN only/,
  ],
  // Dots in the names of buckets
  [
    'Node, a bucket with a dot',
    "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: my.bucket.s3.us-east-1.amazonaws.com. is not in the cert's altnames: DNS:*.s3.us-east-1.amazonaws.com",
    /name of the bucket has a dot.*path style/,
    /inspecting/,
  ],
  [
    'Python, a bucket with a dot',
    "botocore.exceptions.SSLError: SSL validation failed for https://my.bucket.s3.amazonaws.com/ hostname 'my.bucket.s3.amazonaws.com' doesn't match either of '*.s3.amazonaws.com', 's3.amazonaws.com'",
    /name of the bucket has a dot/,
  ],
  [
    'Java, a bucket with a dot',
    "SdkClientException: Unable to execute HTTP request: Certificate for <my.bucket.s3.amazonaws.com> doesn't match any of the subject alternative names: [*.s3.amazonaws.com, s3.amazonaws.com]",
    /name of the bucket has a dot/,
  ],
  [
    'Go, a bucket with a dot',
    'tls: failed to verify certificate: x509: certificate is valid for *.s3.amazonaws.com, s3.amazonaws.com, not my.bucket.s3.amazonaws.com',
    /name of the bucket has a dot/,
  ],
  [
    'curl, a bucket with a dot',
    "curl: (60) SSL: no alternative certificate subject name matches target host name 'my.bucket.s3.amazonaws.com'",
    /name of the bucket has a dot/,
  ],
  [
    'Node, another name in a certificate',
    "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: kms.us-east-1.amazonaws.com. is not in the cert's altnames: DNS:proxy.corp",
    /for another name than the one that was asked/,
    /bucket has a dot/,
  ],
  [
    'Python 3, a bucket with a dot',
    "upload failed: ./a to s3://my.bucket/a SSL validation failed for https://my.bucket.s3.eu-central-1.amazonaws.com/a [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'my.bucket.s3.eu-central-1.amazonaws.com'. (_ssl.c:1000)",
    /name of the bucket has a dot/,
    /inspecting|organisation/,
  ],
  [
    'Python 3, another name in a certificate',
    "botocore.exceptions.SSLError: SSL validation failed for https://kms.us-east-1.amazonaws.com/ [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'kms.us-east-1.amazonaws.com'. (_ssl.c:1000)",
    /for another name than the one that was asked/,
  ],
  // Emulators
  [
    'LocalStack, an operation of its paid version',
    cli(
      'InternalFailure',
      'GetParametersForImport',
      'The API for service kms is either not included in your current license plan or has not yet been emulated by LocalStack.',
    ),
    /comes from LocalStack, not from AWS.*The emulator says/,
    /AWS had a fault|AWS says/,
  ],
  [
    'LocalStack, an operation that it has not',
    "API action 'TrentService.GetParametersForImport' for service 'kms' not yet implemented",
    /comes from LocalStack, not from AWS/,
  ],
  [
    'LocalStack, a failure of its own',
    cli(
      'InternalError',
      'ImportKeyMaterial',
      "exception while calling kms.ImportKeyMaterial: ('Could not deserialize key data. The data may be in an incorrect format')",
    ),
    /LocalStack.*failed in itself/,
    /AWS had a fault|AWS says/,
  ],
  [
    'LocalStack, a key to sign with',
    cli(
      'InvalidKeyUsageException',
      'ImportKeyMaterial',
      `${arn} key usage is SIGN_VERIFY which is not valid for ImportKeyMaterial.`,
    ),
    /an emulator that does not/,
    /AWS says|S3 takes no other/,
  ],
  [
    'moto',
    'NotImplementedError: The get_parameters_for_import action has not been implemented',
    /comes from moto, not from AWS/,
  ],
  [
    'MinIO, encryption',
    cli('NotImplemented', 'PutObject', 'Server side encryption specified but KMS is not configured'),
    /comes from MinIO, not from AWS.*without --sse/,
    /AWS says/,
  ],
  [
    'MinIO, asked for KMS',
    cli(
      '400',
      'CreateKey',
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>BadRequest</Code><Message>An error occurred when parsing the HTTP request POST at &#39;/&#39;</Message></Error>`,
    ),
    /MinIO, which has no KMS/,
    /HEAD|says:/,
  ],
  // Post-quantum keys
  [
    'ML_KEM with imported material',
    cli('ValidationException', 'CreateKey', 'KeySpec ML_KEM_768 is not supported for Origin EXTERNAL'),
    /takes no imported material for a post-quantum key of this spec/,
  ],
  [
    'ML_KEM for another use',
    cli('ValidationException', 'CreateKey', 'KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ML_KEM_768'),
    /ENCAPSULATE_DECAPSULATE/,
  ],
  [
    'ML-KEM with hyphens',
    cli(
      'ValidationException',
      'CreateKey',
      "1 validation error detected: Value 'ML-KEM-768' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [RSA_2048, ML_KEM_768]",
    ),
    /with underscores, as in ML_KEM_768/,
  ],
  [
    'a value that is none of a list',
    cli(
      'ValidationException',
      'CreateKey',
      "1 validation error detected: Value 'X' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [RSA_2048]",
    ),
    /none of those that the service takes/,
  ],
  // openssl and Python
  [
    'openssl, a public key that is none',
    'Could not find private key of Public Key from WrappingPublicKey.bin',
    /form that was named is not the form of the file/,
  ],
  [
    'openssl, base64 in place of DER',
    'Could not read key of Public Key from WrappingPublicKey.b64',
    /form that was named is not the form of the file/,
  ],
  [
    'openssl without -pubin',
    'Could not read private key from pub.der\n40F7BAD8947F0000:error:1608010C:STORE routines:ossl_store_handle_load_result:unsupported:../crypto/store/store_result.c:149:\npkeyutl: Error initializing context',
    /The wrapping key of KMS is a public one.*Add -pubin/,
  ],
  [
    'openssl, a path that is not there',
    'Could not open file or uri for loading public key from nothere',
    /finds no file of this name/,
  ],
  [
    'Python, a binary file as text',
    `Traceback (most recent call last):\n  File "import.py", line 3, in <module>\nUnicodeDecodeError: ${codec}`,
    /binary file was read as text.*fileb:\/\//,
  ],
  ['aws-cli, a binary file as text', codec, /binary file was read as text/],
  [
    'aws-cli 1, a binary file as text',
    `Error parsing parameter '--import-token': Unable to load paramfile (token.bin), text contents could not be decoded.  If this is a binary file, please use the fileb:// prefix`,
    /binary file was read as text/,
  ],
  // Sentences of AWS without a code
  [
    'a ciphertext of a key that is not there',
    forgotten,
    /its key is in another account or Region, was deleted, or is not for you/,
  ],
  [
    'the same with a code',
    cli('AccessDeniedException', 'Decrypt', forgotten),
    /its key is in another account or Region/,
    /Ask an administrator of the account which/,
  ],
  ['a disabled key', `${arn} is disabled.`, /key is disabled/],
  ['a key that is not there', `Key '${arn}' does not exist`, /does not know this key or alias/],
  [
    'a policy that locks out',
    'The new key policy will not allow you to update the key policy in the future.',
    /could not change the policy again/,
  ],
  [
    'a principal that is not there',
    'Policy contains a statement with one or more invalid principals.',
    /does not see one of the users or roles/,
  ],
  [
    'an access key that is not there',
    'The AWS Access Key Id you provided does not exist in our records.',
    /does not know this access key/,
  ],
  ['a bucket that is not there', 'The specified bucket does not exist', /bucket does not exist/],
  [
    'a bucket elsewhere',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    /another Region/,
  ],
  ['a key of another Region', 'Invalid arn us-west-2', /another Region than the one that was asked/],
];

for (const [name, text, says, neverSays] of rows) {
  test(`the text is explained rightly: ${name}`, async () => {
    const { status, shown } = await explained(text);
    assert.equal(status, 0, shown);
    assert.match(shown, says);
    if (neverSays !== undefined) assert.doesNotMatch(shown, neverSays);
  });
}

for (const text of [
  'Exception',
  'ERROR: something went wrong',
  'hello',
  'EXTERNAL',
  'ML_KEM_768',
  'X25519MLKEM768',
  'java.lang.RuntimeException: it broke',
  'software.amazon.awssdk.services.kms.model.KmsException: what nobody knows (Service: Kms, Status Code: 418, Request ID: x)',
  'the build failed with exit code 1',
  '> PUT /x HTTP/1.1\n> Host: my.bucket.s3.us-east-1.amazonaws.com\n< HTTP/1.1 200 OK',
  '<html><title>403 Forbidden</title><h1>403 Forbidden</h1>nginx</html>',
  '<HTML><TITLE>Access Denied</TITLE><H1>Access Denied</H1>You do not have permission on this server.</HTML>',
])
  test(`"${text.slice(0, 40)}" is no error with a name, and what to paste instead is said`, async () => {
    const { status, shown } = await explained(text);
    assert.equal(status, 1, shown);
    assert.match(shown, /^Nothing that Keyferry knows is in this text\./);
    assert.match(shown, /the whole text that the tool printed.*the word before the first colon/);
    assert.doesNotMatch(shown, /does not know/);
  });

test('a name of an error that is not known is told as the text spells it', async () => {
  for (const [text, name] of [
    ['InvalidCyphertextException', 'InvalidCyphertextException'],
    [
      `com.example.kms.model.InvalidCyphertextException: null (Service: Kms, Status Code: 400, ${id})`,
      'InvalidCyphertextException',
    ],
    [cli('KeyIsTired', 'Encrypt', 'x'), 'KeyIsTired'],
  ] as const) {
    const { status, shown } = await explained(text);
    assert.equal(status, 1);
    assert.ok(shown.startsWith(`Keyferry does not know ${name}.`), shown);
  }
});
