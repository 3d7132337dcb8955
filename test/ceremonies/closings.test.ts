import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { KeyState } from '@aws-sdk/client-kms';
import { checkBackup } from '../../source/ceremonies/check-backup/check-backup.ts';
import { checkOffline } from '../../source/ceremonies/check-backup/check-offline.ts';
import { encryptClosing } from '../../source/ceremonies/encrypt/closing.ts';
import { writeEncryptRecord } from '../../source/ceremonies/encrypt/record.ts';
import { encryptResult } from '../../source/ceremonies/encrypt/result.ts';
import { closingPage } from '../../source/ceremonies/first-import/closing-page.ts';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import type { Conclusion } from '../../source/ceremony/conclusion.ts';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Facts, Objects } from '../../source/steps/facts.ts';
import type { KeyNow } from '../../source/steps/key-now.ts';
import type { KeyElsewhere } from '../../source/steps/secret-key-fact.ts';
import { answeringKms } from '../aws/answering-clients.ts';
import {
  connectionOf,
  fetchedPair,
  foreignKey,
  foreverImported,
  keyOf,
  openedBackup,
  wrappedHere,
} from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices, withClients } from '../offline-services.ts';

/* What the last pages of ceremonies say, from what their steps have established. */

const at = '2026-11-26T14:02:00.000Z';
const key = keyOf('one');
const { keyArn } = key;
const connection = connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin');
const enabled: KeyNow = { asOf: at, state: 'Enabled', validTo: null };
const disabled: KeyNow = { asOf: at, state: 'Disabled', validTo: null };
const common: Facts = { key, connection, keyState: 'Enabled', imported: foreverImported };

const servicesInNewFolder = () => makeOfflineServices(new CeremonyFolder(newFolder(), false));

const here: NonNullable<Facts['secret']> = {
  origin: 'generated',
  bytes: 32,
  checkValue: { method: 'AES-CMAC', value: 'aa11' },
};
const elsewhere: NonNullable<Facts['secret']> = {
  origin: 'elsewhere',
  keeper: 'the HSM',
  statedCheckValue: { method: 'AES-CMAC', value: 'cc33' },
};
const look = { file: '/copies/a.key.age', by: 'recipients', sha256: '', recorded: true } as const;

/** The lines of a last page that stand out as headings, where they are there. */
const headingsOf = ({ page }: Pick<Conclusion, 'page'>) =>
  [...(page.emphasis ?? [])].flatMap(([line, kind]) => (kind === 'heading' ? [line] : []));

/** The end of a check of a backup that KMS answered so. */
async function checked(answer: Partial<NonNullable<Facts['answer']>>, more: Facts = {}) {
  const check = { ...look, keyState: 'Enabled', validTo: null, materialDescription: null };
  const facts: Facts = {
    ...common,
    check,
    secret: here,
    answer: { same: true, answeredAt: at, checkValue: 'aa11', found: 'never', ...answer },
    ...more,
  };
  const end = await checkBackup.conclude(facts, servicesInNewFolder());
  return { ...end, text: end.page.lines.join('\n') };
}

