import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { before, test } from 'node:test';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { readCaller } from '../../source/aws/identity.ts';
import { ForeignAnswerError, SlowAnswerError } from '../../source/aws/patience-errors.ts';
import { findErrorNames } from '../../source/aws/problems/error-names.ts';
import { nearestErrors } from '../../source/aws/problems/nearest.ts';
import { describeOperation } from '../../source/aws/problems/operations.ts';
import {
  explainAwsError,
  explainConnectionFailure,
  explainDiskError,
  loadErrorTable,
} from '../../source/aws/problems.ts';
import { SettingsError } from '../../source/aws/settings-error.ts';
import { SignInError } from '../../source/aws/sign-in-error.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { serve } from '../loopback-server.ts';
import { practise, tryOnce } from '../practice/practising.ts';
import { refusal } from './answering-clients.ts';
import { anybody, clientsAt } from './clients-at.ts';
import { isTold, problemOf, what } from './told.ts';

before(loadErrorTable);

test('a refusal names action and resource in AWS words, and a small upload that works hides a large one that does not', async (t) => {
  const practice = await practise(t, { settings: { deny: { 'secops-1': ['kms:CreateKey', 'kms:Decrypt'] } } });
  const kms = practice.kms('us-east-1', practice.server.credentialsOf('secops-1'));
  await isTold(kms.send(new CreateKeyCommand({})), [
    'AccessDeniedException',
    /No policy of yours allows this action\. AWS says: .*kms:CreateKey/,
    /keyferry explain permissions/,
  ]);
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

test('a permission is called "named above" only where AWS names one', () => {
  const adviceOn = (message: string, operation?: string) => {
    const error = Object.assign(new Error(message), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    return explainAwsError(error, { what, ...(operation === undefined ? {} : { operation }) }).next.join(' ');
  };
  const named = 'User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource: "x"';
  assert.match(adviceOn(`${named} because no identity-based policy allows the s3:GetObject action`), /named above/);
  assert.match(adviceOn(named), /named above/);
  assert.match(adviceOn('Access Denied'), /AWS names none here/);
  assert.match(adviceOn('Access Denied', 'PutObject'), /x-amz-server-side-encryption in the bucket policy/);
  // What AWS names stands behind the reason of every denial.
  const why = explainAwsError(refusal('AccessDenied', 403, { message: named }), { what }).why ?? '';
  assert.match(why, /^[A-Z].*\. AWS says: User: arn:aws:iam::111122223333:user\/a is not authorized/);
  const uploading = named.replace('GetObject', 'PutObject');
  const denied = adviceOn(`${uploading} with an explicit deny in a resource-based policy`);
  assert.match(denied, /x-amz-server-side-encryption in the bucket policy/);
  assert.doesNotMatch(denied, /named above/);
});

test('a connection that fails is told by its cause, whatever the SDK wraps around it', async (t) => {
  const server = createServer((request) => request.socket.destroy());
  const { port, close } = await serve(t, server);
  const client = (endpoint: string) => new KMSClient(tryOnce({ endpoint, credentials: anybody }));
  const cut = await problemOf(client(`http://127.0.0.1:${port}`).send(new CreateKeyCommand({})));
  assert.match(cut.why ?? '', /the connection was cut/);
  const plain = await problemOf(client(`https://127.0.0.1:${port}`).send(new CreateKeyCommand({})));
  assert.equal(plain.kind, 'waiting');
  close();
  const nothing = await problemOf(client(`http://127.0.0.1:${port}`).send(new CreateKeyCommand({})));
  assert.match(nothing.why ?? '', /nothing listens there|was cut/);
  assert.match(
    explainConnectionFailure({ name: 'Error', cause: { code: 'SELF_SIGNED_CERT_IN_CHAIN' } })?.reason ?? '',
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
    const { endpoint } = await serve(t, server);
    const clients = await clientsAt(t, endpoint, { pause: async () => {} });
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
  assert.equal(answer(500).kind, 'waiting');
  assert.match(answer(300).why ?? '', /only leads to another address \(status 300\)/);
  // A sentence of AWS says more than the status.
  for (const status of [302, 403, 404]) assert.equal(answer(status, 'No way').why, 'AWS says: No way');
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
  const defect = thrown('TypeError', 'x is undefined\n at y');
  assert.deepEqual([defect.kind, defect.why], ['ours', 'Something unforeseen: x is undefined']);
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

test('an error that is no object is a defect in words, and breaks nothing', () => {
  for (const error of [undefined, null, 'a text'])
    assert.match(explainAwsError(error, { what }).why ?? '', new RegExp(`^Something unforeseen: ${error}$`));
});

test('a word that every object of JavaScript has is no operation, and words of tools are no codes that are near', () => {
  assert.equal(describeOperation('constructor'), undefined);
  assert.match(describeOperation('CreateKey')?.what ?? '', /was not made/);
  const near = nearestErrors('could not read privat key');
  assert.ok(
    near.every((name) => /[A-Z]/.test(name)),
    near.join(),
  );
  assert.deepEqual(nearestErrors('AccessDeniedExceptoin'), ['AccessDeniedException']);
  assert.equal(nearestErrors('InvalidPre').length, 3);
  assert.deepEqual(findErrorNames('in the MyErrorHandler of a DeniedList, a ClientError'), []);
  assert.deepEqual(findErrorNames('it fails with ECONNABORTED here'), ['ECONNABORTED']);
});

test('whatever fails, the person is told what did not happen, how things are now, and the id of the request', () => {
  const metadata = { $metadata: { requestId: 'R' } };
  const failure = { why: 'because', next: ['do this'] };
  const of = (error: Error, more: object = {}) => Object.assign(error, { ...metadata, ...more });
  const answered = (name: string, httpStatusCode: number, more: object = {}) =>
    refusal(name, httpStatusCode, { ...more, $metadata: { httpStatusCode, requestId: 'R' } });
  const page = { headers: { 'content-type': 'text/html' } };
  for (const [error, kind, why] of [
    [of(new SignInError(failure)), 'fixable', /^because$/],
    [of(new SettingsError(failure)), 'fixable', /^because$/],
    [of(new ForeignAnswerError('host', 'did this')), 'fixable', /^host did this\. What answers .* is not AWS/],
    [
      of(new SlowAnswerError('host', 'it was slow', 'connected')),
      'waiting',
      /^The connection to host failed: it was slow\.$/,
    ],
    [
      of(new Error('x'), { code: 'ECONNREFUSED', host: 'host' }),
      'waiting',
      /^The connection to host failed: nothing listens/,
    ],
    [of(new Error('x'), { code: 'ECONNREFUSED' }), 'waiting', /^The connection to AWS failed: nothing listens/],
    [of(new Error('x'), { code: 'ENOSPC', path: '/a' }), 'fixable', /^The disk is full\. \(\/a\)$/],
    [of(new Error('x'), { code: 'EXDEV', path: '/a', syscall: 'link' }), 'fixable', /\(\/a\)$/],
    [answered('Unknown', 403, { $response: page }), 'fixable', /^What answers at the endpoint is not AWS/],
    [answered('AccessDenied', 403), 'refused', /\S/],
    [answered('Unknown', 404), 'fixable', /\S/],
    [answered('Unknown', 418), 'fixable', /^AWS refused it with status 418 and gave no reason\.$/],
    [answered('NeverHeardOf', 418, { message: '  No\n way ' }), 'fixable', /^AWS says: No way$/],
    [answered('Unknown', 307), 'fixable', /^The answer only leads to another address \(status 307\)/],
    [answered('NeverHeardOf', 500), 'waiting', /^AWS had a fault of its own\.$/],
    [of(new TypeError('x is undefined')), 'ours', /^Something unforeseen: x is undefined$/],
  ] as const) {
    const problem = explainAwsError(error, { what, state: 'All is as it was.' });
    assert.deepEqual([problem.what, problem.state, problem.requestId], [what, 'All is as it was.', 'R'], String(error));
    assert.match(problem.why ?? '', why);
    assert.equal(problem.kind, kind, String(error));
    assert.ok(problem.next.length > 0 && problem.next.every((line) => line !== ''), String(error));
  }
  const { state, requestId } = explainAwsError(new Error('x'), { what });
  assert.deepEqual([state, requestId], [undefined, undefined]);
});

test('an error of the file system is one about a path or a known one, and nothing else is', () => {
  const told = (more: object | null | undefined) => {
    const error = more === null || more === undefined ? more : Object.assign(new Error('x'), more);
    const problem = explainDiskError(error, what);
    return problem === undefined ? undefined : [problem.kind, problem.what, problem.code, problem.why];
  };
  assert.deepEqual(told({ code: 'EROFS', path: '/a' })?.slice(0, 3), ['fixable', what, 'EROFS']);
  assert.deepEqual(told({ code: 'ENOSPC' }), ['fixable', what, 'ENOSPC', 'The disk is full.']);
  assert.match(told({ code: 'EXDEV', path: '/a', syscall: 'link' })?.[3] ?? '', / \(\/a\)$/);
  const nextOf = (code: string) => explainDiskError({ code, path: '/a', syscall: 'open' }, what)?.next;
  assert.deepEqual(nextOf('EDQUOT'), ['Make room, then try again.']);
  assert.deepEqual(nextOf('EXDEV'), ['Remove the cause, then try again.']);
  for (const other of [
    undefined,
    null,
    {},
    { code: 'EXDEV', path: '/a' },
    { code: 'EXDEV', syscall: 'link' },
    { code: 'ERR_INVALID_ARG_TYPE', path: '/a', syscall: 'link' },
    { code: 'XEXDEV', path: '/a', syscall: 'link' },
    { path: '/a', syscall: 'link' },
  ])
    assert.equal(told(other), undefined, JSON.stringify(other));
});

test('a proxy that made no way through is told by what it did, also behind what the SDK wraps around it', () => {
  const reason = (more: object) => explainConnectionFailure({ code: 'ERR_PROXY_TUNNEL', ...more })?.reason;
  assert.equal(reason({ proxyTunnelTimeout: 5000 }), 'the proxy made no way through in time');
  assert.equal(reason({}), 'the proxy broke off before there was a way through');
  assert.equal(reason({ statusCode: 403 }), 'the proxy does not let it through (403)');
  const wrapped = { name: 'Error', cause: { cause: { code: 'ERR_PROXY_TUNNEL', statusCode: 502 } } };
  assert.equal(explainConnectionFailure(wrapped)?.reason, 'the proxy answered with status 502');
  for (const statusCode of [407, 401, 403, 502]) {
    const failure = explainConnectionFailure({ code: 'ERR_PROXY_TUNNEL', statusCode });
    const wantsPassword = statusCode === 407 || statusCode === 401;
    assert.equal(/wants a user and password/.test(failure?.reason ?? ''), wantsPassword, String(statusCode));
    assert.match(failure?.help?.().join(' ') ?? '', wantsPassword ? /USER:PASSWORD@HOST/ : /NO_PROXY/);
  }
  for (const none of [undefined, null, {}, { code: 'constructor' }, { name: 'toString' }])
    assert.equal(explainConnectionFailure(none), undefined);
});

test('every way in which a connection fails has its reason, and what helps where a certificate is not taken', () => {
  const certificate = /certificate/;
  for (const [code, reason] of [
    ['ENOTFOUND', /DNS/],
    ['EAI_AGAIN', /name server does not answer/],
    ['ECONNREFUSED', /nothing listens/],
    ['ECONNRESET', /was cut/],
    ['EPIPE', /was cut/],
    ['EHOSTUNREACH', /no route/],
    ['ENETUNREACH', /no route/],
    ['ETIMEDOUT', /in time/],
    ['CERT_HAS_EXPIRED', certificate],
    ['CERT_NOT_YET_VALID', certificate],
    ['ERR_TLS_CERT_ALTNAME_INVALID', certificate],
    ['SELF_SIGNED_CERT_IN_CHAIN', certificate],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', certificate],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', certificate],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', certificate],
    ['EPROTO', /does not speak TLS/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/],
    ['ERR_INVALID_URL', /address of the endpoint/],
  ] as const) {
    const failure = explainConnectionFailure(Object.assign(new Error('m'), { code }));
    assert.match(failure?.reason ?? '', reason, code);
    assert.equal(/AWS_CA_BUNDLE/.test(failure?.help?.().join(' ') ?? ''), reason === certificate, code);
  }
  for (const name of ['TimeoutError', 'AbortError'])
    assert.match(explainConnectionFailure(Object.assign(new Error('m'), { name }))?.reason ?? '', /in time/);
});

test('an error of the disk says what helps against it', () => {
  for (const [code, next] of [
    ['ENOSPC', /Make room/],
    ['EDQUOT', /Make room/],
    ['EROFS', /folder that can be written to/],
    ['EEXIST', /Move that file away/],
    ['ENAMETOOLONG', /shorter name/],
    ['ELOOP', /Name the file itself/],
    ['ENXIO', /regular file/],
    ['EIO', /another disk/],
    ['EACCES', /Remove the cause/],
    ['EPERM', /Remove the cause/],
    ['EMFILE', /Remove the cause/],
    ['ENFILE', /Remove the cause/],
    ['EFBIG', /Remove the cause/],
  ] as const) {
    // The error names no system call and no path: it counts as one of the disk because its code is a known one.
    const problem = explainDiskError(Object.assign(new Error('m'), { code }), what);
    assert.match(problem?.next.join(' ') ?? '', next, code);
    assert.deepEqual([problem?.kind, problem?.code], ['fixable', code]);
  }
});

test('the name of an error counts before its cause, and its sentence is told with who says it: AWS or the SDK', () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const named = Object.assign(new Error('a sentence'), { name: 'NotFoundException', cause });
  assert.match(explainAwsError(named, { what }).why ?? '', / The SDK says: a sentence$/);
  assert.match(
    explainAwsError(refusal('NotFoundException', 400, { message: 'b' }), { what }).why ?? '',
    / AWS says: b$/,
  );
  // The SDK puts the name in the place of a sentence that is missing.
  const silent = refusal('NotFoundException', 400, { message: 'NotFoundException' });
  assert.doesNotMatch(explainAwsError(silent, { what }).why ?? '', /says/);
});

test('an answer that a proxy gives, or that cannot be read, is told as one that is not from AWS', () => {
  const unreadable = 'Deserialization error: to see the raw response, inspect the hidden field {error}.$response';
  for (const [status, message] of [
    [407, 'm'],
    [200, unreadable],
  ] as const)
    assert.match(explainAwsError(refusal('FooException', status, { message }), { what }).why ?? '', /is not AWS/);
});
