import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { AwsClients } from '../aws/clients.ts';
import { readAwsEnvironment } from '../aws/environment.ts';
import { explainAwsError } from '../aws/problems.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Progress } from '../ceremony/progress.ts';
import { orStopped, Waiting } from '../ceremony/waiting.ts';
import type { PracticeAws } from '../practice/server.ts';
import { AwsSession } from '../steps/session.ts';
import { printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { askAlone } from '../ui/plain/ask-alone.ts';
import { progressTeller } from '../ui/plain/progress-teller.ts';
import { StoppedByPerson } from '../ui/reply.ts';
import { type PlaceOptions, practiceFolder } from './open-ceremony.ts';
import { type PlaceInUse, placeInUse } from './place-in-use.ts';
import { startPractice } from './start-practice.ts';

/** The streams of a command that only looks at an account, and the signal that stops it. */
export type LookIo = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
};

/** An open connection for a look. */
export type LookConnection = PlaceInUse & {
  readonly clients: AwsClients;
  /** Tells the person how far the look has come. */
  readonly report: (progress: Progress) => void;
  readonly signal: AbortSignal;
};

const state = 'Nothing was changed.';

/**
 * Connects to an account as the flags say, else as the aws command would, and runs `look`. It changes nothing. At a terminal it
 * asks for the MFA code of a profile. Progress and waits go to standard error.
 * @param what the sentence that says what cannot be done, for the problem of a look that fails.
 * @returns the result of `look`.
 * @throws ProblemError when there is no practice account to look at; the error of the sign-in or of `look`, as a ProblemError where
 * the person may mean the practice account here; StoppedByPerson when the person stops instead of giving the code; the reason of
 * the signal when that stops the look.
 */
export async function lookAtAccount<Found>(
  options: PlaceOptions,
  { stdin, stderr, signal }: LookIo,
  what: string,
  look: (connection: LookConnection) => Promise<Found>,
): Promise<Found> {
  const place = placeInUse(options, await readAwsEnvironment(process.env));
  // Without --workdir, practice AWS keeps its state beside the ceremony folders of the current directory. To find that place, any
  // name of a ceremony folder will do.
  const stateFolder = practiceFolder(resolve(options.workdir ?? 'keyferry-new'), options);
  if (place.source === 'practice' && !existsSync(stateFolder))
    throw new ProblemError(noPracticeProblem(what, stateFolder));
  const { session, waiting, close } = openLook(options.endpointUrl, stateFolder);
  const tell = progressTeller((line) => stderr.write(printableLines(`${line}\n`)));
  const connectAndLook = () =>
    waiting.during({ report: withoutPauseNotes(tell), signal }, async () => {
      const clients = await session.connect(place.source, place.region);
      // When standard error is a log, nobody watches the progress.
      const report = stderr.isTTY ? tell : () => {};
      return look({ ...place, clients, report, signal });
    });
  try {
    // When the person stops, a request without an answer does not delay the end.
    return await orStopped(connectAndLook(), signal).catch(async (error: unknown) => {
      // A profile may need the code of an MFA device: then the person types it, and the look begins again.
      const { ask } = explainAwsError(error, { what });
      const terminal = readTerminal({ env: process.env, stdin, stdout: stderr });
      if (ask === undefined || !terminal.isTty) throw error;
      await askAlone(ask, { stdin, output: stderr, terminal, signal });
      return orStopped(connectAndLook(), signal);
    });
  } catch (error) {
    signal.throwIfAborted();
    // When a practice account is here and no flag names an account, the person may mean that one.
    const mayMeanPractice = place.source !== 'practice' && options.profile === undefined && existsSync(stateFolder);
    throw mayMeanPractice ? withPracticeHint(error, what) : error;
  } finally {
    await close();
  }
}

/**
 * The exit status of a look after a defect of this program. Status 1 is taken: the look found something. Source: sysexits.h,
 * EX_SOFTWARE.
 */
export const defectStatus = 70;

/**
 * Gives the problem that ended a look. When the person stopped the look, says so.
 * @param what as in {@link lookAtAccount}.
 * @returns the problem; or `stopped` when the person stopped instead of giving an MFA code.
 * @throws the reason of the signal when that stopped the look.
 */
export function explainFailedLook(error: unknown, what: string, { stderr, signal }: LookIo): Problem | 'stopped' {
  signal.throwIfAborted();
  if (!(error instanceof StoppedByPerson)) return explainAwsError(error, { what, state });
  stderr.write(`keyferry: stopped. ${state}\n`);
  return 'stopped';
}

/** Turns an error into a problem that also says how to look at the practice account here. A defect of Keyferry stays as it is. */
function withPracticeHint(error: unknown, what: string): unknown {
  const problem = explainAwsError(error, { what, state });
  if (problem.kind === 'ours') return error;
  return new ProblemError({ ...problem, next: [...problem.next, 'For the practice account here, add --practice.'] });
}

/**
 * Opens a session for a look, without a journal.
 * @param stateFolder the state folder of practice AWS, which starts when the session connects to it.
 * @returns the session, its waits, and `close`, which also stops practice AWS.
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
      practice ??= startPractice(stateFolder);
      return practice;
    },
  });
  const close = async () => {
    session.close();
    await (await practice?.catch(() => undefined))?.close();
  };
  return { session, waiting, close };
}

/**
 * Makes a function that tells progress as `tell` does, but leaves out the note of a line that says that AWS asks to wait. That
 * note differs each time, and AWS throttles many requests at once: without the note, all lines are the same, which is told once.
 */
function withoutPauseNotes(tell: (progress: Progress) => void): (progress: Progress) => void {
  return (progress) => {
    if (!/asks to wait$/.test(progress.label)) return tell(progress);
    const { note: _, ...withoutNote } = progress;
    tell(withoutNote);
  };
}

/** Gives the problem of a look at a practice account that does not exist. A look does not make a practice account. */
export function noPracticeProblem(what: string, folder: string) {
  return {
    kind: 'fixable',
    what,
    why: `There is no practice account here: ${relative(process.cwd(), folder)} does not exist.`,
    next: ['Go to the folder where you practised, or name it with --workdir.'],
  } as const;
}
