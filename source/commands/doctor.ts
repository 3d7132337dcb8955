import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readAwsEnvironment } from '../aws/environment.ts';
import { journalFile } from '../ceremonies/journal-names.ts';
import type { SecretQuestion } from '../ceremony/question.ts';
import { orStopped, Waiting } from '../ceremony/waiting.ts';
import type { Check } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { makeCheckFormatter, verdict } from '../doctor/page.ts';
import type { Place } from '../doctor/place.ts';
import { summaryOf } from '../doctor/summary.ts';
import type { Source } from '../steps/facts.ts';
import { hangingLines } from '../terminal/hanging-lines.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { printableJson, printableLines } from '../terminal/printable.ts';
import { readTerminal, type Terminal } from '../terminal/terminal-facts.ts';
import { askSecret } from '../ui/plain/ask-secret.ts';
import { LineInput } from '../ui/plain/line-input.ts';
import { LineIo } from '../ui/plain/line-io.ts';
import { progressTeller } from '../ui/plain/progress-teller.ts';
import { StoppedByPerson } from '../ui/reply.ts';
import type { PlaceOptions } from './open-ceremony.ts';
import { placeInUse } from './place-in-use.ts';
import { findCeremonyFolders } from './unfinished-ceremonies.ts';

/** The flags of the command. */
export type DoctorOptions = PlaceOptions & { readonly json?: boolean };

/**
 * Says whether Keyferry will work here, and why not. It prints the lines of a check as soon as the check ends, or one JSON
 * object at the end. It changes nothing. For practice AWS it uses a temporary folder and removes it afterwards.
 * @returns the exit status: 0 it will work, 1 something will not, 130 stopped by the person.
 */
export async function doctor(options: DoctorOptions, signal: AbortSignal): Promise<number> {
  const { env, stdin, stdout, stderr } = process;
  const terminal = readTerminal({ env, stdin, stdout });
  const say = (lines: readonly string[]) => {
    if (options.json !== true) stdout.write(lines.map((line) => `${line}\n`).join(''));
  };
  const linesOfCheck = makeCheckFormatter(terminal);
  const waiting = new Waiting();
  const report = progressTeller((line) => stderr.write(printableLines(`${line}\n`)));
  const { endpointUrl, workdir } = options;
  const inUse = placeInUse(options, await readAwsEnvironment(env));
  const { source, close } = await openSource(inUse.source);
  try {
    const place = { ...inUse, source, endpointUrl };
    const checks = await waiting.during({ report, signal }, () =>
      examine(place, {
        terminal,
        folder: folderFacts(workdir),
        env,
        tell: (check: Check) => say(linesOfCheck(check)),
        ask:
          terminal.isTty && options.json !== true ? (question) => askAtTerminal(question, terminal, signal) : undefined,
        waiting,
        signal,
      }),
    );
    const summary = summaryOf(checks, new Date());
    if (options.json === true) stdout.write(`${printableJson(JSON.stringify(summary, undefined, 2))}\n`);
    say(['', ...hangingLines('', verdict(checks), terminal)]);
    return summary.ok ? 0 : 1;
  } catch (error) {
    if (!signal.aborted && !(error instanceof StoppedByPerson)) throw error;
    stderr.write('keyferry: stopped. Nothing was changed.\n');
    return stoppedByPerson;
  } finally {
    await close();
  }
}

/**
 * Gives the facts about ceremony folders for the checks. With `workdir`, that is the only folder, if it exists. Without, these are
 * the current folder and its `keyferry-` subfolders, each only if a ceremony was begun in it.
 */
function folderFacts(workdir: string | undefined) {
  const namedFolder = workdir === undefined ? undefined : resolve(workdir);
  const namedIfThere = namedFolder !== undefined && existsSync(namedFolder) ? [namedFolder] : [];
  const paths = namedFolder === undefined ? findCeremonyFolders(undefined) : namedIfThere;
  return {
    path: namedFolder ?? process.cwd(),
    umask: process.umask(),
    ceremonies: { paths, named: namedFolder, journal: journalFile, uid: process.getuid?.() },
  };
}

/**
 * Gives the source of credentials for the checks. Practice AWS is started in a temporary folder; `close` stops practice AWS and
 * removes the folder.
 */
async function openSource(named: Source): Promise<{ readonly source: Place['source']; close(): Promise<void> }> {
  if (named !== 'practice') return { source: named, close: async () => {} };
  const { startPracticeAws } = await import('../practice/server.ts');
  const stateFolder = mkdtempSync(join(tmpdir(), 'keyferry-doctor-'));
  const practiceAws = await startPracticeAws({ stateFolder });
  return {
    source: practiceAws,
    close: async () => {
      await practiceAws.close();
      rmSync(stateFolder, { recursive: true, force: true });
    },
  };
}

/**
 * Asks for a secret, such as an MFA code, at the terminal. The question's own `keep` takes what is typed.
 * @throws StoppedByPerson at Ctrl+C, or the reason of the signal.
 */
async function askAtTerminal(question: SecretQuestion, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { stdin, stdout } = process;
  const input = new LineInput(stdin);
  const lineIo = new LineIo({ input, stdout, terminal });
  const asked = { question, draft: undefined, isFirst: false, back: undefined, commands: () => [] };
  const sayNothingMore = () => lineIo.say('There is nothing more to say about this.');
  try {
    const pages = { why: sayNothingMore, commands: sayNothingMore };
    // Ctrl+C ends the question at once: nothing would be lost.
    const onStop = () => true;
    await orStopped(askSecret({ lineIo, asked, pages, onStop }), signal);
  } finally {
    input.close();
  }
}
