import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { closingAfterImport } from '../../source/ceremonies/after-import.ts';
import { concludeLaterCeremony, keyResult, recordPath } from '../../source/ceremonies/later-conclusion.ts';
import { laterRecordNames, proofOf, writeLaterRecord } from '../../source/ceremonies/later-record.ts';
import { expiryWords, otherExpiryProblem } from '../../source/ceremonies/other-expiry.ts';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import type { Problem } from '../../source/ceremony/problem.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { KeyNow } from '../../source/steps/key-now.ts';
import { watchDisk } from '../disk-log.ts';
import { workIn } from '../kept-environment.ts';
import { connectionOf, keyOf } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { makeServices } from '../services.ts';

/* What the last page and the record of a later ceremony say. */

const asOf = '2026-11-26T14:02:00.000Z';
const key = keyOf('one');
const { keyArn } = key;
const connection = connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin');
const material = {
  keyMaterialId: 'abcdef0123',
  validTo: null,
  file: '/b/a.key.age',
  importedAt: asOf,
  wasThere: false,
};
const enabled: KeyNow = { asOf, state: 'Enabled', validTo: null };
const proof = { keyMaterialId: 'abcdef0123', provedAt: asOf };

const made = (t: TestContext, recorded?: Facts) =>
  makeServices(t, {
    journalName: 'journal-reimport-20261126T140000Z.jsonl',
    parts: recorded === undefined ? {} : { recorded },
  });

/** The lines of the last page after an import, and its problem. */
async function closing(
  t: TestContext,
  {
    state = 'Enabled',
    now = enabled,
    brought = [material],
    recorded,
    problem: ownProblem,
    group,
    ...facts
  }: Facts & {
    state?: string;
    now?: KeyNow;
    brought?: readonly (typeof material)[];
    recorded?: Facts;
    problem?: Problem;
    /** The key exchange of the connection that sent the material. */
    group?: string;
  },
) {
  const { services } = await made(t, recorded);
  if (group !== undefined) {
    services.folder.make();
    const tls = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', group };
    services.journal.append({ kind: 'call', operation: 'KMS.ImportKeyMaterial', tls });
  }
  const all: Facts = {
    key,
    connection,
    keyState: state,
    broughtBack: { materials: brought, keyState: state },
    ...facts,
  };
  const own = { nothingImported: ['Nothing was imported.'], materialLine: () => 'A material.', problem: ownProblem };
  const { lines, problem } = closingAfterImport(all, now, services, own);
  return { page: lines.join('\n'), problem };
}

test('the last page after an import says what was opened and read with the key, or why nothing was', async (t) => {
  const opened = await closing(t, { proof });
  assert.match(
    opened.page,
    /^alias\/a is Enabled in us-east-1, as of 2026-11-26 14:02 UTC\.\n\narn:.*\n\nA material\.\n/,
  );
  assert.match(opened.page, /A data key was opened by material abcdef01, at 2026-11-26 14:02 UTC\./);
  assert.match(opened.page, /\nRecord: .*record-reimport-20261126T140000Z\.md$/);
  const unnamed = await closing(t, { proof: { ...proof, keyMaterialId: '' } });
  assert.match(unnamed.page, /A data key was opened, at /);
  const object = { bucket: 'b', key: 'a.txt' };
  const same = await closing(t, { proof, readable: { ...object, isSame: true } });
  assert.match(same.page, /A data key was opened.*\.\ns3:\/\/b\/a\.txt can be read, with the bytes on record\./);
  const other = await closing(t, { proof, readable: { ...object, isSame: false } });
  assert.match(other.page, /can be read, but its bytes are NOT those on record: it was replaced since\./);
  const refused = await closing(t, { notOpened: 'refused' });
  assert.match(refused.page, /Nothing was opened with the key, because you may not use it\. Let somebody who may/);
  const readAlone = await closing(t, { notOpened: 'refused', readable: { ...object, isSame: true } });
  assert.match(readAlone.page, /\ns3:\/\/b\/a\.txt can be read, with the bytes on record\.\n/);
  assert.doesNotMatch((await closing(t, { notOpened: 'Disabled', state: 'Disabled' })).page, /opened/);
  const nothing = await closing(t, { brought: [] });
  assert.match(nothing.page, /Nothing was imported\./);
  assert.doesNotMatch(nothing.page, /Record:/);
});

test('the last page after an import warns of a key exchange that a quantum computer may open, if anything was sent', async (t) => {
  const warning = /\nThe import went over TLS with a classical key exchange, X25519\./;
  assert.match((await closing(t, { group: 'X25519' })).page, warning);
  for (const page of [await closing(t, {}), await closing(t, { group: 'X25519', brought: [] })])
    assert.doesNotMatch(page.page, /classical/);
});

