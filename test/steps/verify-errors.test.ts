import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Question } from '../../source/ceremony/question.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { KeyferryStep, Services } from '../../source/steps/services.ts';
import { explainVerifyErrors } from '../../source/steps/verify-errors.ts';
import { refusal } from '../aws/answering-clients.ts';
import { bareStep } from '../bare-step.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { problemOf } from './ceremony.ts';

const context = { facts: {}, answers: {}, services: makeOfflineServices() };
const text = (id: string, more: object = {}): Question => ({ kind: 'text', id, ask: id, label: id, form: id, ...more });
const step = (more: Partial<KeyferryStep>) =>
  explainVerifyErrors(bareStep<Facts, Services>('connect', more) as KeyferryStep);
const denied = refusal('AccessDeniedException', 400);
const own = new ProblemError({ kind: 'fixable', what: 'It is gone.', next: [] });

test('a check that AWS refuses is explained, and what a check says or throws of its own stays', async () => {
  const checks = {
    fails: () => Promise.reject(denied),
    refuses: () => Promise.reject(own),
    says: async (answer: unknown) => `not ${answer}`,
  };
  const [fails, refuses, says, plain] = step({
    questions: () => [...Object.entries(checks).map(([id, verify]) => text(id, { verify })), text('plain')],
  }).questions(context);
  const { what, state } = await problemOf(() => fails?.verify?.('a'));
  assert.deepEqual([what, state], ['This cannot be checked now.', 'Nothing was changed by looking.']);
  await assert.rejects(Promise.resolve(fails?.verify?.('a')), (error: Error) => error.cause === denied);
  await assert.rejects(Promise.resolve(refuses?.verify?.('a')), (error) => error === own);
  assert.equal(await says?.verify?.('a'), 'not a');
  assert.equal(plain?.verify, undefined);
});

test('what would be refused of all answers together is looked for in the same way, where a step looks for it', async () => {
  assert.equal(step({}).findRefusal, undefined);
  assert.equal(await step({ findRefusal: async () => 'no' }).findRefusal?.(context), 'no');
  const failing = step({ findRefusal: () => Promise.reject(denied) });
  assert.equal((await problemOf(() => failing.findRefusal?.(context))).what, 'This cannot be checked now.');
});
