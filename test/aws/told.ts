import assert from 'node:assert/strict';
import { explainAwsError } from '../../source/aws/problems.ts';
import type { Problem } from '../../source/ceremony/problem.ts';

export const what = 'It did not happen.';

/** What a person is told of a call that AWS refuses. The table of errors is loaded by whoever calls this. */
export async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(
    () => assert.fail('the call went through'),
    (thrown: unknown) => thrown,
  );
  return explainAwsError(error, { what, state: 'All is as it was.' });
}

/** An error's code, and the words that a person reads of its cause and of what to do. */
export type Told = readonly [code: string, why: RegExp, next?: RegExp];

/** Asserts that a person is told this of what a real SDK client gets from practice AWS over HTTP. */
export async function isTold(call: Promise<unknown>, [code, why, next = /./]: Told): Promise<void> {
  const problem = await problemOf(call);
  assert.equal(problem.code, code);
  assert.match(problem.why ?? '', why);
  assert.match(problem.next.join(' '), next);
  assert.equal(problem.what, what);
  assert.equal(problem.state, 'All is as it was.');
  assert.doesNotMatch(problem.why ?? '', /UnknownError|undefined/);
  assert.match(problem.requestId ?? '', /^[0-9A-Za-z-]{16,}$/);
}
