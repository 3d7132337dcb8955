import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeRecord } from '../../source/ceremonies/first-import/record.ts';
import { recordOf } from '../../source/ceremonies/first-import/record-of.ts';
import { resultOf } from '../../source/ceremonies/first-import/result.ts';
import { transcriptOf } from '../../source/ceremonies/first-import/transcript-of.ts';
import type { JournalLine } from '../../source/ceremony/journal-line.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { KeyNow } from '../../source/steps/key-now.ts';
import type { KnownCopies } from '../../source/steps/known-copies.ts';
import type { KeyferryStep, Services } from '../../source/steps/services.ts';
import { bareStep } from '../bare-step.ts';
import { watchDisk } from '../disk-log.ts';
import {
  connectionOf,
  fetchedPair,
  foreignKey,
  foreverImported,
  generatedSecret,
  keyOf,
  openedBackup,
  wrappedHere,
} from '../known-facts.ts';
import { makeOfflineServicesFor } from '../offline-services.ts';

/* What the record of a first import and its result for programs have, from what the steps have established. */

const at = '2026-11-26T14:02:00.000Z';
const prev = '0'.repeat(64);
const you = 'arn:aws:iam::000000000000:role/SecurityAdmin';
const other = 'arn:aws:iam::000000000000:role/Other';
const lines: readonly JournalLine[] = [
  { kind: 'begun', ceremony: 'first-import', id: 'c1', version: '0', at: 'T1', prev },
  { kind: 'call', operation: 'KMS.CreateKey', at: 'T2', prev },
  { kind: 'finished', at: 'T9', prev },
];
const people = { administrators: [you], users: [other], administratorsMayDelete: false };
const facts: Facts = {
  connection: connectionOf(you),
  secret: generatedSecret,
  key: { ...keyOf('one'), policy: '{"Version":"2012-10-17"}' },
  description: { alias: 'alias/a', description: 'Bills' },
  backup: { by: 'declined' },
  people,
  wrapping: fetchedPair,
  wrapped: wrappedHere,
  imported: foreverImported,
  objects: { bucket: '', objects: [] },
  finish: { plainKey: 'kept', record: 'record.md' },
};
const none: KnownCopies = { asOf: at, copies: [], filesWithoutKey: [] };
const recordWith = (more: Facts, copies = none) =>
  recordOf({ ...facts, ...more }, { journal: { file: 'j', lines, lastHash: 'ab' }, version: '1', copies });

test('the record has what was chosen for the key, and what an earlier version did not note is as it was then', () => {
  const old = recordWith({});
  assert.deepEqual(old.key.choices, { tags: [], isMultiRegion: false });
  assert.deepEqual([old.key.keyState, old.key.keyStateAsOf, old.key.acknowledged], [null, 'T9', undefined]);
  assert.deepEqual(old.ceremony, { id: 'c1', begunAt: 'T1', finishedAt: 'T9' });
  assert.deepEqual([old.calls.length, old.journal.lines], [1, 3]);
  assert.ok(!('sums' in old) && !('otherExpiry' in old.material) && !('userProof' in old.material));
  assert.deepEqual([old.material.provedAt, old.backup, old.existing], [null, undefined, undefined]);
  const tags = [{ key: 'team', value: 'pay' }];
  const otherExpiry = { asked: 'never', told: at };
  const manifest = { file: 'm.jsonl', sha256: 'f' };
  const now = recordWith({
    key: { ...keyOf('one'), policy: 'no JSON', acknowledged: 'with the plan' },
    description: { alias: 'alias/a', description: '', tags, multiRegion: true, aliasFrom: 'k0' },
    finish: { plainKey: 'none', record: 'record.md', keyState: 'Enabled', keyStateAsOf: at },
    imported: { ...foreverImported, otherExpiry },
    objects: { bucket: 'b', objects: [], count: 3, bytes: 9, manifest },
    proof: { keyMaterialId: 'm', provedAt: at },
    leftToUser: { script: 's.sh' },
  });
  assert.deepEqual(now.key.choices, { tags, isMultiRegion: true, aliasFrom: 'k0' });
  assert.deepEqual([now.key.keyState, now.key.keyStateAsOf, now.key.acknowledged], ['Enabled', at, 'with the plan']);
  assert.equal(now.key.policy, 'no JSON');
  assert.deepEqual([now.material.otherExpiry, now.material.provedAt, now.material.userProof], [otherExpiry, at, null]);
  assert.equal(now.sums?.count, 3);
  assert.deepEqual(old.account, { accountId: '000000000000', region: 'us-east-1', callerArn: you, practice: true });
  const endpoints = { s3: 'https://s3.test' };
  const endpoint = 'https://kms.test';
  const connection = { ...connectionOf(you), source: 'environment', endpoint, endpoints } as const;
  assert.deepEqual(recordWith({ connection }).account, { ...old.account, practice: false, endpoint, endpoints });
});

