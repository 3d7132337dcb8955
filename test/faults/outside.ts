import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { controlFileName } from '../../source/practice/control.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { type PracticeAws, startPracticeAws } from '../../source/practice/server.ts';
import { type Cut, type Ended, resumed, runTo } from '../crash/cut-off.ts';
import { type Changes, exampleWith, ofEnvironment } from '../e2e/answers.ts';
import { newFolder } from '../new-folder.ts';
import { type Between, between } from './between.ts';

/** A ceremony whose AWS lives on outside of its process, with faults that can be switched on and off. */
export type Outside = {
  readonly aws: PracticeAws;
  readonly cut: Cut;
  readonly workdir: string;
  /** Decides what becomes of each request, as {@link between} has it. */
  readonly decide: Between['decide'];
  /** Runs the ceremony, or goes on with it. */
  run(environment?: NodeJS.ProcessEnv, changed?: (args: string[]) => string[]): Promise<Ended>;
  /** Runs it until it is killed before the first request of that name. */
  killedBefore(request: string): Promise<void>;
  /** What is to go wrong from now on; nothing when it is left out. */
  set(settings?: Settings): void;
  /** The calls that the journal notes, as `kms:CreateKey`. */
  calls(): readonly { readonly operation: string; readonly error?: string; readonly tries?: number }[];
  /** When the latest of the requests came whose client did not wait for the answer, as `performance.now()`. */
  leftAt(): number;
  close(): Promise<void>;
};

/** By the port of the server. */
const left = new Map<number, number>();

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const came = performance.now();
  const port = request.socket.localPort ?? 0;
  response.once('close', () => {
    if (!response.writableFinished) left.set(port, came);
  });
});

/** One home for all, so that Node compiles the program once. */
const home = newFolder();

type Given = {
  readonly settings?: Settings;
  readonly changes?: Changes;
  /** For the points that count, where it is to be killed. */
  readonly of?: string;
  /** How many milliseconds after an answer practice AWS makes a new wrapping key. */
  readonly newPairAfter?: number;
  /** How practice AWS's clock differs from this machine's. */
  readonly now?: () => Date;
};

/** @param given.changes to the usual answers. */
export async function outside(given: Given = {}): Promise<Outside> {
  const folder = newFolder();
  const state = join(folder, 'aws');
  const aws = await startPracticeAws({
    stateFolder: state,
    settings: given.settings ?? {},
    ...(given.newPairAfter === undefined ? {} : { newPairAfter: given.newPairAfter }),
    ...(given.now === undefined ? {} : { now: given.now }),
  });
  const proxy = await between(aws.endpoint);
  writeFileSync(join(folder, 'answers.yaml'), exampleWith(ofEnvironment, given.changes ?? {}));
  const environment = environmentOf(aws.credentials);
  const args = ['run', 'answers.yaml', '--endpoint-url', proxy.endpoint, '--workdir', 'w', '--json'];
  const cut: Cut = { folder, home, args, environment, of: given.of ?? '' };
  const control = join(state, controlFileName);
  const workdir = join(folder, 'w');
  return {
    aws,
    cut,
    workdir,
    decide: proxy.decide,
    run: (more, changed = (same) => same) =>
      resumed({ ...cut, args: changed(args), environment: { ...environment, ...more } }),
    killedBefore: async (request) => {
      const { signal, stderr } = await runTo({ ...cut, of: `^before request .*${request}` }, { kill: 1 });
      assert.equal(signal, 'SIGKILL', stderr);
    },
    set: (settings) =>
      settings === undefined ? rmSync(control, { force: true }) : writeFileSync(control, JSON.stringify(settings)),
    calls: () =>
      readFileSync(join(workdir, 'journal.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{"kind":"call"'))
        .map((line) => JSON.parse(line))
        .map(({ operation, ...rest }) => ({ ...rest, operation: actionOf(operation) })),
    leftAt: () => left.get(Number(new URL(aws.endpoint).port)) ?? 0,
    close: async () => {
      proxy.close();
      await aws.close();
    },
  };
}

/** The credentials as an environment gives them. */
export function environmentOf({ accessKeyId, secretAccessKey, sessionToken = '' }: PracticeAws['credentials']) {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken };
}

/** `KMS.CreateKey` as faults name it: `kms:CreateKey`. */
function actionOf(operation: string): string {
  const [service = '', name = ''] = operation.split('.');
  return `${service.toLowerCase()}:${name}`;
}
