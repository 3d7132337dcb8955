import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { piped } from './piped.ts';
import { everything } from './set-up.ts';

const alias = 'invoices-of-2031';

/** Lines for each question from the flag --practice on, with the plain key in its file and without a backup. */
const untilWrapped = ['', everything.line, '', '2', alias, '', '', '', 'yes', '3', 'no backup', '', '', '', '', '', ''];
const untilPolicy = untilWrapped.slice(0, -1);

/** What was said of a problem. */
function problemIn(stdout: string): string {
  const at = stdout.indexOf('\nx ');
  assert.notEqual(at, -1, stdout);
  return stdout.slice(at);
}

function journalOf(folder: string): string {
  return readFileSync(join(folder, `keyferry-${alias}`, 'journal.jsonl'), 'utf8');
}

/** None of what tells whose account and key it is. */
function assertRedacted(shown: string, folder: string): void {
  const keyId = /"keyId":"([^"]+)"/.exec(journalOf(folder))?.[1] ?? 'no key';
  for (const name of [alias, '000000000000', 'SecurityAdmin', basename(folder), keyId])
    assert.equal(shown.includes(name), false, `${name} in ${shown}`);
}

test('with --redact, no name stands in what to do about a key file that has changed', async () => {
  const folder = newFolder();
  const first = await piped(['--plain', '--practice'], untilWrapped, folder);
  assert.match(first.stdout, /Who wraps the secret\?/);
  writeFileSync(join(folder, `keyferry-${alias}`, 'plain_text_aes_key.bin'), randomBytes(32));
  const { status, stdout } = await piped(['--plain', '--redact'], ['1', ''], folder);
  assert.equal(status, 3, stdout);
  const problem = problemIn(stdout);
  assert.match(problem, /> Put the right file back at \S*keyferry-alias-\d\/plain_text_aes_key\.bin/);
  assertRedacted(problem, folder);
});

test('with --redact, no name stands in the state that an alias which was refused leaves', async () => {
  const folder = newFolder();
  const state = join(folder, 'keyferry-practice-aws');
  mkdirSync(state, { mode: 0o700 });
  const denied = ['kms:CreateAlias', 'iam:SimulatePrincipalPolicy'];
  writeFileSync(join(state, 'practice-control.json'), JSON.stringify({ deny: { SecurityAdmin: denied } }));
  const { status, stdout } = await piped(['--plain', '--practice', '--redact'], untilPolicy, folder);
  assert.equal(status, 3, stdout);
  const problem = problemIn(stdout);
  assert.match(problem, /Can't create alias\/alias-\d/);
  assert.match(problem, /The key 00000000-0000-0000-0000-\S+ exists, without an alias/);
  assertRedacted(problem, folder);
});
