import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '../../source/practice/control-settings.ts';
import { atATime } from '../crash/cut-off.ts';
import { assertOneOfEach } from '../crash/one-of-each.ts';
import { policyForOthers, printedStatements, underPolicy } from '../printed-policy.ts';
import { sampleOf } from '../seed.ts';
import { type Outside, outside } from './outside.ts';

/*
 * Every operation that a ceremony calls meets each passing fault; the operations are read from the journal of one that met
 * none. It must finish by itself, with one of each. Where it gives up for a reason, it must finish after the same command
 * once more. Every day a sample of the operations meets them: one in six.
 *
 * The ceremonies run under exactly the policy that `keyferry explain permissions` prints, and the policy of their key gives
 * them nothing.
 */

const world = { settings: underPolicy(printedStatements), changes: policyForOthers };

/** The account root, whom no policy limits, looks at what a ceremony has left. */
const asRoot = ({ endpoint, credentialsOf }: Outside['aws']) => ({ endpoint, credentials: credentialsOf('root') });

let operations: readonly string[] = [];

before(async () => {
  const undisturbed = await outside(world);
  const { status, stderr } = await undisturbed.run();
  assert.equal(status, 0, stderr);
  operations = [...new Set(undisturbed.calls().map(({ operation }) => operation))];
  await undisturbed.close();
  assert.ok(operations.length >= 18, operations.join());
});

type Fault = NonNullable<Settings['faults']>[number];

/**
 * On a busy machine the check of the connection may not be answered in time by a service that has no fault. Nothing was
 * made then, and to start again is no second run.
 */
const mostStarts = 6;

async function meeting(fault: Fault): Promise<{ runs: number; failure?: string }> {
  const ceremony = await outside({ ...world, settings: { ...world.settings, faults: [fault] } });
  const isMet = () =>
    ceremony
      .calls()
      .some(
        ({ operation, tries, error }) => operation === fault.operation && (tries !== undefined || error !== undefined),
      );
  try {
    let said = '';
    for (let runs = 1, starts = 1; runs <= 2 && starts <= mostStarts; starts += 1) {
      const { status, stderr } = await ceremony.run();
      said += stderr;
      if (status !== 0) {
        const service = `${fault.operation.split(':')[0]?.toUpperCase()} at `;
        const isBusy = stderr.includes("x Can't connect to AWS.") && !(isMet() && stderr.includes(service));
        if (!isBusy) runs += 1;
        continue;
      }
      // A late request is carried out all the same, and what it does must be seen too.
      await pause(Math.max(0, ceremony.leftAt() + (fault.milliseconds ?? 0) + 200 - performance.now()));
      await assertOneOfEach(asRoot(ceremony.aws), ceremony.workdir);
      assert.deepEqual(
        ceremony.calls().filter(({ error }) => error?.startsWith('AccessDenied')),
        [],
      );
      assert.ok(isMet(), 'the journal notes the fault');
      return { runs };
    }
    return { runs: 2, failure: `${fault.operation}: ${said}` };
  } catch (error) {
    return { runs: 2, failure: `${fault.operation}: ${(error as Error).message}` };
  } finally {
    await ceremony.close();
  }
}

type Meetings = {
  readonly among?: readonly string[];
  readonly atOnce?: number;
  /** What gives up and finishes after the same command once more. */
  readonly secondRun?: readonly string[];
};

async function eachMeeting(
  fault: Omit<Fault, 'operation'>,
  { among = operations, atOnce = 2, secondRun = [] }: Meetings = {},
) {
  const chosen = sampleOf(among, 6);
  const failures: string[] = [];
  const ranAgain: string[] = [];
  await atATime(atOnce, chosen, async (operation) => {
    const { runs, failure } = await meeting({ operation, ...fault });
    if (failure !== undefined) failures.push(failure);
    else if (runs > 1) ranAgain.push(operation);
  });
  assert.deepEqual(failures, []);
  const expected = secondRun.filter((operation) => chosen.includes(operation));
  assert.deepEqual(ranAgain.toSorted(), expected.toSorted(), 'what took a second run');
}

describe('a passing fault', { concurrency: 2, timeout: 600_000 }, () => {
  test('throttled three times', { timeout: 600_000 }, async () => {
    await eachMeeting({ do: 'throttle', times: 3 }, { atOnce: 6 });
  });

  test('one answer 500', { timeout: 600_000 }, async () => {
    await eachMeeting({ do: 'fail', times: 1 });
  });

  test('one connection that breaks after AWS has acted', { timeout: 600_000 }, async () => {
    await eachMeeting({ do: 'drop-after', times: 1 });
  });

  // Whether a service can be reached at all is told sooner than after a whole time-out, and is then asked again.
  test('one answer from KMS, IAM and STS that is later than the time-out', { timeout: 600_000 }, async () => {
    const among = operations.filter((operation) => !operation.startsWith('s3:'));
    const fault = { do: 'slow', times: 1, milliseconds: 32_000 } as const;
    // The check of the connection gives all that it asks 15 s together.
    const secondRun = ['kms:ListKeys', 'sts:GetCallerIdentity'];
    await eachMeeting(fault, { among, atOnce: 10, secondRun });
  });

  test('one answer from S3 that is later than the time-out', { timeout: 600_000 }, async () => {
    const among = operations.filter((operation) => operation.startsWith('s3:'));
    const fault = { do: 'slow', times: 1, milliseconds: 36_000 } as const;
    await eachMeeting(fault, { among, atOnce: 6, secondRun: ['s3:ListBuckets'] });
  });
});

test('what may not be done is told with its permission, and goes on once it may', { timeout: 600_000 }, async () => {
  const stopped: string[] = [];
  const failures: string[] = [];
  const chosen = sampleOf(
    operations.filter((operation) => operation !== 'sts:GetCallerIdentity'),
    6,
  );
  await atATime(4, chosen, async (operation) => {
    const ceremony = await outside();
    try {
      // IAM's own test would tell before the operation is met.
      ceremony.set({ deny: { SecurityAdmin: [operation, 'iam:SimulatePrincipalPolicy'] } });
      const denied = await ceremony.run();
      if (denied.status !== 0) {
        stopped.push(operation);
        assert.match(denied.stderr, /AccessDenied|403/);
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
  });
  assert.deepEqual(failures, []);
  // The key policy itself allows its administrators and users the rest, and what only looks can be done without.
  const needed = ['kms:CreateAlias', 'kms:CreateKey', 's3:CreateBucket', 's3:PutObject'];
  assert.deepEqual(
    stopped.toSorted(),
    needed.filter((operation) => chosen.includes(operation)),
  );
});
