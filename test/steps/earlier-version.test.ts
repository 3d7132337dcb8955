import assert from 'node:assert/strict';
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { factsOf } from '../../source/ceremony/ceremony.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { keyHere } from '../../source/steps/secret-key-fact.ts';
import { newFolder } from '../new-folder.ts';
import { beginImport } from './ceremony.ts';

/*
 * A folder that Keyferry 0.1.0 left on practice AWS: a ceremony that was refused once, continued and finished, with the
 * plain key and its backup for a recipient.
 */
const left = 'test/cases/journal-0.1.0';
const lines = readFileSync(join(left, 'journal.jsonl'), 'utf8').split('\n').slice(0, -1);
const lineOf = (part: string) => lines.findIndex((line) => line.includes(part)) + 1;

test('a journal that version 0.1.0 finished is read, with all that its steps established', () => {
  const { state, lines: read } = new Journal(join(left, 'journal.jsonl'));
  assert.equal(state.finished, true);
  assert.equal(read.length, lines.length);
  assert.deepEqual(
    [...state.done.keys()],
    firstImport.steps.map(({ id }) => id),
  );
  const facts = factsOf<Facts>(new Journal(join(left, 'journal.jsonl')));
  assert.equal(facts.description?.alias, 'alias/my-first-key');
  assert.equal(facts.objects?.objects[0]?.verified, true);
});

for (const [where, count] of [
  ['while its backup was made', lineOf('"kind":"intent","step":"backup"')],
  ['when its backup was made', lineOf('"kind":"done","step":"backup"')],
  ['when KMS had refused to make the key', lineOf('"outcome":"refused"')],
] as const) {
  test(`a ceremony that version 0.1.0 left ${where} goes on to its end`, async (t) => {
    assert.ok(count > 1);
    const path = join(newFolder(), 'w');
    cpSync(left, path, { recursive: true });
    // Git keeps no such modes.
    chmodSync(path, 0o700);
    for (const file of readdirSync(path)) chmodSync(join(path, file), 0o600);
    writeFileSync(join(path, 'journal.jsonl'), `${lines.slice(0, count).join('\n')}\n`);
    const { recipients } = JSON.parse(lines[lineOf('"kind":"answered","step":"backup"') - 1] ?? '').answers;
    const ceremony = await beginImport(t, {
      path,
      answers: { backup: { how: 'recipients', recipients, identity: '' } },
    });
    const before = ceremony.facts;
    const { secret, backup, imported } = await ceremony.upTo();
    assert.equal(keyHere(secret)?.checkValue.value, keyHere(before.secret)?.checkValue.value);
    assert.ok(imported !== undefined && backup !== undefined && 'file' in backup);
    assert.equal(readdirSync(path).includes(`${backup.file}.unused-1`), before.backup === undefined);
    ceremony.services.journal.close();
    const { state, lines: read } = new Journal(join(path, 'journal.jsonl'));
    assert.equal(state.finished, true);
    assert.ok(read.length > count);
  });
}
