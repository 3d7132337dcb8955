import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { TestContext } from 'node:test';
import type { Patience } from '../../source/aws/patience.ts';
import { explainAwsError } from '../../source/aws/problems.ts';
import type { Expect } from '../../source/ceremony/waiting.ts';
import { serve } from '../loopback-server.ts';
import { clientsAt } from './clients-at.ts';

/** Limits that a test can wait for: in the same order as the real ones, and not near to each other. */
export const short = { answerMs: 300, assemblyMs: 60_000, windowMs: 400, leastBytes: 1000, mostBytes: 100_000 };
/** The same for what does not end by the clock, so that a busy machine does not end it either. */
export const ample = { ...short, answerMs: 60_000, windowMs: 60_000 };

type Given = { readonly limits?: Patience; readonly onWait?: () => void };

/** Clients of a server that answers as it is told, and what they say of waiting. */
export async function served(t: TestContext, answer: RequestListener, { limits = ample, onWait }: Given = {}) {
  const server = createServer(answer);
  const { port, endpoint } = await serve(t, server);
  const waits: string[] = [];
  const expect: Expect = (what) => {
    waits.push(`${what} begins`);
    onWait?.();
    return () => waits.push(`${what} ends`);
  };
  const clients = await clientsAt(t, endpoint, { pause: async () => {}, expect, patience: limits });
  return { clients, waits, host: `127.0.0.1:${port}` };
}

/** What a call that must fail throws, and the words for it. */
export async function failureOf(call: Promise<unknown>) {
  const error = await call.then(
    () => assert.fail('the call went through'),
    (thrown: unknown) => thrown,
  );
  const problem = explainAwsError(error, { what: 'It did not happen.', state: 'All is as it was.' });
  return { error, problem };
}