test('a check of a backup ends with yes, with no, or with what a person must do about the expiry', async () => {
  const yes = await checked({});
  assert.deepEqual([yes.status, yes.problem, yes.page.emphasis?.get('Enabled')], [0, undefined, 'good']);
  assert.match(
    yes.text,
    /^The backup is this key: .*\n\n\/copies\/a\.key\.age\n\nalias\/a is Enabled\. Its material does/,
  );
  assert.doesNotMatch(yes.text, /Yours to do/);
  assert.equal(yes.page.emphasis?.get('/copies/a.key.age'), 'keep');
  assert.deepEqual(headingsOf(yes), ['Yours to do', yes.page.lines[0]]);
  assert.partialDeepStrictEqual(yes.result, { same: true, checkValue: 'aa11', answeredAt: at, backup: look.file });
  assert.ok(!('found' in yes.result));
  assert.partialDeepStrictEqual((await checked({}, { keyState: 'Disabled' })).result, { keyState: 'Disabled' });

  const other = await checked({ found: 'missing' });
  assert.deepEqual([other.status, other.problem?.code, other.page.emphasis?.has('Enabled')], [3, 'OtherExpiry', false]);
  assert.match(
    other.text,
    /alias\/a is Enabled\. Material a{8} was to be imported so that it does not expire; KMS says/,
  );
  assert.match(other.text, /\n\nYours to do\n- Find out who else imports into this key/);

  // KMS tells no expiry of what it has refused.
  const refused: NonNullable<Facts['answer']> = { same: false, answeredAt: at, checkValue: 'bb22' };
  const no = await checked({}, { answer: refused });
  assert.deepEqual([no.status, no.problem, no.page.emphasis?.has('Enabled')], [1, undefined, false]);
  assert.match(no.text, /Its key check value is bb22; that of the secret of this ceremony is aa11\./);
  assert.match(
    no.text,
    /\nalias\/a is Enabled\. Its material does not expire\.\n\narn:.*\n\nYours to do\n- look for another.*\n- do not let the material expire or be deleted before you/,
  );
  const noneOfTheirs = await checked({}, { answer: refused, secret: elsewhere });
  assert.match(noneOfTheirs.text, /Its key check value is bb22 \(AES-CMAC\); the HSM stated cc33\.\n\nalias/);
  const imported = await checked({}, { answer: { ...refused, checkValue: 'aa11' } });
  assert.match(imported.text, /It holds the secret of this ceremony \(key check value aa11\), but other bytes were/);
  const stated = await checked({ checkValue: 'dd44', asStated: false }, { secret: elsewhere });
  assert.match(
    stated.text,
    /Its key check value is dd44 \(AES-CMAC\); the HSM stated cc33\.\nSo what was stated is wrong/,
  );
});

test('the expiry of the material that was checked is told', async () => {
  const validTo = '2027-03-01T10:00:00.000Z';
  const check = { ...look, keyState: 'Enabled', validTo, materialDescription: null };
  const { text, status } = await checked({ found: validTo }, { check });
  assert.match(text, /alias\/a is Enabled\. Its material expires at 2027-03-01 10:00 UTC, as before\./);
  assert.equal(status, 0);
});

/** The end of a comparison with the record that came to this. */
async function compared(found: Partial<NonNullable<Facts['compared']>>, more: Facts = {}, backup?: string) {
  const facts: Facts = {
    ...common,
    secret: here,
    look,
    compared: { same: true, secretInKms: 'shown', comparedAt: at, checkValue: 'aa11', ...found },
    ...more,
  };
  const services = servicesInNewFolder();
  const preset = { ...services.preset, ...(backup === undefined ? {} : { backup }) };
  const end = await checkOffline.conclude(facts, { ...services, preset });
  return { ...end, text: end.page.lines.join('\n') };
}

test('a comparison with the record ends with yes or no, and says what the record does not show', async () => {
  const yes = await compared({});
  assert.deepEqual([yes.status, yes.page.emphasis?.get('Enabled')], [0, 'good']);
  assert.match(
    yes.text,
    /^The backup holds the key on record\.\n\n\/copies\/a\.key\.age\nIts key check value is aa11, as on/,
  );
  assert.match(yes.text, /\n\nOn record for alias\/a\narn:aws:kms/);
  assert.doesNotMatch(yes.text, /By the record|Yours to do/);
  assert.match(yes.text, /^To let KMS say it: keyferry check-backup --workdir /m);
  assert.deepEqual(headingsOf(yes), ['Yours to do', yes.page.lines[0]]);
  assert.ok(yes.page.lines.every((line) => typeof line === 'string'));
  const told = {
    alias: 'alias/a',
    offline: true,
    same: true,
    secretInKms: 'shown',
    comparedAt: at,
    checkValue: 'aa11',
  };
  assert.deepEqual(yes.result, { ...told, keyArn, backup: look.file });

  const no = await compared({ same: false, checkValue: 'bb22' }, {}, 'named.key.age');
  assert.deepEqual([no.status, no.page.emphasis?.has('Enabled')], [1, false]);
  assert.match(no.text, /^The backup does not hold the key\./);
  assert.match(no.text, /Its key check value is bb22; the one on record is aa11\./);
  assert.match(no.text, /^To let KMS say it: keyferry check-backup \/copies\/a\.key\.age /m);
  assert.match(no.text, /\n\nYours to do\n- look for another copy/);
  assert.match(
    (await compared({ secretInKms: 'other' })).text,
    /^By the record, other bytes than these were imported/m,
  );
  assert.match((await compared({ secretInKms: 'not shown' })).text, /^By the record, nobody has compared what was/m);

  const stated = await compared({ asStated: true, checkValue: 'cc33' }, { secret: elsewhere });
  const otherThanStated = await compared({ same: false, asStated: false, checkValue: 'bb22' }, { secret: elsewhere });
  assert.match(otherThanStated.text, /^The backup does not hold the key\./);
  assert.match(stated.text, /^The backup has the key check value that was stated for the key\.\n/);
  assert.match(stated.text, /^It has the key check value that the HSM stated: cc33 \(AES-CMAC\)\.$/m);
});

