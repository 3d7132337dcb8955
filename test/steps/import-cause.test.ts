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
const cases: readonly (readonly [
  name: string,
  code: string,
  evidence: Partial<ImportEvidence>,
  why: RegExp,
  mend: RegExp,
])[] = [
  [
    'a hand-wrapped blob under SHA-256',
    unwrapped,
    { wrappedBy: 'you' },
    /openssl uses SHA-1 unless told otherwise/,
    /^Choose another file/,
  ],
  [
    'a hand-wrapped blob under SHA-1',
    unwrapped,
    { wrappedBy: 'you', algorithm: 'RSAES_OAEP_SHA_1' },
    /wants SHA-1/,
    /^Choose another file/,
  ],
  ['nothing that could be seen', unwrapped, {}, /everything here fits together/, /^Fetch/],
  ['a token of another Region', 'InvalidImportTokenException', {}, /another key or Region/, /^Fetch/],
  [
    'a token that is old',
    'ExpiredImportTokenException',
    { now: new Date('2026-11-26T12:00:00Z') },
    /valid until 2026-11-25 12:00 UTC/,
    /^Fetch/,
  ],
  ['a clock that is slow', 'ExpiredImportTokenException', {}, /That clock is slow/, /^Fetch/],
];

for (const [name, code, evidence, why, mend] of cases) {
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
    assert.match(problem.remedies?.[0]?.label ?? '', mend);
    if (evidence.wrappedBy === 'you') {
      const hash = evidence.algorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256';
      assert.match(
        problem.next[0] ?? '',
        new RegExp(`-pkeyopt rsa_oaep_md:${hash} -pkeyopt rsa_mgf1_md:${hash}, or let`),
      );
    }
    assert.deepEqual([problem.code, problem.state, problem.requestId], [code, 'The key waits.', 'r']);
    assert.ok((problem.next.length ?? 0) >= 1 && problem.next[0] !== 'x');
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
  assert.equal(ofOtherLength.remedies?.[0]?.label, 'Fetch a new wrapping key and token');
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
