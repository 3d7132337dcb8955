import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '../../source/steps/facts.ts';
import { cells } from '../../source/terminal/cells.ts';
import { symbolsFor } from '../../source/terminal/symbols.ts';
import { headerLines } from '../../source/ui/ink/header.ts';
import { whereabouts } from '../../source/ui/ink/interviewer.ts';
import { beginning } from '../../source/ui/ink/journey-events.ts';
import { frameRows, layOut } from '../../source/ui/ink/layout.ts';
import { connectionOf } from '../known-facts.ts';
import { textOf } from './text-of.ts';

const where = {
  alias: 'alias/my-photos',
  region: 'us-east-1',
  account: '111122223333',
  endpoints: '',
  who: 'role/SecurityAdmin',
  practice: false,
  asInTheVideo: false,
};
const unicode = symbolsFor({ unicode: true });
const practice = { ...where, account: '000000000000', practice: true };

/** The rows above the body, without the rule, at a size. */
function head(columns: number, there: typeof where, steps = 11): string {
  const layout = layOut({ columns, rows: 24 }, steps);
  const journey = { ...beginning, where: there, stepIndex: 5 };
  const rows = headerLines(journey, { practice: there.practice, steps }, layout, unicode);
  const texts = rows.map((line) => textOf(line).trim().replaceAll(/ {2,}/g, '  '));
  for (const text of texts) assert.ok(cells(text) <= columns, text);
  return texts.slice(0, -1).join('\n');
}

test('the alias stands before the Region and the account; where all do not fit, the caller is shortened and then left out', () => {
  assert.equal(head(100, where), 'Keyferry  alias/my-photos · us-east-1 · 111122223333 · role/SecurityAdmin');
  assert.equal(head(80, where), 'Keyferry  alias/my-photos · us-east-1 · 111122223333 · role/SecurityAdmin');
  assert.equal(head(60, where), 'Keyferry\nalias/my-photos · us-east-1 · 111122223333 · SecurityAdmin');
  assert.equal(head(45, where), 'Keyferry\nalias/my-photos · us-east-1 · 111122223333');
});

test('where a column is missing, the caller loses its kind, not its path; a narrow screen has the first parts alone', () => {
  const named = (length: number) => ({ ...where, alias: `alias/${'a'.repeat(length - 6)}` });
  assert.match(head(80, named(21)), / · role\/SecurityAdmin$/);
  assert.match(head(80, named(22)), / · SecurityAdmin$/);
  const inPath = { ...where, alias: 'alias/a', who: 'role/teams/SecurityAdmin' };
  assert.match(head(60, inPath), / · teams\/SecurityAdmin$/);
  assert.equal(head(20, where), 'Keyferry\nus-east-1');
});

test('without a checklist the header names the step, in fewer words beside PRACTICE, and alone on a low screen', () => {
  const step = { id: 's', title: 'Import the key material', why: '', goesWrong: [], place: 'KMS' } as const;
  const rows = (columns: number, practice = false, height = 24, isConnected = true) => {
    const journey = { ...beginning, step, stepIndex: 2, where: isConnected ? where : undefined };
    const layout = layOut({ columns, rows: height }, 11);
    return headerLines(journey, { practice, steps: 11 }, layout, unicode).map((line) => textOf(line).trimEnd());
  };
  assert.equal(rows(45)[0], 'Step 3 of 11 · Import the key material');
  assert.match(rows(47, true)[0] ?? '', /^Step 3 of 11 · Import the key material PRACTICE$/);
  assert.match(rows(46, true)[0] ?? '', /^3\/11 Import the key material +PRACTICE$/);
  assert.deepEqual(
    [rows(45, false, 13).length, rows(45, false, 12).length, rows(45, false, 24, false).length],
    [3, 1, 2],
  );
});

test('practice gives the place of its only account to the alias', () => {
  assert.match(head(100, practice), /alias\/my-photos · PRACTICE · us-east-1 · 000000000000 · role\/SecurityAdmin$/);
  assert.equal(head(80, practice), 'Keyferry  alias/my-photos · PRACTICE · us-east-1 · role/SecurityAdmin');
  assert.equal(head(60, practice), 'Keyferry  PRACTICE\nalias/my-photos · us-east-1 · role/SecurityAdmin');
  assert.equal(head(45, practice), 'Keyferry  PRACTICE\nalias/my-photos · us-east-1 · SecurityAdmin');
});

test('a long alias is whole as long as the account fits beside it, and then shortened', () => {
  const long = { ...where, alias: `alias/${'payments-'.repeat(3)}2026` };
  assert.equal(head(80, long), `Keyferry  ${long.alias} · us-east-1 · 111122223333`);
  assert.equal(head(45, long), 'Keyferry\nalias/payments-pa… · us-east-1 · 111122223333');
  assert.equal(head(40, long), 'Keyferry\nus-east-1 · 111122223333 · SecurityAdmin');
});

