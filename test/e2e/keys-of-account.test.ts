import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { environmentOf } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { denyCaller, practise } from '../practice/practising.ts';
import { othersKey } from '../steps/existing-ceremony.ts';
import { piped } from './piped.ts';
import { howMuch } from './set-up.ts';
import { TerminalSession } from './terminal-session.ts';

const timeout = 120_000;
const enter = '\r';
const down = '\u001B[B';
const stop = '\u0003\u0003';

/** An account with keys of others, and an empty folder in which the assistant is opened. */
async function account(t: TestContext, ...aliases: readonly string[]) {
  const practice = await practise(t);
  const { endpoint, credentials } = practice.server;
  for (const alias of aliases) await othersKey(practice, { alias });
  const cwd = newFolder();
  const env = { ...environmentOf(credentials), AWS_REGION: 'us-east-1' };
  const open = (...args: readonly string[]) => {
    const session = new TerminalSession(['--endpoint-url', endpoint, ...args], { cwd, env });
    t.after(() => session.kill('SIGKILL'));
    return session;
  };
  return {
    practice,
    endpoint,
    cwd,
    env,
    open,
    folders: () => readdirSync(cwd).filter((name) => name.startsWith('keyferry')),
  };
}

test('who connects to an account with keys of imported material sees them, and can work with one instead', {
  timeout,
}, async (t) => {
  const { cwd, open, folders } = await account(t, 'alias/theirs');
  const session = open();
  await session.shows('Where should the key go?');
  session.send(enter);
  await session.shows('In which Region?');
  session.send(enter);
  await session.shows('Your keys in us-east-1, as AWS tells now.');
  await session.shows(/alias\/theirs +Pending import, never had material/);
  await session.shows('❯ Bring a new key');
  session.send(down);
  await session.shows('❯ alias/theirs');
  session.send(enter);
  await session.shows('What do you want to do with alias/theirs?');
  await session.shows(/❯ Import its first material/);
  session.send(enter);
  // The connection and the key are known: neither is asked for again.
  await session.shows('Import your key into this KMS key?');
  session.send(stop);
  assert.equal(await session.ends(), 130);
  assert.doesNotMatch(session.transcript(), /Which key/);
  assert.equal(folders().length, 1, folders().join());
  const journal = readFileSync(join(cwd, folders()[0] ?? '', 'journal.jsonl'), 'utf8');
  assert.match(journal, /"ceremony":"import-existing"/);
});

test('a new key is brought from that list as well, and the look is not among the calls of its ceremony', {
  timeout,
}, async (t) => {
  const { cwd, open } = await account(t, 'alias/theirs');
  const session = open();
  await session.shows('Where should the key go?');
  session.send(enter);
  await session.shows('In which Region?');
  session.send(enter);
  await session.shows('❯ Bring a new key');
  session.send(enter);
  await session.shows(howMuch);
  session.send(stop);
  assert.equal(await session.ends(), 130);
  const journal = readFileSync(join(cwd, 'keyferry-new', 'journal.jsonl'), 'utf8');
  assert.match(journal, /"step":"connect"/);
  assert.doesNotMatch(journal, /KMS\.DescribeKey|KMS\.ListKeyRotations/);
});

test('an account without such keys, or whose keys may not be listed, goes on without the list', {
  timeout,
}, async (t) => {
  const { practice, endpoint, cwd, env } = await account(t);
  const answers = ['--plain', '--endpoint-url', endpoint];
  const none = await piped(answers, ['1', '', ':stop'], cwd, env);
  await othersKey(practice, { alias: 'alias/theirs' });
  denyCaller(practice, 'kms:ListKeys');
  const denied = await piped(answers, ['1', ':stop'], newFolder(), env);
  for (const { stdout } of [none, denied]) {
    assert.match(stdout, /In which Region\?/);
    assert.doesNotMatch(stdout, /Your keys/);
  }
});

test('whoever has gone on from that list with a new key does not see it again after a way back over the connection', {
  timeout,
}, async (t) => {
  const { endpoint, cwd, env } = await account(t, 'alias/theirs');
  const lines = ['1', '', '', ':back', '', ':stop'];
  const { stdout } = await piped(['--plain', '--endpoint-url', endpoint], lines, cwd, env);
  assert.equal(stdout.match(/In which Region\?/g)?.length, 2, stdout);
  assert.equal(stdout.match(/Your keys in us-east-1/g)?.length, 1);
  assert.equal(stdout.match(/How do you want to set it up\?/g)?.length, 2);
});
