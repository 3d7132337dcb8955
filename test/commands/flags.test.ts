import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { runCommandLine } from '../../source/commands/command-line.ts';
import type { Define } from '../../source/commands/definitions/define.ts';
import { defineEncrypt } from '../../source/commands/definitions/encrypt.ts';
import { definePracticeAws } from '../../source/commands/definitions/practice-aws.ts';
import { defineStatus } from '../../source/commands/definitions/status.ts';
import { workIn } from '../kept-environment.ts';
import { keyOf } from '../known-facts.ts';
import { connected, done, journal } from './written-journals.ts';
import { writtenTo } from './written-to.ts';

/* How a command line is read: by the whole program in this process, or by the definition of one command alone. */

const key = done('make-key', { key: keyOf('one') });

/** Each has flags before the name of its command and behind it. */
const lines: readonly (readonly [line: string, status: number, says: RegExp])[] = [
  [
    '--plain --workdir one import-existing two',
    2,
    /Can't import into two here: the folder is of another key\.\n.* holds the import into alias\/a\./,
  ],
  ['--workdir one import-existing --plain two', 2, /Can't import into two here/],
  [
    '--plain --workdir one expiry --key two',
    2,
    /Can't change the expiry of two here: the folder is of another key\.\n.*one is of alias\/a\./,
  ],
  ['--plain --workdir a-file reimport', 2, /a-file/],
  ['--plain --workdir a-file reimport-wrapped', 2, /a-file/],
  [
    'check-backup my.key.age --offline',
    2,
    /Name the ceremony's folder, or a copy of it: keyferry check-backup my\.key\.age --offline --workdir FOLDER/,
  ],
  ['--redact run answers.yaml --json', 2, /--json gives what --redact hides/],
  ['--redact encrypt a-file --json', 2, /--json gives what --redact hides/],
  ['--practice unfinished', 1, /There is no practice account here: keyferry-practice-aws does not exist/],
  [
    '--workdir w unfinished --practice',
    1,
    /There is no practice account here: w\/keyferry-practice-aws does not exist/,
  ],
  ['--practice status', 2, /There is no practice account here/],
  ['--practice audit s3://a-bucket', 2, /There is no practice account here/],
  ['practice-aws --forget --yes --state one', 2, /one is no state folder of practice AWS\. Nothing was removed\./],
  ['rum', 2, /unknown command rum\. The nearest is run\./],
  ['help rum', 2, /unknown command rum\. The nearest is run\./],
  ['practice-aws --port 65536', 2, /A port is a number from 0 to 65535/],
];

for (const [line, status, says] of lines) {
  test(`keyferry ${line}: the command gets every flag, ends with ${status} and says why`, async (t) => {
    const here = workIn(t);
    journal(
      join(here, 'one'),
      'journal.jsonl',
      'import-existing',
      connected,
      done('existing-key', { key: keyOf('one') }),
      key,
    );
    writeFileSync(join(here, 'a-file'), '');
    const run = () => runCommandLine(['node', 'keyferry', ...line.split(' ')]);
    const { result, written } = await writtenTo(t, process.stderr, run);
    assert.match(written.join(''), says);
    assert.equal(result, status);
  });
}

/** What the flags give to a command, which is not run; or why they are refused. */
function flagsOf(define: Define, ...words: readonly string[]): unknown {
  const program = new Command();
  define(program, () => {});
  const [command] = program.commands;
  assert.ok(command !== undefined);
  const told: string[] = [];
  command.exitOverride().configureOutput({ writeErr: (text) => void told.push(text) });
  try {
    return command
      .action(() => {})
      .parse(words, { from: 'user' })
      .opts();
  } catch {
    return told.join('').split('. ').at(-1)?.trim();
  }
}

test('a port, a speed of the clock and a seed are numbers that can be used', () => {
  const of = (flag: string, value: string) => flagsOf(definePracticeAws, flag, value);
  for (const port of [0, 1, 65_535]) assert.deepEqual(of('--port', String(port)), { port });
  for (const port of ['65536', '-1', '1.5', 'x'])
    assert.equal(of('--port', port), 'A port is a number from 0 to 65535.');
  for (const clockSpeed of [0, 0.5, 1_000_000])
    assert.deepEqual(of('--clock-speed', String(clockSpeed)), { clockSpeed });
  for (const speed of ['', ' ', '-1', '1000001', 'fast'])
    assert.equal(of('--clock-speed', speed), 'A clock speed is a number from 0 to 1000000.');
  assert.deepEqual(of('--seed', '999999999999999'), { seed: 999_999_999_999_999 });
  for (const seed of ['1000000000000000', '1.5', '-1', '7 ', ''])
    assert.equal(of('--seed', seed), 'A seed is a whole number.');
});

test('a flag that may be given several times keeps every value, in order', () => {
  const faults = ['--fault', 'kms=fail', '--fault', 's3=slow'];
  assert.deepEqual(flagsOf(definePracticeAws, ...faults), { fault: ['kms=fail', 's3=slow'] });
  const patterns = ['--include', 'a', '--exclude', 'b', '--include', 'c', '--exclude', 'd'];
  assert.deepEqual(flagsOf(defineEncrypt, ...patterns), { include: ['a', 'c'], exclude: ['b', 'd'] });
});

test('how long before it an expiry is due is said in days or hours, and is 30 days without a word', () => {
  const hour = 3_600_000;
  const of = (...words: readonly string[]) => flagsOf(defineStatus, ...words);
  assert.deepEqual(of(), { within: 30 * 24 * hour });
  for (const [time, within] of [
    ['12h', 12 * hour],
    [' 2 D ', 48 * hour],
    ['9999H', 9999 * hour],
    ['0d', 0],
  ] as const)
    assert.deepEqual(of('--within', time), { within });
  for (const time of ['10000d', '12', 'd', '-1d', '1d2h', '1w'])
    assert.equal(of('--within', time), 'Give days or hours, such as 30d or 12h.');
});
