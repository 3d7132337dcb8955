import assert from 'node:assert/strict';
import { before, describe, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '../../source/practice/control-settings.ts';
import { atATime } from '../crash/cut-off.ts';
import { assertOneOfEach } from '../crash/one-of-each.ts';
import { outside } from './outside.ts';

/*
 * Every operation that a ceremony calls meets each passing fault; the operations are read from the journal of one that
 * met none. It must finish by itself or, where it gives up, after the same command once more, with one of each.
 */

let operations: readonly string[] = [];

before(async () => {
  const undisturbed = await outside();
  const { status, stderr } = await undisturbed.run();
  assert.equal(status, 0, stderr);
  operations = [...new Set(undisturbed.calls().map(({ operation }) => operation))];
  await undisturbed.close();
});

type Fault = NonNullable<Settings['faults']>[number];

async function meeting(fault: Fault): Promise<{ runs: number; failure?: string }> {
  const ceremony = await outside({ settings: { faults: [fault] } });
  try {
    let said = '';
    for (let runs = 1; runs <= 2; runs += 1) {
      const { status, stderr } = await ceremony.run();
      said += stderr;
      if (status !== 0) continue;
      // A late request is carried out all the same, and what it does must be seen too.
      await pause(Math.max(0, ceremony.leftAt() + (fault.milliseconds ?? 0) + 200 - performance.now()));
      await assertOneOfEach(ceremony.aws, ceremony.workdir);
      const met = ceremony
        .calls()
        .find(
          ({ operation, tries, error }) =>
            operation === fault.operation && (tries !== undefined || error !== undefined),
        );
      assert.ok(met, 'the journal notes the fault');
      return { runs };
    }
    return { runs: 2, failure: `${fault.operation}: ${said}` };
  } catch (error) {
    return { runs: 2, failure: `${fault.operation}: ${(error as Error).message}` };
  } finally {
    await ceremony.close();
  }
}

async function eachMeeting(t: TestContext, fault: Omit<Fault, 'operation'>, chosen = operations, atOnce = 2) {
  const failures: string[] = [];
  let alone = 0;
  await atATime(atOnce, chosen, async (operation) => {
    const { runs, failure } = await meeting({ operation, ...fault });
    if (failure !== undefined) failures.push(failure);
    else if (runs === 1) alone += 1;
    else t.diagnostic(`${operation} took a second run`);
  });
  t.diagnostic(`${chosen.length} operations: ${alone} finished by themselves, ${failures.length} failed`);
  assert.deepEqual(failures, []);
}

describe('a passing fault', { concurrency: true, timeout: 600_000 }, () => {
  test('throttled three times', { timeout: 600_000 }, async (t) => {
    await eachMeeting(t, { do: 'throttle', times: 3 }, operations, 6);
  });

  test('one answer 500', { timeout: 600_000 }, async (t) => {
    await eachMeeting(t, { do: 'fail', times: 1 });
  });

  test('one connection that breaks after AWS has acted', { timeout: 600_000 }, async (t) => {
    await eachMeeting(t, { do: 'drop-after', times: 1 });
  });

  test('one answer from KMS, IAM and STS that is later than the time-out', { timeout: 600_000 }, async (t) => {
    const chosen = operations.filter((operation) => !operation.startsWith('s3:'));
    await eachMeeting(t, { do: 'slow', times: 1, milliseconds: 12_000 }, chosen, 11);
  });

  test('one answer from S3 that is later than the time-out', { timeout: 600_000 }, async (t) => {
    const chosen = operations.filter((operation) => operation.startsWith('s3:'));
    await eachMeeting(t, { do: 'slow', times: 1, milliseconds: 36_000 }, chosen, 6);
  });
});

test('what may not be done is told with its permission, and goes on once it may', { timeout: 600_000 }, async (t) => {
  const stopped: string[] = [];
  const failures: string[] = [];
  await atATime(
    4,
    operations.filter((operation) => operation !== 'sts:GetCallerIdentity'),
    async (operation) => {
      const ceremony = await outside();
      try {
        // IAM's own test would tell before the operation is met.
        ceremony.set({ deny: { SecurityAdmin: [operation, 'iam:SimulatePrincipalPolicy'] } });
        const denied = await ceremony.run();
        if (denied.status !== 0) {
          stopped.push(operation);
          assert.match(denied.stderr, /AccessDenied|403/);
          t.diagnostic(`${operation}: ${denied.status} ${/^x .*$/m.exec(denied.stderr)?.[0]}`);
        }
        ceremony.set();
        const { status, stderr } = await ceremony.run();
        assert.equal(status, 0, stderr);
        await assertOneOfEach(ceremony.aws, ceremony.workdir);
      } catch (error) {
        failures.push(`${operation}: ${(error as Error).message}`);
      } finally {
        await ceremony.close();
      }
    },
  );
  assert.deepEqual(failures, []);
  // The key policy itself allows its administrators and users the rest, and what only looks around can be done without.
  assert.deepEqual(stopped.toSorted(), [
    'kms:CreateAlias',
    'kms:CreateKey',
    's3:CreateBucket',
    's3:GetObject',
    's3:PutObject',
  ]);
});