test('the record says whom the ceremony wrote into the policy, and whose ARN IAM did not confirm', () => {
  assert.deepEqual(recordWith({}).people, { ...people, policyKind: 'console' });
  const unconfirmed = { is: 'derived', why: 'IAM does not answer' } as const;
  const connection = { ...connectionOf(you), unconfirmed };
  const nobody = { ...people, administrators: [], users: [], policyKind: 'strict' } as const;
  for (const where of ['administrators', 'users', 'importers'] as const) {
    const test = { tested: true, missing: [] } as const;
    const among = recordWith({ connection, people: { ...nobody, [where]: [other, you], test } }).people;
    assert.deepEqual([among?.derived, among?.policyKind], [you, 'strict'], where);
    assert.ok(among !== undefined && !('test' in among));
  }
  assert.equal(recordWith({ connection, people: nobody }).people?.derived, undefined);
});

test('the record has the policy and the tags of a key that somebody else made, as far as they may be read', () => {
  const { people: _people, ...unmade } = facts;
  const { policy: _policy, ...key } = keyOf('one') as NonNullable<Facts['key']>;
  const readWith = (policy: string | null) =>
    recordOf(
      { ...unmade, key, existing: { ...foreignKey, policy } },
      { journal: { file: 'j', lines, lastHash: 'ab' }, version: '1', copies: none },
    );
  const unread = readWith(null);
  assert.deepEqual([unread.key.policy, unread.existing?.whoCanWhat, unread.existing?.tags], [null, null, null]);
  assert.deepEqual([unread.key.choices, unread.people], [undefined, undefined]);
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: you }, Action: 'kms:*', Resource: '*' }],
  };
  const read = readWith(JSON.stringify(policy));
  assert.deepEqual(read.key.policy, policy);
  assert.equal(read.existing?.whoCanWhat?.[0]?.principal, you);
});

test('the record has no path of a file of the person, no key in memory, and vouches for no key that was never here', () => {
  const copies: KnownCopies = {
    asOf: at,
    copies: [
      { kind: 'memory' },
      { kind: 'own file', path: '/home/me/own.key', openToOthers: false },
      { kind: 'plain file', path: '/home/me/w/plain.bin', openToOthers: false },
      { kind: 'backup', path: '/home/me/w/a.key.age', by: 'passphrase', proven: 'opened' },
    ],
    filesWithoutKey: [],
  };
  const here = recordWith({ secret: { ...generatedSecret, origin: 'file', source: '/home/me/own.key' } }, copies);
  assert.deepEqual(here.copies, {
    asOf: at,
    known: [{ kind: 'own file' }, { kind: 'plain file', file: 'plain.bin' }, { kind: 'backup', file: 'a.key.age' }],
  });
  assert.deepEqual(here.secret, { ...generatedSecret, origin: 'file', plainKey: 'kept', inKms: 'shown' });
  const away = { origin: 'elsewhere', keeper: 'the HSM' } as const;
  assert.deepEqual(recordWith({ secret: away }).secret, { ...away, checked: false, inKms: 'not shown' });
});

test('a record that an earlier run wrote stays; where its page is missing, both files are written, the page last', (t) => {
  const services = makeOfflineServicesFor(t);
  const { folder } = services;
  const write = (isNew: boolean, description: string) => {
    writeRecord({ ...facts, description: { alias: 'alias/a', description } }, services, isNew);
    return [folder.read('record.json').toString(), folder.read('record.md').toString()].map((text) =>
      text.includes(description),
    );
  };
  folder.write('record.json', '{}');
  assert.deepEqual(write(false, 'First words'), [true, true]);
  assert.deepEqual(write(false, 'Second words'), [false, false]);
  const events = watchDisk(t);
  assert.deepEqual(write(true, 'Third words'), [true, true]);
  const named = events.flatMap((event) => (event.does === 'name' && !event.file.endsWith('.new') ? [event.file] : []));
  assert.deepEqual(named, ['record.json', 'record.md'], 'a run that is cut off between the two writes both again');
});