test('a key that is Disabled is a problem unless the ceremony left it so, and a name that it has lost is told', async (t) => {
  const disabled: KeyNow = { asOf, state: 'Disabled', validTo: null };
  const onPurpose = await closing(t, { now: disabled, state: 'Disabled' });
  assert.equal(onPurpose.problem, undefined);
  assert.doesNotMatch(onPurpose.page, /Yours to do/);
  const byOther = await closing(t, { now: disabled });
  assert.equal(byOther.problem?.code, 'Disabled');
  assert.match(byOther.page, /\n\nYours to do\n- ./);
  // Whoever has it deleted since then has not left it as the ceremony did.
  const deleted = await closing(t, { now: { asOf, state: 'PendingDeletion', validTo: null }, state: 'Disabled' });
  assert.equal(deleted.problem?.code, 'PendingDeletion');
  const problem: Problem = { kind: 'fixable', what: 'KMS tells another expiry.', next: ['Look again.'] };
  const own = await closing(t, { problem });
  assert.equal(own.problem, problem);
  assert.match(own.page, /\n\nKMS tells another expiry\.\n\nYours to do\n- Look again\.\n/);
  const explained = await closing(t, {
    problem: { ...problem, why: 'Somebody else imports.', next: ['One.', 'Two.'] },
  });
  assert.match(explained.page, /\n\nSomebody else imports\.\n\nYours to do\n- One\.\n- Two\.\n/);
  assert.equal((await closing(t, { problem, now: disabled })).problem?.code, 'Disabled', 'the key comes first');
  const unnamed = await closing(t, { recorded: {} });
  assert.doesNotMatch(unnamed.page, /any more/);
  const lost = await closing(t, { recorded: { key: { ...key, alias: 'alias/old' } } });
  assert.match(lost.page, /alias\/old is not a name of this key any more/);
  assert.doesNotMatch((await closing(t, { recorded: { key } })).page, /any more/);
});

test('a later ceremony ends with 3 where a problem is left, and offers its record once there is one', async (t) => {
  const { services } = await made(t);
  const ending = { title: 'Material brought back', lines: ['a line'], result: {} };
  const fine = concludeLaterCeremony(services, ending);
  assert.deepEqual(fine.page.commands, []);
  assert.deepEqual(concludeLaterCeremony(services, { ...ending, commands: ['  ls'] }).page.commands, ['  ls']);
  assert.deepEqual([fine.status, fine.page.title, fine.page.actions], [0, 'Material brought back', []]);
  assert.equal(fine.page.emphasis?.get('Enabled'), 'good');
  services.folder.make();
  const head = { keyferry: '0', account: { accountId: '', region: '', callerArn: '', practice: true } } as const;
  const record = { ...head, ceremony: { id: 'first', begunAt: '', finishedAt: '' } };
  const write = (isNew: boolean, id: string) =>
    writeLaterRecord(services, isNew, { ...record, ceremony: { ...record.ceremony, id } } as never, () => `# ${id}\n`);
  const read = () => {
    const names = laterRecordNames(services);
    return [
      services.folder.read(names.markdown).toString(),
      JSON.parse(services.folder.read(names.json).toString()).ceremony.id,
    ];
  };
  services.folder.replace(laterRecordNames(services).json, '{}');
  write(false, 'first');
  assert.deepEqual(read(), ['# first\n', 'first'], 'the page was missing');
  write(false, 'second');
  assert.deepEqual(read(), ['# first\n', 'first'], 'what an earlier run has recorded stays');
  const events = watchDisk(t);
  write(true, 'third');
  assert.deepEqual(read(), ['# third\n', 'third']);
  const { markdown, json } = laterRecordNames(services);
  const named = events.flatMap((event) => (event.does === 'name' && !event.file.endsWith('.new') ? [event.file] : []));
  assert.deepEqual(named, [json, markdown], 'a run that is cut off between the two writes both again');
  const problem = { kind: 'fixable', what: 'It is Disabled.', next: [] } as const;
  const left = concludeLaterCeremony(services, { ...ending, problem });
  assert.deepEqual([left.status, left.page.title, left.problem], [3, 'Done, but look at this', problem]);
  assert.equal(left.page.emphasis?.has('Enabled'), false);
  const [open] = left.page.actions ?? [];
  assert.deepEqual([open?.key, open?.act()], ['r', { title: markdown, lines: ['# third'] }]);
  assert.deepEqual(keyResult({ key, connection }, { asOf, state: undefined, problem: { ...problem, code: 'X' } }), {
    ...{ keyId: 'one', keyArn, alias: 'alias/a', keyState: null, keyStateAsOf: asOf },
    ...{ accountId: '000000000000', region: 'us-east-1' },
  });
});

test('a program is told the whole path of the record, and the record says why nothing was opened', (t) => {
  const folder = new CeremonyFolder(join(workIn(t), 'w'), false);
  const journal = new Journal(folder.file('journal-reimport-20261126T140000Z.jsonl'));
  assert.equal(folder.shown, 'w');
  assert.equal(
    recordPath({ ...makeOfflineServices(folder), journal }),
    join(folder.path, 'record-reimport-20261126T140000Z.md'),
  );
  assert.deepEqual(proofOf({ notOpened: 'refused' }), { notOpened: 'refused' });
});

test('an expiry is told in words, and another one than was asked for is a problem', async (t) => {
  const { services } = await made(t);
  assert.equal(expiryWords('never'), 'does not expire');
  assert.equal(expiryWords('missing'), 'is not there');
  for (const unknown of [undefined, 'unknown'])
    assert.equal(expiryWords(unknown), 'expired at a time that is not known here');
  const asked = { keyMaterialId: 'abcdef0123', validTo: null };
  for (const fine of [{ ...asked, found: 'never' }, asked])
    assert.equal(otherExpiryProblem([fine], services), undefined);
  const other = otherExpiryProblem(
    [
      { ...asked, found: 'never' },
      { ...asked, found: 'missing' },
    ],
    services,
  );
  assert.equal(other?.code, 'OtherExpiry');
  assert.equal(
    other?.why,
    'Material abcdef01 was to be imported so that it does not expire; KMS says that it is not there.',
  );
});