const object = (name: string, more: Partial<Objects['objects'][number]> = {}): Objects['objects'][number] => ({
  ...{ bucket: 'b', key: name, size: 3, sha256: '0', sseAlgorithm: 'aws:kms', kmsKeyArn: keyArn, verified: true },
  ...more,
});
const byChecksum = { checkedBy: 'checksum' } as const;
const manifest = { file: 'objects.jsonl', sha256: 'f' };
const linesAfter = (objects: Partial<Objects>, now = enabled) => {
  const facts: Facts = { ...common, objects: { bucket: 'b', objects: [], ...objects } };
  const { lines, problem, commands } = encryptClosing(facts, now, servicesInNewFolder());
  return { text: lines.join('\n'), problem, commands };
};

test('the last page of an encryption lists few objects, and says where the others are listed', () => {
  const many = Array.from({ length: 10 }, (_, number) => object(`${number}.csv`));
  const one = linesAfter({ objects: many.slice(0, 1) }).text;
  assert.match(one, /\n1 object is under it:\ns3:\/\/b\/0\.csv, 3 bytes\n\n/);
  const ten = linesAfter({ objects: many }).text;
  assert.match(ten, /\n10 objects are under it:\ns3:\/\/b\/0\.csv/);
  assert.match(ten, /7\.csv, 3 bytes\nand 2 more, which the record lists\n\n/);
  assert.doesNotMatch(linesAfter({ objects: many.slice(0, 8) }).text, /more, which/);
  assert.match(linesAfter({ objects: many.slice(0, 9) }).text, /7\.csv, 3 bytes\nand 1 more, which the record lists\n/);
  const listed = linesAfter({ count: 300, bytes: 900, readBack: 300, manifest }).text;
  assert.match(listed, /\n300 objects are under it:\nobjects\.jsonl lists them\n/);
  assert.match(linesAfter({ count: 300, readBack: 300 }).text, /\nThe manifest lists them\n/);
  const odd = linesAfter({ objects: [object('a\u001B[2Jb')] }).text;
  assert.ok(!odd.includes('\u001B'));
});

test('the last page of an encryption says of how many objects the bytes were compared, and by what', () => {
  const each = 'S3 named this key for each, and each was read back with the bytes of its file.';
  const compares =
    'S3 named the key, and compared the CRC32 of all bytes with that of the file. They were not read back.';
  // Journals of earlier versions have no totals.
  assert.ok(linesAfter({ objects: [object('a'), object('b')] }).text.includes(each));
  const old = linesAfter({ objects: [object('a'), object('b', { verified: false, keyNamedBy: 'look' })] }).text;
  assert.ok(!old.includes(each) && old.includes('S3 named the key when it was asked.'));
  assert.ok(linesAfter({ objects: [object('a', byChecksum)], readBack: 0 }).text.includes(compares));
  const total = (readBack: number, unconfirmed: number) =>
    linesAfter({ count: 300, readBack, unconfirmed, manifest }).text.split('\n\n')[3];
  assert.equal(total(300, 0), each);
  assert.equal(total(0, 0), compares);
  const read = 'S3 named the key for 5 objects, and each was read back with the bytes of its file.';
  const unread =
    'S3 named no checksum of 7 objects, and the caller may not read them (s3:GetObject): the bytes were not compared.';
  assert.equal(total(5, 7), [read, unread, `Of the others: ${compares}`].join('\n'));
  assert.equal(total(293, 7)?.split('\n').length, 2);
  assert.equal(total(0, 7), [unread, `Of the others: ${compares}`].join('\n'));
  assert.equal(total(5, 0), [read, `Of the others: ${compares}`].join('\n'));
});

