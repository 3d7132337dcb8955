import { resolve } from 'node:path';
import { controlFileName } from '../practice/control.ts';
import { readFault, type Settings } from '../practice/control-settings.ts';
import { defaultIdentity, identityNamed } from '../practice/identities.ts';
import { type PracticeAws, startPracticeAws, UnfitStateFolder } from '../practice/server.ts';
import { unverifiedList } from '../practice/unverified.ts';
import { cureOf } from './start-practice.ts';

/** A stream to which text is written. */
type Output = { write(text: string): unknown };

/** The flags of the command. */
export type PracticeAwsOptions = {
  /** The port on 127.0.0.1. */
  port?: number;
  /** The folder in which practice AWS keeps its state. */
  state?: string;
  /** The user or role whose credentials are printed. */
  as?: string;
  /** How many times as fast as the real clock the practice clock runs. */
  clockSpeed?: number;
  /** The seed of the random draw. The draw decides which requests a fault with a `chance` hits. */
  seed?: number;
  /** The faults, each as a text such as `kms:CreateKey=fail,times=2`. */
  fault?: readonly string[];
  /** Throttle requests as AWS does. */
  realLimits?: boolean;
  /** Use access keys that are the same in every state folder. */
  fixedCredentials?: boolean;
  /** Print which answers were never compared with a recording of AWS, and serve nothing. */
  unverified?: boolean;
};

const defaultPort = 4599;
/** The folder in which practice AWS keeps its state without --state. */
export const defaultState = 'keyferry-practice-aws';

/**
 * Serves practice AWS until the signal aborts. Prints to standard output the `export` lines with which another AWS client
 * uses it, and everything else to standard error. With `unverified` it prints that list alone, and serves nothing.
 * @returns the exit status: 0 after a clean stop or the list, 2 when a flag, the port or the state folder cannot be used.
 */
export async function practiceAws(
  options: PracticeAwsOptions,
  io: { stdout: Output; stderr: Output; signal: AbortSignal },
): Promise<number> {
  if (options.unverified) {
    io.stdout.write(`${unverifiedList().join('\n')}\n`);
    return 0;
  }
  const say = (line: string) => io.stderr.write(`${line}\n`);
  const { as: name = defaultIdentity, port = defaultPort } = options;
  const stateFolder = resolve(options.state ?? defaultState);
  let server: PracticeAws;
  try {
    // The result is not used: an unknown name must throw here, before practice AWS makes its state folder.
    identityNamed(name);
    server = await startPracticeAws({
      stateFolder,
      port,
      settings: settingsOf(options),
      fixedCredentials: options.fixedCredentials ?? false,
      tell: say,
    });
  } catch (error) {
    say(explainStartFailure(error, port, stateFolder));
    return 2;
  }
  io.stdout.write(exportLines(server.endpoint, server.credentialsOf(name)));
  say(`Practice AWS keeps its state in ${stateFolder}`);
  say(`Faults are switched on and off in ${controlFileName} there. Press Ctrl+C to stop it.`);
  await waitForAbort(io.signal);
  await server.close();
  return 0;
}

/** Gives the settings for practice AWS that the flags set. The control file sets the same ones. */
function settingsOf({ clockSpeed, seed, fault = [], realLimits }: PracticeAwsOptions): Settings {
  return {
    faults: fault.map(readFault),
    ...(clockSpeed === undefined ? {} : { clockSpeed }),
    ...(seed === undefined ? {} : { seed }),
    ...(realLimits === undefined ? {} : { realLimits }),
  };
}

/** Gives the shell commands that make another AWS client use practice AWS with these credentials. */
function exportLines(endpoint: string, credentials: PracticeAws['credentials']): string {
  const variables = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}\n`);
  const older =
    '# aws before 1.29 and 2.13 does not read AWS_ENDPOINT_URL, and calls real AWS: add --endpoint-url "$AWS_ENDPOINT_URL"';
  return `# Practice AWS: paste these lines into another terminal\n${older}\n${lines.join('')}`;
}

/** Says why practice AWS did not start. An error with a code comes from the system; the message of any other says enough. */
function explainStartFailure(error: unknown, port: number, stateFolder: string): string {
  if (error instanceof UnfitStateFolder) {
    const { why } = error.unfit;
    return `The state folder ${stateFolder} cannot be used: it will hold key material, and it ${why}. It was left as it is. ${cureOf(error.unfit)}, or choose another with --state.`;
  }
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === 'listen') {
    return code === 'EADDRINUSE'
      ? `Port ${port} is taken. Stop what uses it, or choose another with --port.`
      : `Practice AWS cannot listen on port ${port}: ${message}.`;
  }
  return code === undefined
    ? `${message}.`
    : `The state folder ${stateFolder} cannot be used: ${message}. Choose another with --state.`;
}

/** Resolves when the signal is aborted, at once when it is aborted already. */
async function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolvePromise) => {
    if (signal.aborted) resolvePromise();
    signal.addEventListener('abort', () => resolvePromise(), { once: true });
  });
}
