import { resolve } from 'node:path';
import { firstImport, firstImportFor } from '../ceremonies.ts';
import { problemIn, runCeremony } from '../ceremony/ceremony.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import type { ChoiceQuestion } from '../ceremony/question.ts';
import { orStopped } from '../ceremony/stopping.ts';
import { problemOfKey, readKeyNow } from '../steps/key-now.ts';
import type { Services } from '../steps/services.ts';
import { settleEnvironment } from '../terminal/colour.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';
import type { Screen } from '../ui/screen.ts';
import { continueQuestion, startAnew } from './continue-question.ts';
import {
  explain,
  findUnfinished,
  newFolder,
  type OpenedCeremony,
  openCeremony,
  type Unfinished,
} from './open-ceremony.ts';
import { type InterfaceOptions, openInterface } from './open-interface.ts';

/**
 * Opens the assistant: offers to continue what was begun here, then leads through the ceremony on the screen.
 * @returns the exit status: 0 finished, 2 without a terminal, 3 stopped after a problem, 130 stopped by the person.
 */
export async function assistant(options: InterfaceOptions): Promise<number> {
  const { env, stdin, stdout, stderr } = process;
  const terminal = readTerminal({ env, stdin, stdout });
  if (!terminal.isTty && options.plain !== true) {
    stderr.write(`${needsTerminal({ stdin, stdout }, options).join('\n')}\n`);
    return 2;
  }
  settleEnvironment(env, terminal);
  const place = options.workdir === undefined ? options : { ...options, workdir: resolve(options.workdir) };
  const stop = new AbortController();
  // What the first question needs is read while the screen's libraries load, so that the first frame shows it.
  const unfinished = findUnfinished(place);
  let open: OpenedCeremony | undefined;
  const onStop = () => stop.abort(new Error('stopped by the person'));
  const onHangup = () => {
    if (open === undefined) return [];
    // What it does at once is what counts: the lock is given back. Nobody waits for the rest.
    void open.close();
    return stoppedWords(open, place);
  };
  const [screen, fresh] = await Promise.all([
    openInterface(options, terminal, { onStop, onHangup }),
    unfinished.length === 0 ? openCeremony(firstImport, newFolder(place), place) : undefined,
  ]);
  open = fresh;
  let last: LastWords = { status: stoppedByPerson, words: ['Stopped. Nothing was changed.'] };
  try {
    const ask = (question: ChoiceQuestion) => orStopped(screen.ask(question), stop.signal);
    const opened =
      fresh ?? (await openCeremony(firstImport, (await chooseUnfinished(unfinished, ask)) ?? newFolder(place), place));
    open = opened;
    last = await leadThrough(opened, screen, { place, signal: stop.signal });
  } catch (error) {
    if (!stop.signal.aborted) last = { status: 3, words: problemLines(problemIn(error) ?? explain(error)) };
  } finally {
    await screen.close(last.words);
  }
  return last.status;
}

/** How the assistant ends: its exit status, and what stays in the terminal. */
type LastWords = { readonly status: number; readonly words: readonly string[] };

async function leadThrough(
  opened: OpenedCeremony,
  screen: Screen<Services>,
  { place, signal }: { place: InterfaceOptions; signal: AbortSignal },
): Promise<LastWords> {
  const { services, begin, waiting, practiceWords, close } = opened;
  const { journal, folder } = services;
  try {
    const ending = await runCeremony({
      ceremony: firstImportFor(place),
      journal,
      services,
      begin,
      waiting,
      interviewer: screen.interviewer,
      explain,
      signal,
    });
    if (ending.ended === 'stopped') {
      return { status: 3, words: [...problemLines(ending.problem), ...savedWords(folder.shown, place)] };
    }
    const now = await orStopped(
      waiting.during({ report: () => {}, signal, lend: screen.interviewer.lend }, () =>
        readKeyNow(ending.facts, services),
      ),
      signal,
    );
    const { closingPage } = await import('./closing-page.ts');
    const page = closingPage(ending.facts, now, services);
    await orStopped(screen.closing(page), signal);
    const status = problemOfKey(ending.facts, now, services) === undefined ? 0 : 3;
    return { status, words: [...page.lines, ...practiceWords()] };
  } catch (error) {
    const words = stoppedWords(opened, place);
    if (signal.aborted) return { status: stoppedByPerson, words };
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    return { status: 3, words: [...problemLines(problem), ...words] };
  } finally {
    await close();
  }
}

function stoppedWords({ services: { journal, folder } }: OpenedCeremony, place: InterfaceOptions): readonly string[] {
  return journal.state.id === undefined ? ['Stopped. Nothing was made.'] : savedWords(folder.shown, place);
}

/** What to say where a screen cannot be shown or answered, such as behind `| tee`: why, and what can be run there. */
function needsTerminal(
  { stdin, stdout }: { readonly stdin: { isTTY?: boolean }; readonly stdout: { isTTY?: boolean } },
  options: InterfaceOptions,
): readonly string[] {
  const missing = [...(stdin.isTTY ? [] : ['standard input']), ...(stdout.isTTY ? [] : ['standard output'])];
  return [
    `keyferry: the assistant needs a terminal, and this is none: ${missing.join(', ')}. Nothing was begun.`,
    `Line by line, also with pipes: ${commandWith({ ...options, plain: true })}`,
    `Without a person: ${ownCommand('run', '--example')} > answers.yaml, then ${ownCommand('run', 'answers.yaml')}`,
  ];
}

/** Where everything is, and how to come back: the folder knows what it works on. */
function savedWords(folder: string, { practice, profile, region, ...place }: InterfaceOptions): readonly string[] {
  return [`Stopped. Everything so far is saved in ${folder}`, `To continue: ${commandWith(place)}`];
}

/** The command that opens the assistant with these options. */
function commandWith(options: InterfaceOptions): string {
  const switches = (
    [
      ['plain', '--plain'],
      ['practice', '--practice'],
      ['asInTheVideo', '--as-in-the-video'],
      ['redact', '--redact'],
    ] as const
  ).flatMap(([name, flag]) => (options[name] === true ? [flag] : []));
  const values = (
    [
      ['profile', '--profile'],
      ['region', '--region'],
      ['workdir', '--workdir'],
      ['endpointUrl', '--endpoint-url'],
    ] as const
  ).flatMap(([name, flag]) => {
    const value = options[name];
    return value === undefined ? [] : [flag, value];
  });
  return ownCommand(...switches, ...values);
}

/** Asks which ceremony to continue where there is one; answers nothing when a new one is to begin. */
async function chooseUnfinished(
  unfinished: readonly Unfinished[],
  ask: (question: ChoiceQuestion) => Promise<string>,
): Promise<string | undefined> {
  if (unfinished.length === 0) return undefined;
  const answer = await ask(continueQuestion(unfinished));
  return answer === startAnew ? undefined : answer;
}