const enabled: KeyNow = { asOf: at, state: 'Enabled', validTo: null };
const untold: KeyNow = {
  asOf: at,
  state: undefined,
  problem: { kind: 'fixable', what: 'No answer.', code: 'X', next: [] },
};

test('a program is told the check values of a secret only while KMS is not known to hold other bytes', (t) => {
  const services = makeOfflineServicesFor(t);
  const result = (more: Facts, now: KeyNow = enabled): Readonly<Record<string, unknown>> =>
    resultOf({ ...facts, ...more }, now, services);
  const { value } = generatedSecret.checkValue;
  assert.partialDeepStrictEqual(result({}), {
    ...{ keyState: 'Enabled', secretInKms: 'shown', checkValue: value, zeroBlockCheckValue: null },
    noCopyKnown:
      'There is no copy of the key anywhere that Keyferry knows of. If its material expires or is deleted, everything under the key is lost.',
  });
  assert.equal(result({}, untold).keyState, null);
  const zeroBlock = { ...generatedSecret, zeroBlockCheckValue: 'AB12' };
  const imported = { ...foreverImported, secretInKms: 'not shown' } as const;
  const unproven = result({ secret: zeroBlock, imported });
  assert.deepEqual(
    [unproven.secretInKms, unproven.checkValue, unproven.zeroBlockCheckValue],
    ['not shown', value, 'AB12'],
  );
  const others = result({ secret: zeroBlock, imported: { ...imported, secretInKms: 'other' } });
  assert.deepEqual([others.secretInKms, others.checkValue, others.zeroBlockCheckValue], ['other', null, null]);
  const away = result({ secret: { origin: 'elsewhere', keeper: 'the HSM' } });
  assert.deepEqual(away.keptElsewhere, { keeper: 'the HSM', statedCheckValue: null, checked: false });
  assert.ok(!('noCopyKnown' in away) && !('existing' in away) && !('userProof' in away) && !('noCopies' in away));
});

test('a program is told what could be read of the key of somebody else, what a user has proven, and lost copies', (t) => {
  const services = makeOfflineServicesFor(t);
  const result = (more: Facts): Readonly<Record<string, unknown>> => resultOf({ ...facts, ...more }, enabled, services);
  const { asOf, tags } = foreignKey;
  const unread = { createdAt: facts.key?.createdAt, asOf, tags, policyRead: false, proven: false };
  assert.deepEqual(result({ existing: foreignKey }).existing, unread);
  const proof = { keyMaterialId: 'm', provedAt: at };
  const read = result({ existing: { ...foreignKey, policy: '{}' }, proof });
  assert.deepEqual(read.existing, { ...unread, policyRead: true, proven: true });
  assert.equal(result({ leftToUser: { script: 's.sh' } }).userProof, null);
  const userProof = { openedBy: other, openedAt: at, takenAt: at, sha256: '' };
  assert.equal(result({ leftToUser: { script: 's.sh', result: userProof } }).userProof, userProof);
  assert.deepEqual(result({ backup: openedBackup }).noCopies, [
    { path: services.folder.file(openedBackup.file), why: 'It is not there any more.' },
  ]);
});

test('the runbook is for a later day: its commands are those of an installed Keyferry, and it says what they make', (t) => {
  const services = makeOfflineServicesFor(t);
  const own = { ...services, ownCommand: () => 'node dist/keyferry.js' };
  const made = transcriptOf([], facts, own);
  assert.match(made.practice ?? '', /^keyferry practice-aws --state /);
  assert.match(made.again, /^It makes everything again/);
  const there = transcriptOf([], { ...facts, connection: { ...connectionOf(you), source: 'environment' } }, own);
  assert.ok(!('practice' in there));
  assert.match(transcriptOf([], { ...facts, existing: foreignKey }, own).again, /^It imports into the same KMS key/);
  const noted: Facts[] = [];
  services.journal.append({ kind: 'answered', step: 'wrap', answers: { by: 'me' } });
  const step = bareStep<Facts, Services>('wrap', {
    commands: (context) => {
      noted.push(context.facts);
      return [{ says: String(context.answers.by), shell: context.services.ownCommand('expiry') }];
    },
  });
  const { steps } = transcriptOf([step as KeyferryStep], facts, own);
  assert.deepEqual([steps[0]?.commands, noted], [[{ says: 'me', shell: 'keyferry expiry' }], [facts]]);
});
