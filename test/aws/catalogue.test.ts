import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chooseReading, entries, findEntry, knownNames } from '../../source/aws/problems/catalogue.ts';
import type { Help, KnownError } from '../../source/aws/problems/entry.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Operations that the SDK's own code calls for us: pages of a list, and uploads in parts. */
const behindPaginators = /paginate(\w+)/g;
const inParts = ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'AbortMultipartUpload', 'PutObject'];

/** Every operation that source/aws calls, by package: read from the source, so that a new call brings its errors here. */
function operationsCalled(): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Set(inParts);
  const folder = join(root, 'source', 'aws');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/\b(\w+)Command\b/g)) names.add(name);
    for (const [, name = ''] of text.matchAll(behindPaginators)) names.add(name);
  }
  const found = new Map<string, Set<string>>();
  for (const client of ['client-kms', 'client-s3', 'client-iam', 'client-sts']) {
    const commands = new Set(readdirSync(join(root, 'node_modules', '@aws-sdk', client, 'dist-types', 'commands')));
    const called = [...names].filter((name) => commands.has(`${name}Command.d.ts`));
    found.set(client, new Set(called));
  }
  return found;
}

/** The errors that the service's model gives an operation, as its declaration lists them. */
function modelledErrors(client: string, operation: string): readonly string[] {
  const path = join(root, 'node_modules', '@aws-sdk', client, 'dist-types', 'commands', `${operation}Command.d.ts`);
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/@throws \{@link (\w+)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !/^(KMS|S3|IAM|STS)ServiceException$/.test(name));
}

test('every modelled error of every operation that Keyferry calls has an entry', () => {
  const operations = operationsCalled();
  const called = [...operations.values()].flatMap((names) => [...names]);
  for (const one of ['ImportKeyMaterial', 'CreateKey', 'PutObject', 'GetRole', 'ListRoles', 'GetCallerIdentity'])
    assert.ok(called.includes(one), `${one} is among ${called}`);
  const checked = new Set<string>();
  const missing: string[] = [];
  for (const [client, names] of operations) {
    for (const operation of names) {
      for (const name of modelledErrors(client, operation)) {
        checked.add(name);
        if (findEntry(name) === undefined) missing.push(`${operation}: ${name}`);
      }
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(checked.size >= 35, `${checked.size} errors`);
});

for (const client of ['client-kms', 'client-s3', 'client-sts']) {
  test(`every error class of ${client} has an entry`, async () => {
    const exported = Object.entries(await import(`@aws-sdk/${client}`))
      .filter(
        ([name, value]) =>
          typeof value === 'function' && value.prototype instanceof Error && !/ServiceException$/.test(name),
      )
      .map(([name]) => name);
    assert.ok(exported.length > 10);
    assert.deepEqual(
      exported.filter((name) => findEntry(name) === undefined),
      [],
    );
  });
}

/**
 * AWS general reference, "Common error types"; S3 API reference, "List of error codes", as far as a first import can meet them.
 * Also the names that SDKs give to throttling, faults and timeouts: they are in the logs that people paste.
 */
const unmodelled = [
  'AccessDeniedException ExpiredTokenException IncompleteSignature InternalFailure MalformedHttpRequestException NotAuthorized',
  'OptInRequired RequestAbortedException RequestEntityTooLargeException RequestExpired RequestTimeoutException ServiceUnavailable',
  'ThrottlingException UnrecognizedClientException UnknownOperationException ValidationException ValidationError InvalidAction',
  'InvalidClientTokenId InvalidParameterCombination InvalidParameterValue InvalidQueryParameter MalformedQueryString MissingAction',
  'MissingAuthenticationToken MissingParameter Throttling SlowDown InternalError AuthorizationHeaderMalformed BadDigest EntityTooLarge',
  'IllegalLocationConstraintException IncompleteBody InvalidAccessKeyId InvalidArgument InvalidBucketName InvalidRequest InvalidToken',
  'KeyTooLongError MalformedXML PermanentRedirect PreconditionFailed RequestTimeout RequestTimeTooSkewed SignatureDoesNotMatch',
  'BandwidthLimitExceeded PriorRequestNotComplete RequestThrottled RequestThrottledException ThrottledException',
  'TooManyRequestsException ProvisionedThroughputExceededException RequestLimitExceeded ServiceUnavailableException',
  'ServiceFailure ServiceFailureException InternalServerError InternalServerException RequestHeaderSectionTooLarge',
  'ApiCallTimeoutException ApiCallAttemptTimeoutException SocketTimeoutException ConnectTimeoutException UnknownHostException',
  'TooManyBuckets KMS.DisabledException KMS.KMSInvalidStateException KMS.NotFoundException KMS.InvalidKeyUsageException',
].flatMap((line) => line.split(' '));

test('codes that no model lists have entries too', () => {
  assert.deepEqual(
    unmodelled.filter((name) => findEntry(name) === undefined),
    [],
  );
});

test('every code that practice AWS can answer with has an entry', () => {
  const folder = join(root, 'source', 'practice');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const codes = new Set(
    files.flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/new AwsError\(\s*'([\w.]+)'/g)].map(
        ([, code = '']) => code,
      ),
    ),
  );
  assert.ok(codes.size > 50, `${codes.size} codes`);
  assert.deepEqual(
    [...codes].filter((code) => findEntry(code) === undefined),
    [],
  );
});

