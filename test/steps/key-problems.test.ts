import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '../../source/steps/facts.ts';
import {
  expiryCommand,
  type KeyNow,
  keyStateWords,
  problemOfKey,
  reimportCommand,
} from '../../source/steps/key-now.ts';
import { connectionOf, foreverImported, generatedSecret, openedBackup, wrappedHere } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';

/* What a person is told about a key that cannot be used, or not as they think, and with which command they go on. */

const services = makeOfflineServices();

const facts: Facts = {
  connection: connectionOf('arn:aws:iam::000000000000:user/alice'),
  secret: generatedSecret,
  backup: openedBackup,
  key: { keyArn: 'arn', keyId: '1234', alias: 'alias/a', createdAt: '' },
  wrapped: wrappedHere,
  imported: foreverImported,
};
const asOf = '2026-11-25T20:10:00.000Z';
const nowIn = (state: string, more: object = {}): KeyNow => ({ asOf, state, validTo: null, ...more });
const problemIn = (now: KeyNow, more: Facts = {}) => problemOfKey({ ...facts, ...more }, now, services);
const elsewhere = { origin: 'elsewhere', keeper: 'the HSM' } as const;

test('a key that is Enabled, holds the secret and has its expiry is no problem', () => {
  assert.equal(problemIn(nowIn('Enabled')), undefined);
  assert.equal(keyStateWords(facts, nowIn('Enabled')), 'alias/a is Enabled in us-east-1, as of 2026-11-25 20:10 UTC.');
});

test('a key in any other state is told with the reason and with what brings it back', () => {
  for (const [now, why, next] of [
    [nowIn('Disabled'), /^Somebody has disabled it\.$/, /^To enable it: aws kms enable-key --key-id 1234 /],
    [
      nowIn('PendingDeletion', { deletionDate: '2026-12-02T20:10:00.000Z' }),
      /^Its deletion is scheduled for 2026-12-02 20:10 UTC\. After that nobody can ever read/,
      /^To keep it: aws kms cancel-key-deletion .*\nThen enable it: aws kms enable-key/,
    ],
    [nowIn('PendingDeletion'), /^Its deletion is scheduled\. /, /cancel-key-deletion/],
    [
      nowIn('PendingImport'),
      /does not hold its material any more: it was deleted, or it has expired\.$/,
      /keyferry reimport --workdir w\nDo not delete the key/,
    ],
    [nowIn('Unavailable'), /^This is what KMS says; it gives no reason\.$/, /^Look again in a few minutes\.$/],
  ] as const) {
    const problem = problemIn(now);
    assert.equal(problem?.code, now.state);
    assert.equal(problem?.what, `alias/a cannot be used: it is ${now.state}, as of 2026-11-25 20:10 UTC.`);
    assert.match(problem?.why ?? '', why);
    assert.match(problem?.next.join('\n') ?? '', next);
  }
  const expired = (validTo: string) =>
    problemIn(nowIn('PendingImport'), { imported: { ...foreverImported, validTo } })?.why;
  assert.equal(expired(asOf), 'Its material expired at 2026-11-25 20:10 UTC.');
  assert.match(expired('2026-11-25T20:10:00.001Z') ?? '', /it was deleted, or it has expired/);
});

test('a key of which KMS tells nothing is told with that problem', () => {
  const problem = {
    kind: 'waiting',
    what: "Can't see how alias/a is now.",
    code: 'KeyStateUnknown',
    next: [],
  } as const;
  const now: KeyNow = { asOf, state: undefined, problem };
  assert.equal(problemIn(now), problem);
  assert.match(keyStateWords(facts, now), /^alias\/a is in a state that KMS did not tell in us-east-1/);
});

test('a key with other bytes than the secret is told as that, and no backup of the secret as one of it', () => {
  const other = { imported: { ...foreverImported, secretInKms: 'other' } } as const;
  const problem = problemIn(nowIn('Enabled'), other);
  assert.equal(problem?.code, 'OtherKeyMaterial');
  assert.match(problem?.why ?? '', /whose check value is A1B2C3: KMS has compared them/);
  assert.match(problem?.state ?? '', /a\.key\.age is NOT their backup\.$/);
  assert.match(problem?.next.join('\n') ?? '', /keyferry check-backup FILE --workdir w/);
  const without = problemIn(nowIn('Enabled'), { ...other, backup: { by: 'declined' } });
  assert.match(without?.state ?? '', /No backup of them was made\.$/);
  assert.equal(problemIn(nowIn('Disabled'), other)?.code, 'Disabled', 'the state comes first');
});

test('another expiry than was asked for is told until somebody changes it', () => {
  const validTo = '2027-03-01T00:00:00.000Z';
  const withOther = (told: string) =>
    ({ imported: { ...foreverImported, validTo, otherExpiry: { asked: 'never', told } } }) as const;
  const problem = problemIn(nowIn('Enabled', { validTo }), withOther(validTo));
  assert.equal(problem?.code, 'OtherExpiry');
  assert.equal(problem?.why, 'You asked that it does not expire. KMS says that it expires at 2027-03-01 00:00 UTC.');
  assert.match(problem?.next[0] ?? '', /: keyferry expiry --workdir w$/);
  const silent = problemIn(nowIn('Enabled', { validTo }), withOther('not told'));
  assert.match(silent?.why ?? '', /KMS tells no expiry\.$/);
  assert.equal(problemIn(nowIn('Enabled', { validTo: null }), withOther(validTo)), undefined);
});

test('material of a key elsewhere comes back, and gets another expiry, only by what is wrapped there', () => {
  assert.equal(reimportCommand(services), 'keyferry reimport --workdir w');
  assert.equal(expiryCommand(services), 'keyferry expiry --workdir w');
  const recorded = { ...services, recorded: { secret: elsewhere } };
  for (const command of [reimportCommand(recorded), expiryCommand(recorded), expiryCommand(services, elsewhere)])
    assert.equal(command, 'keyferry reimport-wrapped --workdir w');
  const problem = problemIn(nowIn('PendingImport'), { secret: elsewhere });
  assert.match(problem?.next[0] ?? '', /keyferry reimport-wrapped --workdir w$/);
});
