import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { TestContext } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { explainAwsError } from '../../source/aws/problems.ts';
import type { Expect } from '../../source/ceremony/waiting.ts';
import { startServing } from '../loopback-server.ts';

/** Limits that a test can wait for: in the same order as the real ones, and not near to each other. */
export const short = { answerMs: 300, assemblyMs: 60_000, windowMs: 400, leastBytes: 1000, mostBytes: 100_000 };

/** Clients of a server that answers as it is told, and what they say of waiting. */
export async function served(t: TestContext, answer: RequestListener, onWait = () => {}) {
  const server = createServer(answer);
  const { port, close } = await startServing(server);
  const waits: string[] = [];
  const expect: Expect = (what) => {
    waits.push(`${what} begins`);
    onWait();
    return () => waits.push(`${what} ends`);
  };
  const clients = await openClients({
    credentials: { from: 'fixed', accessKeyId: 'AKIAKEYFERRYSECOPS01', secretAccessKey: 'x' },
    region: 'us-east-1',
    endpointUrl: `http://127.0.0.1:${port}`,
    onCall: () => {},
    pause: async () => {},
    expect,
    patience: short,
  });
  t.after(() => {
    clients.close();
    close();
  });
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
