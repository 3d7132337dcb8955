import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { sampleOf } from '../seed.ts';
import { atATime, type Cut, resumed, runTo } from './cut-off.ts';

const processes = 3;

/** A ceremony that can be killed, and what to look at when it has been resumed. */
export type Killable = { readonly cut: Cut; readonly check: () => Promise<void>; readonly close?: () => Promise<void> };

type Mishap = (cut: Cut, number: number) => Promise<{ readonly point: string; readonly failure?: string }>;

const killed: Mishap = async (cut, number) => {
  const { signal, stderr, passed } = await runTo(cut, { kill: number });
  const point = `${number}: ${passed.at(-1)}`;
  return signal === 'SIGKILL' ? { point } : { point, failure: `it was not reached. ${stderr}` };
};

/** The disk becomes full in the middle of a write. */
export const diskFull: Mishap = async (cut, number) => {
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

/** Lets a ceremony meet a mishap at each of its points, one run a point, and goes on with the same command. */
export async function matrix(
  t: TestContext,
  make: () => Promise<Killable>,
  { oneIn, mishap = killed, through }: Matrix,
) {
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
