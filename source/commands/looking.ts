import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { AwsClients } from '../aws/clients.ts';
import { readAwsEnvironment } from '../aws/environment.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Progress } from '../ceremony/progress.ts';
import { orStopped, Waiting } from '../ceremony/waiting.ts';
import type { PracticeAws } from '../practice/server.ts';
import { AwsSession } from '../steps/session.ts';
import { printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { askAlone } from '../ui/plain/ask-alone.ts';
import { progressTeller } from '../ui/plain/progress-teller.ts';
import { type PlaceOptions, practiceFolder } from './open-ceremony.ts';
import { type PlaceInUse, placeInUse } from './place-in-use.ts';

/** What a command that only looks works with. */
export type LookIo = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
};

/** A connection for a look, and what tells the person how far the look has come. */
export type Looking = PlaceInUse & {
  readonly clients: AwsClients;
  readonly report: (progress: Progress) => void;
  readonly signal: AbortSignal;
};

/**
 * Connects to an account as the aws command would, and looks. Changes nothing. At a terminal it asks for the MFA code of a
 * profile; progress and waits go to standard error.
 * @param what cannot be done where the look fails, as a sentence.
 * @throws ProblemError where AWS cannot be asked, StoppedByPerson where the person stops instead of giving the code, and the
 * reason of the signal.
 */
export async function lookAtAccount<Found>(
  options: PlaceOptions,
  { stdin, stderr, signal }: LookIo,
  what: string,
  look: (looking: Looking) => Promise<Found>,
): Promise<Found> {
  const place = placeInUse(options, await readAwsEnvironment(process.env));
  const stateFolder = practiceFolder(resolve(options.workdir ?? 'keyferry-new'), options);
  if (place.source === 'practice' && !existsSync(stateFolder)) throw new ProblemError(noPractice(what, stateFolder));
  const { session, waiting, close } = openLook(options.endpointUrl, stateFolder);
  const tell = progressTeller((line) => stderr.write(printableLines(`${line}\n`)));
  const connectAndLook = () =>
    waiting.during({ report: briefly(tell), signal }, async () => {
      const clients = await session.connect(place.source, place.region);
      // In a log nobody waits for the end of a look.
      const report = stderr.isTTY ? tell : () => {};
      return look({ ...place, clients, report, signal });
    });
  try {
    // A request that nobody answers does not hold up a person who stops.
    return await orStopped(connectAndLook(), signal).catch(async (error: unknown) => {
      const { ask } = explainAwsError(error, { what });
      const terminal = readTerminal({ env: process.env, stdin, stdout: stderr });
      if (ask === undefined || !terminal.isTty) throw error;
      await askAlone(ask, { stdin, output: stderr, terminal, signal });
      return orStopped(connectAndLook(), signal);
    });
  } finally {
    await close();
  }
}

/**
 * Opens a session for a look: nothing of it is journalled.
 * @param stateFolder of practice AWS, which starts when a connection to it is made.
 */
export function openLook(endpointUrl: string | undefined, stateFolder: string) {
  let practice: Promise<PracticeAws> | undefined;
  const waiting = new Waiting();
  const session = new AwsSession({
    endpointUrl,
    pause: waiting.pause,
    expect: waiting.expect,
    lend: waiting.lend,
    onCall: () => {},
    openPractice: () => {
      practice ??= import('../practice/server.ts').then(({ startPracticeAws }) => startPracticeAws({ stateFolder }));
      return practice;
    },
  });
  const close = async () => {
    session.close();
    await (await practice?.catch(() => undefined))?.close();
  };
  return { session, waiting, close };
}

/** Many requests at once are throttled many times: that it happens is told once. */
function briefly(tell: (progress: Progress) => void): (progress: Progress) => void {
  return (progress) => {
    if (!/asks to wait$/.test(progress.label)) return tell(progress);
    const { note: _, ...brief } = progress;
    tell(brief);
  };
}

/** Makes the problem of a practice account that is not there: a look does not make one. */
export function noPractice(what: string, folder: string) {
  return {
    kind: 'fixable',
    what,
    why: `There is no practice account here: ${relative(process.cwd(), folder)} does not exist.`,
    next: ['Go to the folder where you practised, or name it with --workdir.'],
  } as const;
}