test('a key that is not Enabled after an encryption is told before the next command, and with what to do', () => {
  const fine = linesAfter({ objects: [object('a')] });
  assert.equal(fine.problem, undefined);
  assert.match(
    fine.text,
    /\n\nYours to do\n- other files, in the same way:\n {2}keyferry encrypt FILE --key alias\/a /,
  );
  assert.match(fine.text, /--to s3:\/\/b /);
  assert.deepEqual(fine.commands, [fine.text.split('\n').find((line) => line.startsWith('  keyferry encrypt'))]);
  const { text, problem } = linesAfter({ objects: [object('a')] }, disabled);
  assert.equal(problem?.code, 'Disabled');
  const why = problem?.why ?? problem?.what ?? '';
  assert.ok(text.includes(`\n\n${why}\n\nYours to do\n- ${problem?.next[0]}\n`), text);
  const inFolder = linesAfter({ objects: [object('a')], prefix: 'in/2026' }).text;
  assert.match(inFolder, /--to s3:\/\/b\/in\/2026 /);
});

test('a program and the record are told the totals of an encryption, where there are any', () => {
  const totals = { count: 300, bytes: 900, found: 2, manifest };
  const resultOf = (objects: Objects) =>
    encryptResult({ ...common, objects }, enabled, servicesInNewFolder()) as Readonly<Record<string, unknown>>;
  const whole = resultOf({ bucket: 'b', objects: [], ...totals });
  assert.partialDeepStrictEqual(whole, { ...totals, bucket: 'b', prefix: null, objects: [] });
  const old = resultOf({ bucket: 'b', prefix: 'in', objects: [object('a')] });
  assert.partialDeepStrictEqual(old, { prefix: 'in', objects: [object('a')] });
  assert.ok(!('count' in old) && !('manifest' in old));

  assert.equal(whole.workdir, dirname(String(whole.record)));

  const sumsOf = (objects: Objects) => {
    const services = servicesInNewFolder();
    const { folder } = services;
    const journal = new Journal(folder.file('journal-encrypt-20261126T140000Z.jsonl'));
    writeEncryptRecord({ ...common, objects }, { ...services, journal }, true);
    writeEncryptRecord({ ...common, objects: { bucket: 'b', objects: [] } }, { ...services, journal }, false);
    return JSON.parse(folder.read('record-encrypt-20261126T140000Z.json').toString());
  };
  assert.deepEqual(sumsOf({ bucket: 'b', objects: [], ...totals }).sums, { ...totals, unconfirmed: 0 });
  assert.ok(!('sums' in sumsOf({ bucket: 'b', objects: [object('a')] })));
});

/** What the steps of a first import have established, where it has one object and no copy of the key. */
const importFacts: Facts = {
  ...common,
  secret: here,
  wrapped: wrappedHere,
  objects: { bucket: 'b', objects: [object('a')] },
};
const madeBackup = { ...openedBackup, sha256: sha256Of('encrypted') };

test('a first import ends with 0 where its key can be used, and else with 3 and what to do', async (t) => {
  const facts: Facts = {
    ...importFacts,
    wrapping: fetchedPair,
    finish: { plainKey: 'none', record: 'record.md' },
  };
  const endsAt = async (KeyState: KeyState) => {
    const kms = answeringKms(() => ({ KeyMetadata: { KeyId: 'one', KeyState } }));
    const { status, problem, page, result } = await firstImport.conclude(
      facts,
      withClients(t, { kms }, servicesInNewFolder()),
    );
    assert.partialDeepStrictEqual(result, { keyState: KeyState });
    return [status, problem?.code, page.title];
  };
  assert.deepEqual(await endsAt('Enabled'), [0, undefined, 'Done']);
  assert.deepEqual(await endsAt('PendingDeletion'), [3, 'PendingDeletion', 'Done, but look at this']);
});

