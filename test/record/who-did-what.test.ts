import assert from 'node:assert/strict';
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { recordOf } from '../../source/ceremonies/first-import/record-of.ts';
import { factsOf } from '../../source/ceremony/ceremony.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { type CeremonyRecord, recordAsMarkdown } from '../../source/record/record.ts';
import { findWhoDidWhat } from '../../source/record/who-did-what.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { readKeyNow } from '../../source/steps/key-now.ts';
import { newFolder } from '../new-folder.ts';
import { beginImport, continueImport, type RunningCeremony } from '../steps/ceremony.ts';

const you = 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you';
const colleague = 'arn:aws:iam::000000000000:user/secops-1';
const stepIds = firstImport.steps.map(({ id }) => id);

const read = ({ services }: RunningCeremony, name: string) => readFileSync(services.folder.file(name), 'utf8');
const recordIn = (ceremony: RunningCeremony): CeremonyRecord => JSON.parse(read(ceremony, 'record.json'));

test('the record says who did each step, when and from where', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('describe-key');
  const { server } = ceremony.practice;
  const theirs = { ...ceremony.practice, server: { ...server, credentials: server.credentialsOf('secops-1') } };
  const later = await continueImport(t, ceremony, { practice: theirs });
  await later.upTo();
  const { sessions, steps } = recordIn(later);
  const from = { osUser: userInfo().username, host: hostname(), version: '0.0.0' };
  const noted = later.services.journal.lines.filter(({ kind }) => kind === 'session').map(({ at }) => at);
  assert.deepEqual(sessions, [
    { at: noted[0], callerArn: you, ...from },
    { at: noted[1], callerArn: colleague, ...from },
  ]);
  assert.deepEqual(
    steps.map(({ step, session }) => [step, session]),
    stepIds.map((id) => [id, stepIds.indexOf(id) <= stepIds.indexOf('describe-key') ? 0 : 1]),
  );
  const doneAt = new Map(
    later.services.journal.lines.flatMap((line) => (line.kind === 'done' ? [[line.step, line.at]] : [])),
  );
  for (const { step, at } of steps.slice(0, -1)) assert.equal(at, doneAt.get(step));
  const page = read(later, 'record.md');
  for (const told of [
    `| Made by | \`${you}\`<br>\`${colleague}\` |`,
    '## Who did what',
    `| 2 | ${noted[1]} | \`${colleague}\` | ${from.osUser} on ${from.host} | 0.0.0 |`,
    `| describe-key | ${doneAt.get('describe-key')} | 1 |`,
    `| policy | ${doneAt.get('policy')} | 2 |`,
  ])
    assert.ok(page.includes(told), `${told}\nin\n${page}`);
  assert.doesNotMatch(page, /not noted/);
});

test('a step that was done again counts by its last time, and one that was taken back does not count', () => {
  const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
  const line = { prev: '0'.repeat(64) };
  const who = { kind: 'session', accountId: '1', osUser: 'me', host: 'here', version: '1', node: '24' } as const;
  const { steps } = findWhoDidWhat([
    { ...line, ...who, callerArn: you, at: at(0) },
    { ...line, kind: 'done', step: 'one', facts: {}, at: at(1) },
    { ...line, kind: 'done', step: 'two', facts: {}, at: at(2) },
    { ...line, kind: 'done', step: 'by another', facts: {}, at: at(2) },
    { ...line, kind: 'reopened', step: 'by another', at: at(3) },
    { ...line, kind: 'reopened', step: 'two', at: at(3) },
    { ...line, kind: 'reopened', step: 'one', at: at(3) },
    { ...line, ...who, callerArn: colleague, at: at(4) },
    { ...line, kind: 'done', step: 'one', facts: {}, at: at(5) },
    { ...line, kind: 'done', step: 'by another', facts: {}, at: at(5) },
    { ...line, kind: 'continued', version: '0.1.0', at: at(6) },
    { ...line, kind: 'done', step: 'three', facts: {}, at: at(7) },
    { ...line, kind: 'done', step: 'one', facts: {}, at: at(8) },
  ]);
  assert.deepEqual(steps, [
    { step: 'by another', at: at(5), session: 1 },
    { step: 'three', at: at(7), session: null },
    { step: 'one', at: at(8), session: null },
  ]);
});

const left = 'test/cases/journal-0.1.0';

test('a journal of 0.1.0 gives a record that says by whom it knows who was connected', () => {
  const journal = new Journal(join(left, 'journal.jsonl'));
  const { lines, lastHash } = journal;
  const noted = {
    journal: { file: 'journal.jsonl', lines, lastHash },
    version: '1',
    copies: { asOf: '', copies: [], filesWithoutKey: [] },
  };
  const record = recordOf(factsOf<Facts>(journal), noted);
  assert.deepEqual(record.sessions, []);
  assert.deepEqual(
    record.steps.map(({ step, session }) => [step, session]),
    stepIds.map((id) => [id, null]),
  );
  const page = recordAsMarkdown(record);
  assert.ok(page.includes(`| Made by | \`${you}\`, who was connected; who did each step was not noted |`), page);
  assert.ok(page.includes(`It noted once who was connected: \`${you}\`.`), page);
});

test('a ceremony that 0.1.0 began has a record that knows who did the later steps alone', async (t) => {
  const path = join(newFolder(), 'w');
  cpSync(left, path, { recursive: true });
  chmodSync(path, 0o700);
  for (const file of readdirSync(path)) chmodSync(join(path, file), 0o600);
  const lines = readFileSync(join(path, 'journal.jsonl'), 'utf8').split('\n');
  const refused = lines.findIndex((line) => line.includes('"outcome":"refused"'));
  writeFileSync(join(path, 'journal.jsonl'), `${lines.slice(0, refused + 1).join('\n')}\n`);
  const ceremony = await beginImport(t, { path });
  await ceremony.upTo();
  const { sessions, steps } = recordIn(ceremony);
  assert.equal(sessions.length, 1);
  assert.deepEqual(
    steps.map(({ step, session }) => [step, session]),
    stepIds.map((id) => [id, stepIds.indexOf(id) < stepIds.indexOf('policy') ? null : 0]),
  );
  assert.match(read(ceremony, 'record.md'), /\| backup \| [^|]+ \| not noted \|/);
});

test('a look at the key of a finished ceremony leaves its journal as it is', async (t) => {
  const ceremony = await beginImport(t);
  const facts = await ceremony.upTo();
  const before = read(ceremony, 'journal.jsonl');
  assert.match(before.split('\n').at(-2) ?? '', /^\{"kind":"finished"/);
  assert.equal((await readKeyNow(facts, ceremony.services)).state, 'Enabled');
  const later = await continueImport(t, ceremony);
  await later.upTo();
  assert.equal((await readKeyNow(facts, later.services)).state, 'Enabled');
  assert.equal(read(ceremony, 'journal.jsonl'), before);
});
