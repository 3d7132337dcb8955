import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAccessDenied } from '../../source/aws/access-denied.ts';
import {
  findIfMade,
  isAliasTaken,
  isBucketUnknown,
  isImportedAlready,
  isNotFoundYet,
  isNotUsableYet,
  isOwnBucket,
  isPreconditionFailed,
  isRefusal,
  isUnknownPrincipal,
  isUnusableForS3,
  isUploadEnded,
  isWriteConflict,
  lookUntil,
  retryWhileSpreading,
} from '../../source/aws/eventual-consistency.ts';
import type { Wait } from '../../source/ceremony/waiting.ts';
import { refusal } from './answering-clients.ts';

/** Looks for something that is seen at one of the looks, if at all. */
async function looked(begunSecondsAgo: number, seenAt: number) {
  const waits: number[] = [];
  let looks = 0;
  const look = async () => {
    looks += 1;
    return looks === seenAt ? 'made' : undefined;
  };
  const found = await findIfMade(look, {
    begunAt: new Date(Date.now() - begunSecondsAgo * 1000),
    label: 'The key is not listed yet',
    pause: async ({ milliseconds }: Wait) => void waits.push(milliseconds),
  });
  return { found, looks, waits };
}

test('what was begun within a minute is looked for four times, with longer and longer pauses', async () => {
  assert.deepEqual(await looked(50, Number.POSITIVE_INFINITY), {
    found: undefined,
    looks: 4,
    waits: [1000, 2000, 4000],
  });
  assert.deepEqual(await looked(50, 3), { found: 'made', looks: 3, waits: [1000, 2000] });
});

test('what was begun more than a minute ago is looked for once', async () => {
  assert.deepEqual(await looked(61, 2), { found: undefined, looks: 1, waits: [] });
  assert.deepEqual(await looked(61, 1), { found: 'made', looks: 1, waits: [] });
});

test('what has not spread yet is tried eight times, and what fails for another reason once', async () => {
  const tried = async (failures: number, isSpreading: (error: unknown) => boolean) => {
    const waits: (readonly [string, number])[] = [];
    let tries = 0;
    const act = async () => {
      tries += 1;
      if (tries <= failures) throw new Error(`try ${tries}`);
      return 'done';
    };
    const pause = async ({ label, next, milliseconds }: Wait) => {
      waits.push([label, next]);
      // At random between this and half of it.
      const most = Math.min(500 * 2 ** (tries - 1), 15_000);
      assert.ok(milliseconds >= most / 2 && milliseconds <= most, `${milliseconds} after ${tries}`);
    };
    const ended = await retryWhileSpreading(act, { isSpreading, label: () => `after ${tries}`, pause }).catch(
      ({ message }: Error) => message,
    );
    return { ended, tries, waits };
  };
  const after = (tries: number) => [`after ${tries}`, tries + 1] as const;
  assert.deepEqual(await tried(2, () => true), { ended: 'done', tries: 3, waits: [after(1), after(2)] });
  const { waits, ...end } = await tried(9, () => true);
  assert.deepEqual(end, { ended: 'try 8', tries: 8 });
  assert.deepEqual(waits, [1, 2, 3, 4, 5, 6, 7].map(after));
  const twice = (error: unknown) => (error as Error).message === 'try 1';
  assert.deepEqual(await tried(9, twice), { ended: 'try 2', tries: 2, waits: [after(1)] });
});

test('a change is looked for until an answer shows it, and the last answer is given where none does', async () => {
  const looked = async (shownAt: number) => {
    const waits: Wait[] = [];
    const answer = await lookUntil(async (tries) => tries, {
      isShown: (tries) => tries === shownAt,
      label: (tries) => `not at look ${tries}`,
      pause: async (wait) => void waits.push(wait),
    });
    return { answer, labels: waits.map(({ label, next }) => `${label}, then ${next}`) };
  };
  assert.deepEqual(await looked(1), { answer: 1, labels: [] });
  assert.deepEqual(await looked(9), {
    answer: 4,
    labels: ['not at look 1, then 2', 'not at look 2, then 3', 'not at look 3, then 4'],
  });
});

const names = [
  'MalformedPolicyDocumentException',
  'NotFoundException',
  'KMSInvalidStateException',
  'NoSuchBucket',
  'KMS.KMSInvalidStateException',
  'KMS.NotFoundException',
  'AlreadyExistsException',
  'IncorrectKeyMaterialException',
  'BucketAlreadyOwnedByYou',
  'BucketAlreadyExists',
  'PreconditionFailed',
  'ConditionalRequestConflict',
  'NoSuchUpload',
  'AccessDenied',
  'KMS.AccessDenied',
  'AccessDeniedToSome',
];
const named = (name: string, message = name) => refusal(name, 400, { message });
const principals = 'Policy contains a statement with one or more invalid principals.';
const same = 'The key material is already associated with the KMS key.';

for (const [says, isSo, errors] of [
  ['a principal is not known yet', isUnknownPrincipal, [named('MalformedPolicyDocumentException', principals)]],
  ['a key is not found', isNotFoundYet, [named('NotFoundException')]],
  ['a key cannot be used yet', isNotUsableYet, [named('NotFoundException'), named('KMSInvalidStateException')]],
  ['S3 does not know a bucket', isBucketUnknown, [named('NoSuchBucket')]],
  ['S3 cannot use a key', isUnusableForS3, [named('KMS.KMSInvalidStateException'), named('KMS.NotFoundException')]],
  ['an alias exists', isAliasTaken, [named('AlreadyExistsException')]],
  ['a key has these bytes', isImportedAlready, [named('IncorrectKeyMaterialException', same)]],
  ['a bucket is our own', isOwnBucket, [named('BucketAlreadyOwnedByYou')]],
  ['the condition of a write failed', isPreconditionFailed, [named('PreconditionFailed')]],
  ['another write was running', isWriteConflict, [named('ConditionalRequestConflict')]],
  ['an upload has ended', isUploadEnded, [named('NoSuchUpload')]],
  ['AWS denied it', isAccessDenied, [named('AccessDenied'), named('AccessDeniedException')]],
] as const)
  test(`that ${says} is read from the errors that say so, and from no other`, () => {
    for (const error of errors) assert.equal(isSo(error), true, error.name);
    const others = [...names.map((name) => named(name)), named('Other', principals), named('Other', same)];
    for (const other of others)
      if (!errors.some(({ name, message }) => name === other.name && message === other.message))
        assert.equal(isSo(other), false, other.name);
    // What is no error says nothing, whatever it is called.
    for (const none of [undefined, null, 'AccessDenied', ...errors.map(({ name, message }) => ({ name, message }))])
      assert.equal(isSo(none), false);
  });

test('AWS has refused a request only where it answered with 4xx', () => {
  const told = [399, 400, 404, 499, 500, 503].map((status) => [status, isRefusal(refusal('Any', status))]);
  assert.deepEqual(told, [
    [399, false],
    [400, true],
    [404, true],
    [499, true],
    [500, false],
    [503, false],
  ]);
  for (const without of [new Error('no answer'), undefined, null, { $metadata: {} }])
    assert.equal(isRefusal(without), false);
});