/** The last page of a first import that has come to these facts. */
function pageAfter(more: Facts, now = enabled, services = servicesInNewFolder()) {
  const facts: Facts = { ...importFacts, ...more };
  if (facts.backup?.by === 'recipients' && !services.folder.has('a.key.age'))
    services.folder.write('a.key.age', 'encrypted');
  const page = closingPage([], facts, { now, services });
  return { ...page, services, text: page.lines.join('\n') };
}

test('the last page of a first import says whether all is well, and what to keep, and saves how it is done by hand', () => {
  const { title, emphasis, actions, services, text } = pageAfter({ backup: madeBackup });
  assert.deepEqual([title, emphasis?.get('Enabled')], ['Done', 'good']);
  const kept = [...(emphasis ?? [])].flatMap(([line, kind]) => (kind === 'keep' ? [line] : []));
  assert.equal(kept.length, 1);
  assert.match(kept[0] ?? '', /a\.key\.age$/);
  assert.ok(text.includes(kept[0] ?? '-'), text);
  services.folder.write('record.md', '# alias/a\n');
  assert.deepEqual(actions?.find(({ key }) => key === 'r')?.act(), { title: 'record.md', lines: ['# alias/a'] });
  const said = actions?.find(({ key }) => key === 's')?.act();
  assert.match(String(said), /^Saved: \S+\/runbook\.md to read, \S+\/runbook\.sh to run with bash\.$/);
  assert.match(services.folder.read('runbook.md').toString(), /^# /);
  assert.match(services.folder.read('runbook.sh').toString(), /^#!.*bash\n/);
  const bad = pageAfter({}, disabled);
  assert.deepEqual([bad.title, bad.emphasis?.has('Enabled')], ['Done, but look at this', false]);
  assert.match(bad.text, /\n\nYours to do\n- /);
});

test('the last page of a first import says whose key it is, who has proven it and what Terraform needs', () => {
  const own = pageAfter({});
  assert.match(own.text, /\nIts material does not expire\. 1 object is under it\.\n/);
  assert.doesNotMatch(own.text, /Somebody else made it|valid_to|Its proof is left/);
  const two = pageAfter({ objects: { bucket: 'b', objects: [object('a'), object('b')] } });
  assert.match(two.text, /2 objects are under it\./);

  const validTo = '2027-03-01T10:00:00.123Z';
  const existing: NonNullable<Facts['existing']> = {
    ...foreignKey,
    test: { tested: true, missing: [] },
  };
  const theirs = pageAfter(
    { existing, notOpened: 'refused', imported: { ...foreverImported, validTo } },
    { ...enabled, validTo },
  );
  assert.match(theirs.text, /\nSomebody else made it at 2026-11-24 10:00 UTC\. Its policy and tags were left as they/);
  assert.match(theirs.text, /\nNothing was opened with it: you may not use it\./);
  assert.match(theirs.text, /add valid_to = "2027-03-01T10:00:00Z" there/);
  assert.doesNotMatch(pageAfter({ existing }).text, /valid_to|Nothing was opened/);

  const script = 'user.sh';
  const open = pageAfter({ leftToUser: { script } });
  assert.match(open.text, /\nIts proof is left to a user of the key; there is no result yet\.\n/);
  assert.match(open.text, /with which they prove the key, and upload under it:\n {2}.*\/user\.sh/);
  const result = { openedBy: 'arn:user', openedAt: at, takenAt: at, sha256: '' };
  const proven = pageAfter({ leftToUser: { script, result } });
  assert.match(
    proven.text,
    /\nProven as arn:user states, at 2026-11-26 14:02 UTC\. Keyferry cannot check this statement\./,
  );
});

const soon = '2027-03-01T10:00:00.000Z';

test('the last page of a first import lists every copy of the key with what is to be done with it', () => {
  const services = servicesInNewFolder();
  const { folder } = services;
  const bytes = randomBytes(32);
  using secret = SecretBytes.takeFrom(Buffer.from(bytes));
  const source = join(newFolder(), 'own.key');
  writeFileSync(source, bytes, { mode: 0o600 });
  folder.write('plain_text_aes_key.bin', bytes);
  const plain = { ...here, checkValue: keyCheckValue(secret), file: 'plain_text_aes_key.bin' };
  const all = pageAfter({ secret: { ...plain, source }, backup: madeBackup }, enabled, services);
  const path = (name: string) => `${folder.shown}/${name}`;
  const copies = [path('a.key.age'), path('plain_text_aes_key.bin'), `${source}, your own file`];
  assert.ok(
    all.text.includes(`\nKeep safe, AWS cannot give it back:\n${copies.join('\n')}\n\nYours to do\n`),
    all.text,
  );
  assert.match(
    all.text,
    /\n- copy the backup to a safe place .*\n- prove that it is this key:\n {2}keyferry check-backup --/,
  );
  assert.match(all.text, /\n- move plain_text_aes_key\.bin to a safe place\n/);
  assert.doesNotMatch(all.text, /Others on this|no copy|No copy|nobody deletes/);
  const kept = [...(all.emphasis ?? [])].flatMap(([line, kind]) => (kind === 'keep' ? [line] : []));
  assert.deepEqual(kept, [path('a.key.age'), path('plain_text_aes_key.bin'), source]);

  chmodSync(source, 0o644);
  const own = pageAfter({ secret: { ...here, checkValue: plain.checkValue, source } });
  assert.ok(own.text.includes(`${source}, your own file\n  Others on this computer may open it. Make its permissions`));
  assert.doesNotMatch(own.text, /- move|- copy the backup|- prove/);
  const unopened = pageAfter({ backup: { ...madeBackup, proven: 'written' } });
  assert.match(unopened.text, /\/a\.key\.age, which nothing here could open\n/);

  // The backup is another file now, and the plain file is gone.
  rmSync(folder.file('plain_text_aes_key.bin'));
  const goneWords = [
    `No copy any more: ${path('a.key.age')}\nIt has changed since it was made.`,
    `No copy any more: ${path('plain_text_aes_key.bin')}\nIt is not there any more.`,
  ].join('\n\n');
  const changed: NonNullable<Facts['backup']> = { ...openedBackup, sha256: '0' };
  assert.ok(pageAfter({ secret: plain, backup: changed }, enabled, services).text.includes(goneWords));
  assert.ok(
    pageAfter({ secret: { ...plain, source }, backup: changed }, enabled, services).text.includes(
      `600.\n\n${goneWords}`,
    ),
  );
});

test('the last page of a first import says that there is no copy, or who keeps the key, and how it is kept from being lost', () => {
  const none = pageAfter({});
  assert.match(none.text, /\nThere is no copy of the key anywhere that Keyferry knows of\.\nIf its material expires/);
  assert.match(
    none.text,
    /\n- see to it that nobody deletes the material or the key\n- before you encrypt what must last/,
  );
  assert.match(
    pageAfter({ wrapped: { ...wrappedHere, by: 'you' } }).text,
    /\nYou wrapped the key: only you know where its bytes are\.\n/,
  );
  const theirs = pageAfter({ secret: elsewhere });
  assert.match(
    theirs.text,
    /\nthe HSM keeps the key, and there is no copy of it here: stated by the HSM, not checked\.\nIt has the key check value .*cc33/,
  );
  assert.match(theirs.text, /\n- see to it that the HSM keeps the key, and a backup of it\n/);
  assert.doesNotMatch(theirs.text, /There is no copy of the key anywhere|nobody deletes/);
  const { statedCheckValue: _stated, ...unstated } = elsewhere as KeyElsewhere;
  assert.doesNotMatch(pageAfter({ secret: unstated }).text, /It has the key check value/);
});

test('the last page of a first import has the commands that fit the key, its expiry and its account', () => {
  const own = pageAfter({ objects: { bucket: 'b', prefix: 'in', objects: [object('a')] } });
  assert.match(own.text, /\n- name the key in each new upload, as here:\n {2}keyferry encrypt .*--to s3:\/\/b\/in /);
  assert.match(pageAfter({ objects: { bucket: '', objects: [] } }).text, /--to s3:\/\/BUCKET /);
  assert.match(own.text, /\n- start Keyferry again to do it in your account\n/);
  assert.doesNotMatch(pageAfter({ connection: { ...connection, source: 'environment' } }).text, /start Keyferry again/);
  assert.doesNotMatch(pageAfter({ leftToUser: { script: 'user.sh' } }).text, /name the key in each/);
  assert.doesNotMatch(own.text, /another date|valid_to|classical/);
  const expires = { imported: { ...foreverImported, validTo: soon } };
  const dated = { ...enabled, validTo: soon };
  const ends = pageAfter(expires, dated);
  assert.match(ends.text, /\nIts material expires at 2027-03-01 10:00 UTC\. Import it again before then\. 1 object/);
  assert.match(ends.text, /\n- choose another date before it expires:\n {2}keyferry expiry --workdir/);
  assert.doesNotMatch(ends.text, /valid_to/);
  assert.match(
    pageAfter({ ...expires, secret: elsewhere }, dated).text,
    /it expires:\n {2}keyferry reimport-wrapped --/,
  );
  const commandsOf = (secret: NonNullable<Facts['secret']>) =>
    pageAfter({ secret }).commands?.map((line) => /^ {2}keyferry (\S+) /.exec(line)?.[1]);
  assert.deepEqual(commandsOf(here), ['check-backup', 'expiry', 'encrypt']);
  assert.deepEqual(commandsOf(elsewhere), ['check-backup', 'reimport-wrapped', 'encrypt']);
  const services = servicesInNewFolder();
  const tls = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', group: 'X25519' };
  services.journal.append({ kind: 'call', operation: 'KMS.ImportKeyMaterial', tls });
  assert.match(pageAfter({}, enabled, services).text, /\n- The import went over TLS with a classical key exchange/);
});

test('a key that cannot be used is told before its copies, and none are named where KMS holds other bytes', () => {
  const { text } = pageAfter({ backup: madeBackup }, disabled);
  assert.match(
    text,
    /\nSomebody has disabled it\.\nWhat was encrypted under it is still there.*\n\nYours to do\n- To enable it/,
  );
  assert.match(text, /\n\nKeep safe, AWS cannot give it back:\n\S+a\.key\.age\n/);
  assert.doesNotMatch(text, /does not expire/);
  const inKms = (secretInKms: 'other' | 'not shown', now: KeyNow) =>
    pageAfter({ backup: madeBackup, imported: { ...foreverImported, secretInKms } }, now);
  const unproven = inKms('not shown', disabled);
  assert.match(
    unproven.text,
    /\nCopies here\. You wrapped the key yourself, so these are NOT SHOWN to be the key in KMS:\n/,
  );
  const heading = unproven.text.split('\n').find((line) => line.startsWith('Copies here')) ?? '';
  assert.equal(unproven.emphasis?.get(heading), 'heading');
  const others = inKms('other', enabled).text;
  assert.match(others, /\nYou wrapped other bytes than the secret of this ceremony/);
  assert.doesNotMatch(others, /Copies here|Keep safe|No copy/);
});

test('the path of the record is a link to that file', () => {
  const { links, services } = pageAfter({});
  assert.match(links?.get(`${services.folder.shown}/record.md`) ?? '', /^file:\/\/\S+\/record\.md$/);
});

test('the ARN of a key is a link to the console of its partition, and none in practice', () => {
  const { accountId, partition: _, ...rest } = { ...connection, source: 'profile:ops' as const };
  const linkIn = (partition: string, region: string, source: 'profile:ops' | 'practice' = 'profile:ops') =>
    pageAfter({ connection: { ...rest, accountId, partition, region, source } }).links?.get(keyArn);
  assert.equal(
    linkIn('aws', 'eu-west-1'),
    'https://eu-west-1.console.aws.amazon.com/kms/home?region=eu-west-1#/kms/keys/one',
  );
  assert.equal(
    linkIn('aws-us-gov', 'us-gov-west-1'),
    'https://us-gov-west-1.console.amazonaws-us-gov.com/kms/home?region=us-gov-west-1#/kms/keys/one',
  );
  assert.match(linkIn('aws-cn', 'cn-north-1') ?? '', /^https:\/\/cn-north-1\.console\.amazonaws\.cn\/kms/);
  assert.equal(linkIn('aws-iso', 'us-iso-east-1'), undefined);
  assert.equal(linkIn('aws', 'us-east-1', 'practice'), undefined);
});
