import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startPracticeAws } from '../../source/practice/server.ts';
import { type Changes, exampleWith, withBackup } from '../e2e/answers.ts';
import { outside } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { sampleOf } from '../seed.ts';
import { atATime, type Cut, resumed, runTo } from './cut-off.ts';
import { assertOneOfEach } from './one-of-each.ts';

/*
 * Kills the unattended ceremony at each of its points and resumes it with the same command. What must hold then is in
 * `one-of-each.ts`; what makes it hold is said at `attemptsOf` in source/ceremony/attempt.ts.
 */

const home = newFolder();
const processes = 3;
/** A busy machine takes several times as long as an idle one. */
const timeout = 600_000;

/** A ceremony that can be killed, and what to look at when it has been resumed. */
type Killable = { readonly cut: Cut; readonly check: () => Promise<void>; readonly close?: () => Promise<void> };

/** A ceremony with practice AWS in its own process, so that both die together. */
async function withinOne(of: string, answers: string, passphrase?: string): Promise<Killable> {
  const folder = newFolder();
  writeFileSync(join(folder, 'answers.yaml'), answers);
  if (passphrase !== undefined) writeFileSync(join(folder, 'passphrase.txt'), `${passphrase}\n`, { mode: 0o600 });
  const workdir = join(folder, 'w');
  return {
    cut: { folder, home, of, args: ['run', 'answers.yaml', '--practice', '--workdir', 'w'] },
    check: async () => {
      const practice = await startPracticeAws({ stateFolder: join(workdir, 'keyferry-practice-aws') });
      await assertOneOfEach(practice, workdir, passphrase).finally(practice.close);
    },
  };
}

type Mishap = (cut: Cut, number: number) => Promise<{ readonly point: string; readonly failure?: string }>;

const killed: Mishap = async (cut, number) => {
  const { signal, stderr, passed } = await runTo(cut, { kill: number });
  const point = `${number}: ${passed.at(-1)}`;
  return signal === 'SIGKILL' ? { point } : { point, failure: `it was not reached. ${stderr}` };
};

const diskFull: Mishap = async (cut, number) => {
  const { status, stderr, passed } = await runTo(cut, { full: number });
  const point = `${number}: ${passed[number - 1]}`;
  const told = status === 3 && stderr.includes('disk is full') && !/\bat .*:\d+:\d+/.test(stderr);
  return told ? { point } : { point, failure: `it ended with ${status} and said ${stderr}` };
};

async function resumedAfter(
  mishap: Mishap,
  { cut, check, close }: Killable,
  number: number,
): Promise<string | undefined> {
  const { point, failure } = await mishap(cut, number);
  try {
    if (failure !== undefined) return `${point}: ${failure}`;
    const ended = await resumed(cut);
    if (ended.status !== 0) return `${point}: the resumed one ended with ${ended.status}. ${ended.stderr}`;
    await check();
    return undefined;
  } catch (error) {
    return `${point}: ${(error as Error).message}`;
  } finally {
    await close?.();
  }
}

type Matrix = {
  /** Every day a sample of the points meets the mishap: one in so many. */
  readonly oneIn: number;
  readonly mishap?: Mishap;
  /** Points that a whole ceremony must pass, so that the others are not too few. */
  readonly through: readonly string[];
};

async function matrix(t: TestContext, make: () => Promise<Killable>, { oneIn, mishap = killed, through }: Matrix) {
  const whole = await make();
  const { status, stderr, passed } = await runTo(whole.cut);
  await whole.close?.();
  assert.equal(status, 0, stderr);
  for (const point of through)
    assert.ok(
      passed.some((name) => name.includes(point)),
      point,
    );
  const numbers = sampleOf(
    passed.map((_, index) => index + 1),
    oneIn,
  );
  const failures: string[] = [];
  await atATime(processes, numbers, async (number) => {
    const failure = await resumedAfter(mishap, await make(), number);
    if (failure !== undefined) failures.push(failure);
  });
  t.diagnostic(`${numbers.length} of ${passed.length} points: ${numbers.length - failures.length} finished`);
  assert.deepEqual(failures, []);
  assert.ok(numbers.length > 0);
}

const makers = ['CreateKey', 'CreateAlias', 'ImportKeyMaterial', 's3 PUT'];

test('killed before and after every journal write and every AWS request, it finishes with one of each', {
  timeout,
}, async (t) => {
  const of = '^(before|after) (write journal|request)';
  const through = [...makers, '(intent policy)', '(outcome policy)'];
  await matrix(t, () => withinOne(of, exampleWith()), { oneIn: 24, through });
});

test('killed while files are made, and in the middle of writes, it finishes with one of each', {
  timeout,
}, async (t) => {
  const of = '^half|^(before|after) (?!write journal|request)';
  const through = ['plain_text_aes_key.bin', 'enc.aes.key', 'half write', 'rename to record.json', 'lock journal.lock'];
  await matrix(t, () => withinOne(of, exampleWith()), { oneIn: 30, through });
});

test('where the disk becomes full in the middle of a write, it says so, and finishes when there is room', {
  timeout,
}, async (t) => {
  const through = ['write journal.jsonl (intent policy)', 'plain_text_aes_key.bin', 'enc.aes.key', 'record.json'];
  await matrix(t, () => withinOne('^half', exampleWith()), { oneIn: 24, mishap: diskFull, through });
});

test('killed with the key in memory and a backup, it finishes with a backup of the one material', {
  timeout,
}, async (t) => {
  const answers = exampleWith(withBackup);
  const make = () => withinOne('^(before|half|after) ', answers, 'seven words that nobody would guess');
  await matrix(t, make, { oneIn: 160, through: [...makers, 'half write .keyferry-part-my-first-key.key.age'] });
});

test('killed with a request on its way to an AWS that lives on, it finishes with one of each', {
  timeout,
}, async (t) => {
  await matrix(t, async () => fromOutside('^sent request'), { oneIn: 16, through: makers });
});

test('killed in the middle of an upload in parts, it leaves no part behind', { timeout }, async (t) => {
  const big = randomBytes(20 * 1024 * 1024);
  const make = async () => {
    const changes = { 'encrypt-objects': { what: 'files', files: ['big.bin'] } };
    const killable = await fromOutside('^(before|sent|after) request s3 (POST|PUT) .*big', changes);
    writeFileSync(join(killable.cut.folder, 'big.bin'), big);
    return killable;
  };
  const through = ['sent request s3 POST', 'before request s3 PUT', 'after request s3 POST'];
  await matrix(t, make, { oneIn: 4, through });
});

async function fromOutside(of: string, changes?: Changes): Promise<Killable> {
  const { aws, cut, workdir, close } = await outside({ of, ...(changes === undefined ? {} : { changes }) });
  return { cut: { ...cut, home }, check: () => assertOneOfEach(aws, workdir), close };
}
