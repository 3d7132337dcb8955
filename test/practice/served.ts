import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { bareEnvironment, program } from '../e2e/program.ts';

/** `keyferry practice-aws` in a process of its own. */
export type Served = {
  readonly child: ChildProcess;
  /** What the command says to export, by name. */
  readonly variables: Readonly<Record<string, string>>;
  readonly endpoint: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** What it has said to the person who runs it so far. */
  said(): string;
  /** Interrupts it and waits for its end; gives the exit status. */
  stop(): Promise<number | null>;
};

/** Starts the built program over a state folder, on any free port, and waits until it answers. */
export async function serve(state: string, args: readonly string[] = []): Promise<Served> {
  const child = spawn(process.execPath, [program, 'practice-aws', '--port', '0', '--state', state, ...args], {
    env: bareEnvironment(state),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const variables: Record<string, string> = {};
  for await (const line of createInterface(child.stdout)) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) variables[name] = value ?? '';
    // The last of the lines that it prints.
    if (name === 'AWS_EC2_METADATA_DISABLED') break;
  }
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_ACCESS_KEY_ID: accessKeyId = '' } = variables;
  const { AWS_SECRET_ACCESS_KEY: secretAccessKey = '', AWS_SESSION_TOKEN: sessionToken = '' } = variables;
  if (endpoint === '') throw new Error(`practice AWS ended before it answered: ${said}`);
  return {
    child,
    variables,
    endpoint,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) },
    said: () => said,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGINT');
        await ended;
      }
      return child.exitCode;
    },
  };
}
