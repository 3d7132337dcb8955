import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { startPracticeAws } from '../../source/practice/server.ts';
import { type Changes, exampleWith, memoryAlone } from '../e2e/answers.ts';
import { outside } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { isLong, seed } from '../seed.ts';
import { atATime, resumed, runTo } from './cut-off.ts';
import { diskFull, type Killable, matrix } from './killing.ts';
import { assertOneOfEach } from './one-of-each.ts';

/*
 * Kills the unattended ceremony at each of its points and resumes it with the same command. What must hold then is in
 * `one-of-each.ts`; what makes it hold is said at `attemptsOf` in source/ceremony/attempt.ts.
 */

const home = newFolder();
/** A busy machine takes several times as long as an idle one. */
const timeout = 600_000;

/** A ceremony with practice AWS in its own process, so that both die together. */
async function withinOne(of: string, isBackedUp = false): Promise<Killable> {
  const folder = newFolder();
  const { recipient, identityFile, identity } = ageIdentity(folder);
  const answers = isBackedUp ? exampleWith(memoryAlone, backedUp(recipient, identityFile)) : exampleWith();
  writeFileSync(join(folder, 'answers.yaml'), answers);
  const workdir = join(folder, 'w');
  return {
    cut: { folder, home, of, args: ['run', 'answers.yaml', '--practice', '--workdir', 'w'] },
    check: async () => {
      const practice = await startPracticeAws({ stateFolder: join(workdir, 'keyferry-practice-aws') });
      await assertOneOfEach(practice, workdir, isBackedUp ? identity : undefined).finally(practice.close);
    },
  };
}

const makers = ['CreateKey', 'CreateAlias', 'ImportKeyMaterial', 's3 PUT'];

test('killed before and after every journal write and every AWS request, it finishes with one of each', {
  timeout,
}, async (t) => {
  const of = '^(before|after) (write journal|request)';
  const through = [...makers, '(intent policy)', '(outcome policy)'];
  await matrix(t, () => withinOne(of), { oneIn: 80, through });
});

test('killed while files are made, and in the middle of writes, it finishes with one of each', {
  timeout,
}, async (t) => {
  const of = '^half|^(before|after) (?!write journal|request)';
  const through = ['plain_text_aes_key.bin', 'enc.aes.key', 'half write', 'rename to record.json', 'lock journal.lock'];
  await matrix(t, () => withinOne(of), { oneIn: 100, through });
});

test('where the disk becomes full in the middle of a write, it says so, and finishes when there is room', {
  timeout,
}, async (t) => {
  const files = ['plain_text_aes_key.bin', 'enc.aes.key', 'write manifest-', 'record.json'];
  const through = ['write journal.jsonl (intent policy)', ...files];
  await matrix(t, () => withinOne('^half'), { oneIn: 72, mishap: diskFull, through });
});

test('killed with the key in memory and a backup, it finishes with a backup of the one material', {
  timeout,
}, async (t) => {
  const make = () => withinOne('^(before|half|after) ', true);
  await matrix(t, make, { oneIn: 160, through: [...makers, 'half write .keyferry-part-my-first-key.key.age'] });
});

test('killed with a request on its way to an AWS that lives on, it finishes with one of each', {
  timeout,
}, async (t) => {
  await matrix(t, async () => fromOutside('^sent request'), { oneIn: 24, through: makers });
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
  await matrix(t, make, { oneIn: 12, through });
});

const ceremonies = isLong ? 100 : 4;

test(`${ceremonies} ceremonies, each killed up to three times anywhere, finish with one of each`, {
  timeout: 3_600_000,
}, async (t) => {
  const everywhere = '^(before|half|after|sent) ';
  const kinds = [() => withinOne(everywhere), () => withinOne(everywhere, true), () => fromOutside(everywhere)];
  const whole = await withinOne(everywhere);
  const { passed } = await runTo(whole.cut);
  const [drawn = []] = fc.sample(
    fc.array(fc.array(fc.integer({ min: 1, max: passed.length }), { minLength: 1, maxLength: 3 }), {
      minLength: ceremonies,
      maxLength: ceremonies,
    }),
    { numRuns: 1, seed },
  );
  const failures: string[] = [];
  let kills = 0;
  await atATime(3, [...drawn.entries()], async ([number, points]) => {
    const { cut, check, close } = await (kinds[number % kinds.length] as () => Promise<Killable>)();
    try {
      // After a kill there are fewer points left: then it ends before it comes to that one.
      for (const kill of points) if ((await runTo(cut, { kill })).signal === 'SIGKILL') kills += 1;
      const { status, stderr } = await resumed(cut);
      assert.equal(status, 0, stderr);
      await check();
    } catch (error) {
      failures.push(`${number}, killed at ${points.join(', ')}: ${(error as Error).message}`);
    } finally {
      await close?.();
    }
  });
  t.diagnostic(`${kills} kills, ${ceremonies - failures.length} of ${ceremonies} finished`);
  assert.deepEqual(failures, []);
  assert.ok(kills >= ceremonies);
});

async function fromOutside(of: string, changes?: Changes): Promise<Killable> {
  const { aws, cut, workdir, close } = await outside({ of, ...(changes === undefined ? {} : { changes }) });
  return { cut: { ...cut, home }, check: () => assertOneOfEach(aws, workdir), close };
}
