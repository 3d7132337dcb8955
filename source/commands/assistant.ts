import { resolve } from 'node:path';
import { firstCeremony } from '../ceremonies/all.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { problemIn } from '../ceremony/problem.ts';
import { orStopped } from '../ceremony/waiting.ts';
import { settleEnvironment } from '../terminal/colour.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { conductOnScreen, type LastWords, leadThrough, savedNow as savedIn, stoppedWords } from './conduct.ts';
import { continueQuestion, findChosenCeremony } from './continue-question.ts';
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
 * Opens the assistant on the screen, or line by line. It offers to continue the unfinished ceremonies here, and then leads
 * the person through the chosen ceremony or a new one.
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
  // Read before the screen opens, so that the first frame can show the question about unfinished ceremonies.
  const unfinished = findUnfinished(place);
  const ceremony = firstCeremony(place);
  const goOn = continueCommand(place);
  let open: OpenedCeremony | undefined;
  const onStop = () => stop.abort(new Error('stopped by the person'));
  const onHangup = () => {
    if (open === undefined) return [];
    // close() overwrites the secrets and releases the lock at once. The process does not wait for the rest.
    const words = stoppedWords(open, goOn);
    void open.close();
    return words;
  };
  const savedNow = () => {
    if (open !== undefined) return savedIn(open);
    return unfinished.length === 0 ? 'nothing' : 'everything';
  };
  const [screen, fresh] = await Promise.all([
    openInterface(options, terminal, { onStop, onHangup, savedNow }),
    unfinished.length === 0 ? openCeremony(ceremony, newFolder(place), place) : undefined,
  ]);
  open = fresh;
  let last: LastWords = { status: stoppedByPerson, words: ['Stopped. Nothing was changed.'] };
  let later: Unfinished | undefined;
  try {
    if (open === undefined) {
      const answer = await orStopped(screen.ask(continueQuestion(unfinished)), stop.signal);
      const chosen = findChosenCeremony(unfinished, answer);
      if (chosen === undefined || chosen.ceremony.startsFrom.from === 'new folder')
        open = await openCeremony(ceremony, chosen?.path ?? newFolder(place), place);
      else later = chosen;
    }
    if (open !== undefined) last = await leadThrough(ceremony, open, screen, { goOn, signal: stop.signal });
  } catch (error) {
    if (!stop.signal.aborted) last = { status: 3, words: problemLines(problemIn(error) ?? explain(error)) };
  } finally {
    await screen.close(later === undefined ? last.words : []);
  }
  // A later ceremony has other steps, so it needs a new screen.
  if (later === undefined) return last.status;
  return conductOnScreen(later.ceremony, { folder: later.path, options: place, goOn });
}

/** Says why the assistant cannot ask here, such as before `| tee`, and which commands work without a terminal. */
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

/** Gives the command line that continues a ceremony, without account and Region: the ceremony's folder knows them. */
function continueCommand({ practice, profile, region, ...place }: InterfaceOptions): string {
  return commandWith(place);
}

/** Gives the command line that opens the assistant with these options. */
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