test("a code is found as S3 passes KMS's on, as the wire of IAM spells it, and with its namespace", () => {
  assert.equal(findEntry('KMS.DisabledException'), findEntry('DisabledException'));
  assert.equal(findEntry('NoSuchEntity'), findEntry('NoSuchEntityException'));
  assert.equal(findEntry('com.amazonaws.kms#NotFoundException'), findEntry('NotFoundException'));
  assert.notEqual(findEntry('NotFound'), findEntry('NotFoundException'));
  assert.equal(findEntry('NoSuchThing'), undefined);
});

test('no code stands in two entries', () => {
  const all = entries.flatMap(({ names }) => names);
  assert.deepEqual(
    all.filter((name, index) => all.indexOf(name) !== index),
    [],
  );
  assert.equal(knownNames.length, all.length);
});

test('the words keep to the rules of copy', () => {
  const texts = entries.flatMap((entry) =>
    [entry, ...(entry.readings ?? [])].flatMap((help: Partial<Help>) => [
      help.why,
      ...(help.next ?? []),
      ...(help.causes ?? []),
    ]),
  );
  for (const text of texts) {
    if (text === undefined) continue;
    assert.doesNotMatch(text, /!|\b(please|oops|successfully|simply|sorry)\b/i);
    assert.match(text, /[.:]$|[A-Za-z0-9/_-]$/, text);
    for (const sentence of text.split(/(?<=[.:;]) /)) {
      const words = sentence.split(/\s+/).length;
      assert.ok(words <= 22, `${words} words: ${sentence}`);
    }
  }
});

test('a name is found with what services put in front of it, in small letters, and with or without Exception', () => {
  for (const name of knownNames.filter((each) => !/[.#]/.test(each))) {
    for (const before of ['KMS.', 'com.amazonaws.kms#', 'a.b.'])
      assert.equal(findEntry(`${before}${name}`), findEntry(name), `${before}${name}`);
  }
  const entry = findEntry('NotFoundException');
  assert.ok(entry !== undefined);
  for (const name of ['notfoundexception', 'NOTFOUNDEXCEPTION', 'KMS.notFoundEXCEPTION'])
    assert.equal(findEntry(name), entry, name);
  assert.ok(
    findEntry('nosuchbucketexception') === findEntry('NoSuchBucket') && findEntry('NoSuchBucket') !== undefined,
  );
  for (const other of ['NoSuchExceptionBucket', 'NotFoundExceptionOfX', 'NotFoundException.', '', '.', '#'])
    assert.equal(findEntry(other), undefined, other);
});

test('the first reading that fits counts: with a reason of its own it leaves out what the entry says of causes', () => {
  const bare: KnownError = {
    names: ['Foo'],
    kind: 'fixable',
    why: 'the entry',
    next: ['do this'],
    causes: ['a cause'],
  };
  const entry: KnownError = {
    ...bare,
    readings: [
      { says: /locked/, why: 'it is locked', look: ['look here'] },
      { says: /./, in: /^Encrypt$/, next: ['do that'] },
      { in: /^Decrypt$/, onlyWithCode: true, kind: 'waiting', why: 'it is late' },
    ],
  };
  const help = (message?: string, operation?: string) => chooseReading(entry, { message, operation });
  assert.deepEqual(help('it is locked', 'Encrypt'), {
    kind: 'fixable',
    why: 'it is locked',
    next: ['do this'],
    look: ['look here'],
  });
  assert.deepEqual(help('x', 'Encrypt'), { ...entry, next: ['do that'] });
  assert.deepEqual(help('x', 'Decrypt'), { kind: 'waiting', why: 'it is late', next: ['do this'] });
  for (const [message, operation] of [['x'], ['x', 'EncryptAll'], ['', 'Encrypt'], [undefined, 'Encrypt'], []] as const)
    assert.equal(help(message, operation), entry);
  assert.equal(chooseReading(bare, { message: 'locked' }), bare);
});
