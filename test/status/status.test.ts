import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ExternalKey } from '../../source/aws/external-key.ts';
import type { KnownKey } from '../../source/ceremonies/known-keys.ts';
import { statusAsJson } from '../../source/status/json.ts';
import type { RegionLook } from '../../source/status/region-look.ts';
import { exitStatusOf } from '../../source/status/status.ts';
import { cells } from '../../source/terminal/cells.ts';
import {
  arnOf,
  expiring,
  found,
  gone,
  idOf,
  inDays,
  keyOf,
  knownOf,
  lookOf,
  material,
  never,
  pageOf,
} from './samples.ts';

test('keys are sorted by what is due first', () => {
  const status = found([
    lookOf([
      keyOf('a'),
      keyOf('b', never),
      keyOf('c', { materials: [material(), material({ state: 'PENDING_ROTATION', keyMaterialId: 'b'.repeat(64) })] }),
      keyOf('d', expiring(60)),
      keyOf('e', expiring(20)),
      keyOf('f', expiring(3)),
      keyOf('0', gone),
    ]),
  ]);
  assert.deepEqual(
    status.keys.map(({ key, due }) => [key.keyId[0], due.map(({ what }) => what).join()]),
    [
      ['0', 'PendingImport'],
      ['f', 'Expiry'],
      ['e', 'Expiry'],
      ['c', 'PendingRotation'],
      ['b', 'PendingImport'],
      ['d', ''],
      ['a', ''],
    ],
  );
  assert.equal(exitStatusOf(status), 1);
  assert.equal(exitStatusOf(found([lookOf([keyOf('a'), keyOf('d', expiring(60))])])), 0);
});

test('an expiry is due from the moment on that is as far away as was asked for', () => {
  const dueAt = (validTo: Date) => found([lookOf([keyOf('a', { materials: [material({ validTo })] })])]).keys[0]?.due;
  const [onTime, later] = [inDays(30), new Date(inDays(30).getTime() + 1)];
  assert.deepEqual(dueAt(onTime), [{ what: 'Expiry', at: onTime }]);
  assert.deepEqual(dueAt(later), []);
});

test('keys that are equally urgent are in the order of their names', () => {
  const named = (letter: string, alias: string) => keyOf(letter, { aliases: [alias] });
  const keys = [named('a', 'alias/c'), named('b', 'alias/a'), keyOf('e'), keyOf('c'), named('d', 'alias/b')];
  assert.deepEqual(
    found([lookOf(keys)]).keys.map(({ key }) => key.keyId[0]),
    ['b', 'd', 'a', 'c', 'e'],
  );
});

test('a key that will be deleted needs nothing, and a replica is not rotated', () => {
  const waiting = [material(), material({ state: 'PENDING_ROTATION' })];
  const status = found([
    lookOf([
      keyOf('a', { ...expiring(2), keyState: 'PendingDeletion', deletionDate: inDays(6) }),
      keyOf('b', { multiRegion: 'REPLICA', materials: waiting }),
    ]),
  ]);
  assert.deepEqual(
    status.keys.map(({ due }) => due),
    [[], []],
  );
  assert.match(pageOf(status).join('\n'), /Pending deletion {2}deleted in 6 d/);
});