test('the header tells of endpoints that are not of AWS, of the video and of practice, where there are any', () => {
  const own = { ...where, alias: 'alias/a', endpoints: 'at https://kms.corp.test' };
  assert.match(head(100, own), /alias\/a · us-east-1 · 111122223333 · at https:\/\/kms\.corp\.test/);
  const video = { ...where, alias: 'alias/a', asInTheVideo: true };
  assert.match(head(100, video), /^Keyferry, video {2}alias\/a/);
  assert.equal(head(60, { ...video, practice: true }).split('\n')[0], 'Keyferry  PRACTICE · video');
  const rows = (practice: boolean, there: typeof where | undefined, columns = 80) =>
    headerLines({ ...beginning, where: there }, { practice, steps: 11 }, layOut({ columns, rows: 24 }, 11), unicode);
  for (const lines of [rows(true, undefined), rows(true, where), rows(false, { ...where, practice: true })]) {
    const mark = lines[0]?.find(({ text }) => text === 'PRACTICE');
    assert.equal(mark?.tone, 'warning');
  }
  assert.ok(rows(false, where)[0]?.every(({ text }) => text !== 'PRACTICE'));
  // There is no room for the marks beside even a short title.
  assert.equal(textOf(rows(true, undefined, 12)[0] ?? []).trim(), 'Keyferry');
});

test('the header has the alias as soon as it is chosen, and the caller as far as it is known', () => {
  const arn = 'arn:aws:iam::111122223333:role/teams/SecurityAdmin';
  const connection = { ...connectionOf(arn), source: 'environment' as const, accountId: '111122223333' };
  assert.equal(whereabouts({}), undefined);
  const described: Facts = { connection, description: { alias: 'alias/wish', description: '' } };
  const there = { alias: 'alias/wish', region: 'us-east-1', account: '111122223333', who: 'role/teams/SecurityAdmin' };
  assert.deepEqual(whereabouts(described), { ...there, practice: false, endpoints: '', asInTheVideo: false });
  const key = { keyId: 'id', keyArn: 'arn', alias: 'alias/made', createdAt: '2026-11-27T00:00:00Z' };
  const made: Facts = { ...described, key, setUp: { kind: 'video' } };
  assert.deepEqual([whereabouts(made)?.alias, whereabouts(made)?.asInTheVideo], ['alias/made', true]);
  assert.equal(whereabouts({ ...made, setUp: { kind: 'recommended' } })?.asInTheVideo, false);
  const callerArn = 'arn:aws:sts::111122223333:assumed-role/SecurityAdmin/me';
  const unconfirmed = { ...connection, callerArn, unconfirmed: { is: 'derived', why: 'IAM refused.' } } as const;
  assert.equal(whereabouts({ connection: unconfirmed })?.who, 'role SecurityAdmin');
  const own = { ...connection, endpoint: 'https://aws.corp.test' };
  assert.equal(whereabouts({ connection: own })?.endpoints, 'at https://aws.corp.test');
});

test('before the alias is chosen, the header is without it', () => {
  assert.equal(head(80, { ...where, alias: '' }), 'Keyferry  us-east-1 · 111122223333 · role/SecurityAdmin');
  assert.equal(
    head(80, { ...practice, alias: '' }),
    'Keyferry  PRACTICE · us-east-1 · 000000000000 · role/SecurityAdmin',
  );
  assert.equal(head(42, { ...practice, alias: '' }), 'Keyferry  PRACTICE\nus-east-1 · 000000000000 · SecurityAdmin');
});

test('a frame grows beyond its usual height only as far as its content needs and the screen has rows', () => {
  const layout = layOut({ columns: 80, rows: 40 }, 11);
  assert.deepEqual(
    [10, 30, 99].map((needed) => frameRows(layout, needed)),
    [23, 30, 39],
  );
});

test('a screen has a checklist from 80 columns on, where its height has a row for each step', () => {
  const at = (columns: number, rows: number, steps = 11) => layOut({ columns, rows }, steps);
  const usual = { width: 80, rows: 23, hasChecklist: true, isTall: false, checklistWidth: 22, bodyWidth: 57 };
  assert.deepEqual(at(80, 24), usual);
  assert.deepEqual(at(79, 24), { ...usual, width: 79, hasChecklist: false, checklistWidth: 0, bodyWidth: 79 });
  assert.deepEqual(at(120, 25), { ...usual, width: 100, rows: 24, isTall: true, bodyWidth: 77 });
  assert.deepEqual(
    [at(80, 24, 19).hasChecklist, at(80, 24, 20).hasChecklist, at(80, 24, 0).hasChecklist],
    [true, false, false],
  );
  assert.deepEqual(at(0, 0), { ...usual, width: 1, rows: 1, hasChecklist: false, checklistWidth: 0, bodyWidth: 1 });
});

test('practice AWS is marked as such and has no endpoint of its own in the header', () => {
  const connection = { ...connectionOf('arn:aws:iam::000000000000:user/you'), endpoint: 'http://127.0.0.1:4599' };
  const there = whereabouts({ connection });
  assert.deepEqual([there?.practice, there?.endpoints, there?.alias, there?.who], [true, '', '', 'user/you']);
});
