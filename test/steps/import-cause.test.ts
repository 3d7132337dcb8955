import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withLikelyCause } from '../../source/steps/import-cause.ts';
import type { ImportEvidence } from '../../source/steps/import-evidence.ts';

const fitting: ImportEvidence = {
  algorithm: 'RSAES_OAEP_SHA_256',
  wrappedBy: 'keyferry',
  isElsewhere: false,
  wrappedFile: 'enc.aes.key',
  tokenValidTo: new Date('2026-11-25T12:00:00Z'),
  now: new Date('2026-11-24T12:00:00Z'),
};

const unwrapped = 'InvalidCiphertextException';
const fetch = 'Fetch a new wrapping key and token';
const wrapAgain = 'Wrap again with the current wrapping key';
const otherFile = 'Choose another file, or let Keyferry wrap';
const elsewhere = { wrappedBy: 'you', isElsewhere: true } as const;
const cases: readonly (readonly [
  name: string,
  code: string,
  evidence: Partial<ImportEvidence>,
  why: RegExp,
  next: RegExp,
  mends: readonly string[],
])[] = [
  [
    'a hand-wrapped blob under SHA-256',
    unwrapped,
    { wrappedBy: 'you' },
    /^The length of enc\.aes\.key is right, .*openssl uses SHA-1 unless told otherwise/,
    /-pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256, or let/,
    [otherFile, fetch],
  ],
  [
    'a hand-wrapped blob under SHA-1',
    unwrapped,
    { wrappedBy: 'you', algorithm: 'RSAES_OAEP_SHA_1' },
    /wants SHA-1\. Or what was wrapped is not 32 bytes/,
    /-pkeyopt rsa_oaep_md:sha1 -pkeyopt rsa_mgf1_md:sha1, or let/,
    [otherFile, fetch],
  ],
  [
    'a blob from an HSM under SHA-256',
    unwrapped,
    elsewhere,
    /enc\.aes\.key is right.* wants SHA-256, both for OAEP and for its mask/,
    /^Wrap the key again with SHA-256 for both.*\nWhere the HSM has SHA-1 alone: fetch a new pair/s,
    ['Choose another file', fetch],
  ],
  [
    'a blob from an HSM under SHA-1',
    unwrapped,
    { ...elsewhere, algorithm: 'RSAES_OAEP_SHA_1' },
    /wants SHA-1, both for OAEP and for its mask/,
    /^Wrap the key again with SHA-1 for both[^\n]*$/,
    ['Choose another file', fetch],
  ],
  [
    'nothing that could be seen',
    unwrapped,
    {},
    /everything here fits together/,
    /^Fetch a new pair and wrap/,
    [fetch, wrapAgain],
  ],
  [
    'a token of another Region',
    'InvalidImportTokenException',
    {},
    /another key or Region/,
    /^Fetch a new pair\. Keyferry wraps again/,
    [fetch],
  ],
  [
    'a token that is old',
    'ExpiredImportTokenException',
    { now: new Date('2026-11-26T12:00:00Z') },
    /^The token was valid until 2026-11-25 12:00 UTC\.$/,
    /^Fetch/,
    [fetch],
  ],
  [
    'a token whose time is over at this very moment',
    'ExpiredImportTokenException',
    { now: fitting.tokenValidTo },
    /^The token was valid until 2026-11-25 12:00 UTC\.$/,
    /^Fetch/,
    [fetch],
  ],
  [
    'a clock that is slow',
    'ExpiredImportTokenException',
    {},
    /valid until 2026-11-25 12:00 UTC by the clock here\. That clock is slow/,
    /^Fetch/,
    [fetch],
  ],
];

for (const [name, code, evidence, why, next, mends] of cases) {
  test(`${name} is named as the one cause, with what mends it first`, () => {
    const problem = withLikelyCause(
      {
        kind: 'fixable',
        what: 'The material was not imported.',
        why: 'KMS gave no reason.',
        code,
        state: 'The key waits.',
        next: ['x'],
        requestId: 'r',
      },
      { ...fitting, ...evidence },
    );
    assert.match(problem.why ?? '', why);
    assert.match(problem.next.join('\n'), next);
    assert.deepEqual(
      problem.remedies?.map(({ label }) => label),
      mends,
    );
    assert.deepEqual([problem.code, problem.state, problem.requestId], [code, 'The key waits.', 'r']);
  });
}

test('after a refused token, the person is told to wrap again where only the person can', () => {
  const base = { kind: 'fixable', what: 'w', next: ['x'], code: 'InvalidImportTokenException' } as const;
  assert.match(withLikelyCause(base, fitting).next[0] ?? '', /Keyferry wraps again/);
  assert.match(withLikelyCause(base, { ...fitting, wrappedBy: 'you' }).next[0] ?? '', /Wrap your secret again/);
});

test('the length that KMS itself names goes the same way; other refusals keep their own words', () => {
  const base = { kind: 'fixable', what: 'w', next: ['x'], code: 'ValidationException' } as const;
  assert.match(
    withLikelyCause({ ...base, why: 'a. AWS says: Invalid encrypted key size.' }, fitting).why ?? '',
    /could not unwrap the material/,
  );
  const byHand = { ...fitting, wrappedBy: 'you' } as const;
  const ofOtherLength = withLikelyCause({ ...base, why: 'a. AWS says: Invalid encrypted key size.' }, byHand);
  assert.doesNotMatch(ofOtherLength.why ?? '', /length of .* is right/);
  assert.deepEqual(
    ofOtherLength.remedies?.map(({ label }) => label),
    [fetch, otherFile],
  );
  assert.deepEqual([ofOtherLength.what, ofOtherLength.code], ['w', 'ValidationException']);
  assert.equal(
    withLikelyCause({ ...base, why: 'ValidTo must be in the future' }, fitting).why,
    'ValidTo must be in the future',
  );
  const denied = { ...base, code: 'AccessDeniedException', why: 'no' };
  assert.equal(withLikelyCause(denied, fitting).why, 'no');
  assert.deepEqual(
    withLikelyCause(denied, fitting).remedies?.map((remedy) => remedy.action === 'reopen' && remedy.step),
    ['wrap', 'wrapping-key'],
  );
});
