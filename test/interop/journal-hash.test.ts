import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { CeremonyRecord } from '../../source/record/record.ts';
import { beginImport } from '../steps/ceremony.ts';

const openssl = (() => {
  try {
    execFileSync('openssl', ['version']);
    return false;
  } catch {
    return 'no openssl';
  }
})();

test('the record vouches for the journal: its command shows a line that was cut or changed', {
  skip: openssl,
}, async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo();
  const read = (name: string) => readFileSync(ceremony.services.folder.file(name), 'utf8');
  const { journal }: CeremonyRecord = JSON.parse(read('record.json'));
  const lines = read('journal.jsonl').split('\n').slice(0, -1);
  assert.equal(journal.lines, lines.length);
  assert.equal(journal.file, 'journal.jsonl');
  const last = lines[journal.lines - 1] ?? '';
  assert.equal(journal.lastLineSha256, createHash('sha256').update(last).digest('hex'));
  const [, command = ''] = /To compare: `([^`]+)`/.exec(read('record.md')) ?? [];
  const cwd = ceremony.services.folder.path;
  const compared = () => execFileSync('sh', ['-c', command], { cwd, encoding: 'utf8' }).trim().split(' ').at(-1);
  assert.equal(compared(), journal.lastLineSha256);
  const path = ceremony.services.folder.file('journal.jsonl');
  writeFileSync(path, `${lines.with(journal.lines - 1, last.replace('finished', 'ended')).join('\n')}\n`);
  assert.notEqual(compared(), journal.lastLineSha256);
  writeFileSync(path, `${lines.slice(0, journal.lines - 1).join('\n')}\n`);
  assert.notEqual(compared(), journal.lastLineSha256);
});
