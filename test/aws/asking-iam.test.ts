import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeAskIam } from '../../source/aws/asking-iam.ts';
import { refusal } from './answering-clients.ts';

test('IAM that has said something is asked again, and IAM that cannot be reached is not', async () => {
  const askIam = makeAskIam();
  const told = async (error: Error) => {
    const answer = await askIam(() => Promise.reject(error));
    return answer.is === 'none' ? answer.why : answer.is;
  };
  for (const name of ['NoSuchEntity', 'NoSuchEntityException']) assert.equal(await told(refusal(name, 404)), 'absent');
  assert.equal(await told(refusal('AccessDenied', 403)), 'IAM refused the question');
  for (const error of [refusal('InternalFailure', 500), Object.assign(new Error('x'), { name: 'UnfitAnswerError' })])
    assert.equal(await told(error), 'IAM gave no answer that can be read');
  assert.deepEqual(await askIam(async () => 1), { is: 'answer', answer: 1 });
  const unreachable = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
  assert.equal(await told(unreachable), 'IAM cannot be reached: nothing listens there');
  const again = await askIam(() => assert.fail('it is asked again'));
  assert.deepEqual(again, { is: 'none', why: 'IAM cannot be reached: nothing listens there' });
});

test('whoever stops while IAM is asked is not told of IAM', async () => {
  const stop = new AbortController();
  const asking = makeAskIam()(
    ({ abortSignal }) =>
      new Promise((_, reject) => abortSignal.addEventListener('abort', () => reject(new Error('ended')))),
    stop.signal,
  );
  stop.abort(new Error('stopped'));
  await assert.rejects(asking, /stopped/);
});

test('IAM that does not answer within five seconds is not asked again, whoever may stop it', async (t) => {
  const late = new AbortController();
  const timeout = t.mock.method(AbortSignal, 'timeout', () => late.signal);
  const askIam = makeAskIam();
  const { signal } = new AbortController();
  const asking = askIam(
    ({ abortSignal }) =>
      new Promise((_, reject) => abortSignal.addEventListener('abort', () => reject(abortSignal.reason))),
    signal,
  );
  late.abort();
  const silent = { is: 'none', why: 'IAM did not answer within 5 seconds' };
  assert.deepEqual(await asking, silent);
  assert.deepEqual(await askIam(() => assert.fail('it is asked again'), signal), silent);
  assert.deepEqual(
    timeout.mock.calls.map(({ arguments: given }) => given),
    [[5000]],
  );
});