test('where something could not be looked at, the status is 2 whatever else is due, and it is told', () => {
  const problem = { kind: 'refused', what: "Can't look at the keys of eu-west-1.", why: 'No.', next: [] } as const;
  const cases: readonly (readonly [RegionLook, RegExp])[] = [
    [{ region: 'eu-west-1', problem }, /! Can't look at the keys of eu-west-1\. No\./],
    [lookOf([keyOf('a')], { hidden: 2 }), /! 2 keys in us-east-1 could not be looked at: you may not describe them\./],
    [lookOf([keyOf('a', { notRead: ['materials'] })]), /! KMS did not tell every material of 1 key in us-east-1/],
  ];
  for (const [look, words] of cases) {
    const status = found([look, lookOf([keyOf('b', expiring(2))])]);
    assert.equal(exitStatusOf(status), 2);
    const page = pageOf(status).join('\n');
    assert.match(page, words);
    assert.match(page, /1 key needs something\. Not everything could be looked at: more may be due\.$/);
    const [first, second] = statusAsJson(status).regions;
    assert.match(first?.error ?? '', /look|tell/);
    assert.equal(second?.error, undefined);
  }
  const aliases = found([lookOf([keyOf('b')], { areAliasesHidden: true })]);
  assert.equal(exitStatusOf(aliases), 0);
  assert.match(pageOf(aliases).join('\n'), /The aliases of us-east-1 are not known/);
});

test('the backup of a key is as old as the oldest proof of the materials that it needs, and none where one lacks it', () => {
  const two = [material({ state: 'NON_CURRENT' }), material({ keyMaterialId: 'b'.repeat(64) })];
  const key = keyOf('a', { materials: two });
  const known = knownOf('a');
  const backupOf = (...folders: readonly KnownKey[]) => statusAsJson(found([lookOf([key])], folders)).keys[0]?.backup;
  assert.equal(backupOf(known), null);
  const later = { file: '/x.key.age', keyMaterialId: 'b'.repeat(64), provenAt: '2026-08-01T00:00:00.000Z' };
  const other = knownOf('a', { folder: join(process.cwd(), 'keyferry-other'), backups: [later] });
  assert.deepEqual(backupOf(known, other), { provenAt: '2026-05-03T10:00:00.000Z', workdir: known.folder });
  const again = { ...later, keyMaterialId: 'a'.repeat(64), provenAt: '2026-09-01T00:00:00.000Z' };
  for (const backups of [
    [later, again],
    [again, later],
  ])
    for (const folders of [
      [known, { ...other, backups }],
      [{ ...other, backups }, known],
    ])
      assert.deepEqual(backupOf(...folders), { provenAt: later.provenAt, workdir: other.folder });
});

test('what a folder knows counts for every Region of a multi-Region key, and for no other key', () => {
  const mrk = (region: string, id = 'mrk-1') => `arn:aws:kms:${region}:111122223333:key/${id}`;
  const replica = keyOf('a', { keyArn: mrk('eu-west-1'), keyId: 'mrk-1' });
  const known = knownOf('a', { keyArn: mrk('us-east-1') });
  const hasBackup = (...folders: readonly KnownKey[]) =>
    statusAsJson(found([lookOf([replica])], folders)).keys[0]?.backup !== null;
  assert.equal(hasBackup(known), true);
  assert.equal(hasBackup({ ...known, keyArn: mrk('us-east-1', 'mrk-2') }), false);
  assert.equal(hasBackup({ ...known, keyArn: mrk('us-east-1').replace('111122223333', '444455556666') }), false);
  assert.equal(hasBackup({ ...known, keyArn: mrk('us-east-1').replace('arn:aws:', 'arn:aws-cn:') }), false);
  assert.equal(hasBackup({ ...known, keyArn: arnOf('a', 'eu-west-1') }), false);
});

test('for each thing that is due, the page says what to do, with the command', () => {
  const status = found(
    [
      lookOf([
        keyOf('a', { ...gone, aliases: ['alias/a'] }),
        keyOf('b', gone),
        keyOf('c', never),
        keyOf('d', { ...never, ceremonyId: 'x' }),
        keyOf('e', { materials: [material(), material({ state: 'PENDING_ROTATION' })] }),
        keyOf('f', expiring(12)),
        keyOf('0', expiring(13)),
      ]),
    ],
    [
      knownOf('a', { validTo: inDays(-2).toISOString() }),
      knownOf('d', { isFinished: false }),
      knownOf('f'),
      knownOf('0', { keeper: 'payments HSM' }),
    ],
  );
  const page = pageOf(status).join('\n');
  assert.match(page, /^x alias\/a {4}Pending import {2}expired 2 d ago {5}proven 3 May 2026$/m);
  assert.match(page, /^ {4}folder keyferry-a$/m);
  assert.match(page, /- alias\/a: What it encrypted cannot be read[^-]*\n {4}keyferry reimport --workdir keyferry-a\n/);
  assert.match(page, /- b\S+: What it[^-]*\n {4}keyferry reimport --region us-east-1\n/);
  assert.match(page, /- c\S+: It never had material[\s\S]*schedule-key-deletion --key-id cccccccc-[\S]+ --pending/);
  assert.match(page, /- d\S+: Its ceremony is not finished\. To go on:\n {4}keyferry --workdir keyferry-d\n/);
  assert.match(page, /- e\S+: New material[\s\S]*aws kms rotate-key-on-demand --key-id e\S+ --region us-east-1\n/);
  assert.match(
    page,
    /- f\S+: Its material expires at 2026-12-08 14:02\s+UTC\.[\s\S]*keyferry expiry --workdir keyferry-f\n/,
  );
  assert.match(page, /^ {4}keyferry reimport-wrapped --workdir keyferry-0$/m);
  assert.match(page, /^! e\S+ +Enabled +rotation waits/m);
});

test('a key that never had material gets its first one by import-existing, unless Keyferry made it', () => {
  const says = 'It never had material, and costs 1 USD a month.';
  const deletes = (letter: string) =>
    `aws kms schedule-key-deletion --key-id ${idOf(letter)} --pending-window-in-days 7 --region us-east-1`;
  const imports = (name: string) => `To import its first material: keyferry import-existing ${name} --region us-east-1`;
  const toDo = (key: ExternalKey) =>
    pageOf(found([lookOf([key])]))
      .join(' ')
      .replaceAll(/\s+/g, ' ')
      .split('To do ')[1];
  for (const [more, name, words] of [
    [{}, idOf('c'), `Keyferry did not make it. ${imports(idOf('c'))}`],
    [{ aliases: ['alias/theirs'] }, 'alias/theirs', `Keyferry did not make it. ${imports('alias/theirs')}`],
    [{ notRead: ['tags'] }, idOf('c'), `Who made it is not known. ${imports(idOf('c'))}`],
  ] as const)
    assert.ok(
      toDo(keyOf('c', { ...never, ...more }))?.startsWith(
        `- ${name}: ${says} ${words} - ${name}: Or delete it: ${deletes('c')} 1 key`,
      ),
      name,
    );
  const ours = toDo(keyOf('c', { ...never, ceremonyId: 'elsewhere' }));
  assert.match(
    ours ?? '',
    /Keyferry made it, and its folder is not here: go on where the ceremony was begun\. Or delete/,
  );
  assert.ok(ours?.includes(`Or delete it: ${deletes('c')}`), ours);
  assert.doesNotMatch(ours ?? '', /import-existing/);
  const places = [
    [{ source: 'practice', endpointUrl: undefined }, '--practice --region us-east-1'],
    [
      { source: 'profile:ops', endpointUrl: 'https://kms.test' },
      '--profile ops --region us-east-1 --endpoint-url https://kms.test',
    ],
  ] as const;
  for (const [place, flags] of places) {
    const page = pageOf(found([lookOf([keyOf('c', never)])]), { where: place });
    assert.ok(page.includes(`    keyferry import-existing ${idOf('c')} ${flags}`), flags);
  }
});

test('the page fits in 80, 60 and 40 columns, names of other scripts too, and keeps to ASCII where the terminal does', () => {
  const names = [
    'alias/結晶の鍵結晶の鍵結晶の鍵結晶の鍵',
    'alias/a-name-that-is-much-longer-than-any-column-can-be',
    'alias/k',
  ];
  const keys = names.map((alias, index) => keyOf(String(index), { aliases: [alias], ...expiring(index + 1) }));
  const status = found(
    [
      lookOf([...keys, keyOf('c', never)]),
      lookOf([keyOf('d', { region: 'ap-southeast-2' })], { region: 'ap-southeast-2' }),
    ],
    [knownOf('0')],
  );
  for (const columns of [80, 60, 40]) {
    const lines = pageOf(status, { columns });
    // A command stays in one line, so that it can be copied; a word that is longer than the line cannot be wrapped.
    const drawn = lines.filter((line) => !/^ {4}(aws|keyferry) /.test(line) && !line.includes('alias/'));
    for (const line of drawn) assert.ok(cells(line) <= columns, `${columns}: ${line}`);
    const table = lines.filter((line) => /^[x! ] .* {2}(Enabled|Pending import)( {2}|$)/.test(line));
    assert.equal(table.length, 5);
    for (const line of table) assert.ok(cells(line) <= columns, `${columns}: ${line}`);
    const [first, ...others] = table.slice(0, 4).map((line) => cells(line.slice(0, line.search(/(Enabled|Pending)/))));
    assert.ok(
      others.every((start) => start === first),
      'the columns are aligned by cells',
    );
  }
  for (const line of pageOf(status, { columns: 60, env: { LANG: 'C' } })) assert.match(line, /^[\x20-\x7e]*$/);
});

test('where nothing is due the page says so, and which Regions were not looked at', () => {
  const page = pageOf(found([lookOf([keyOf('a')])]));
  assert.equal(page.at(0), '1 key for imported material in us-east-1 of account 111122223333, as of');
  assert.match(page.join(' '), /Nothing is due within 30 days\. Other Regions were not looked at: --all-regions/);
  const due = pageOf(found([lookOf([keyOf('a', expiring(2))])])).join(' ');
  assert.match(due, /1 key needs something\. Other Regions were not looked at: --all-regions/);
  assert.match(pageOf(found([lookOf([])])).join('\n'), /^No key for imported material in us-east-1/);
});
