import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { atATime, type Ended } from '../crash/cut-off.ts';
import { sampleOf } from '../seed.ts';
import type { Outside } from './outside.ts';

/** Faults that go by themselves. */
const faults = [
  { do: 'throttle', times: 3 },
  { do: 'fail', times: 1 },
  { do: 'drop-before', times: 1 },
  { do: 'drop-after', times: 1 },
] as const;

/** A call as a journal notes it. */
type Call = { readonly operation: string; readonly error?: string; readonly tries?: number };

/** A ceremony that is ready to meet faults. */
export type Disturbable = Pick<Outside, 'set' | 'close'> & {
  /** Runs the ceremony, or goes on with it. */
  readonly go: () => Promise<Ended>;
  /** The calls of the ceremony so far. */
  readonly called: () => readonly Call[];
  /** Asserts, once the ceremony has finished, that it did what it should, once. */
  readonly check: () => Promise<void>;
};

type Series = {
  /** Makes the ceremony anew for each case. */
  readonly make: () => Promise<Disturbable>;
  /** An operation that it surely calls, and how many it calls at least. */
  readonly calls: string;
  readonly least: number;
  readonly oneIn: number;
};

/**
 * Lets each operation that a ceremony calls meet each passing fault: the ceremony finishes by itself, or after the same
 * command once more.
 */
export async function getOverPassingFaults(t: TestContext, { make, calls, least, oneIn }: Series): Promise<void> {
  const operations = await operationsOf(await make());
  assert.ok(operations.includes(calls) && operations.length >= least, operations.join());
  const cases = operations.flatMap((operation) => faults.map((fault) => ({ operation, ...fault })));
  const failures: string[] = [];
  const ranAgain: string[] = [];
  const chosen = sampleOf(cases, oneIn);
  await atATime(3, chosen, async ({ operation, ...fault }) => {
    const ceremony = await make();
    const name = `${operation} ${fault.do}`;
    try {
      const [service = '', call] = operation.split('.');
      ceremony.set({ faults: [{ operation: `${service.toLowerCase()}:${call}`, ...fault }] });
      const once = await ceremony.go();
      if (once.status !== 0) ranAgain.push(name);
      const last = once.status === 0 ? once : await ceremony.go();
      assert.equal(last.status, 0, once.stderr + last.stderr);
      await ceremony.check();
      assert.ok(
        ceremony.called().some(({ error, tries }) => error !== undefined || tries !== undefined),
        'the fault was met',
      );
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    } finally {
      await ceremony.close();
    }
  });
  t.diagnostic(
    `${chosen.length} of ${cases.length} cases, ${ranAgain.length} after a second run: ${ranAgain.join(', ')}`,
  );
  assert.deepEqual(failures, []);
}

/** Gives the files of a ceremony's folder whose names fit a pattern; none before the folder is there. */
export function filesIn(workdir: string, pattern: RegExp): readonly string[] {
  return existsSync(workdir) ? readdirSync(workdir).filter((name) => pattern.test(name)) : [];
}

/** Gives the calls that the journals noted whose names fit a pattern. */
export function callsIn(workdir: string, journals: RegExp): readonly Call[] {
  return filesIn(workdir, journals)
    .flatMap((name) => readFileSync(join(workdir, name), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === 'call');
}

/** Lets a ceremony finish undisturbed, and gives each operation that it called. */
async function operationsOf({ go, called, close }: Disturbable): Promise<readonly string[]> {
  try {
    const { status, stderr } = await go();
    assert.equal(status, 0, stderr);
    return [...new Set(called().map(({ operation }) => operation))];
  } finally {
    await close();
  }
}
