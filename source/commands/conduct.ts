import { guidedForm } from '../ceremonies/all.ts';
import { factsOf, runCeremony } from '../ceremony/ceremony.ts';
import type { Interviewer } from '../ceremony/interviewer.ts';
import { type Problem, ProblemError, problemIn } from '../ceremony/problem.ts';
import { orStopped } from '../ceremony/waiting.ts';
import type { Facts } from '../steps/facts.ts';
import { withCommandsToPaste } from '../steps/practice-commands.ts';
import type { KeyferryCeremony, Services } from '../steps/services.ts';
import { losesKey, unsavedWords } from '../steps/unsaved-key.ts';
import { settleEnvironment } from '../terminal/colour.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { givenFirst } from '../ui/given-first.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { recommendedFirst } from '../ui/recommended-first.ts';
import type { Screen } from '../ui/screen.ts';
import type { Saved } from '../ui/stop-words.ts';
import type { GivenAnswers } from '../ui/unattended/given-answers.ts';
import { unattendedInterviewer } from '../ui/unattended/unattended.ts';
import { ForgetOffer, practiceWords } from './forget-practice.ts';
import { explain, type OpenedCeremony, type OpeningOptions, openCeremony } from './open-ceremony.ts';
import { type InterfaceOptions, openInterface } from './open-interface.ts';
import { finishedOutcome, type RunOutcome, unfinishedOutcome } from './outcome.ts';

/** How a command with a screen ends: its exit status, and what stays in the terminal. */
export type LastWords = { readonly status: number; readonly words: readonly string[] };

/** Runs the steps of an opened ceremony until all are done or the run stops at a problem. */
function runSteps(
  opened: OpenedCeremony,
  ceremony: KeyferryCeremony,
  interviewer: Interviewer<Facts, Services>,
  signal: AbortSignal,
) {
  const { services, begin, waiting } = opened;
  return runCeremony<Facts, Services>({
    ceremony: withCommandsToPaste(ceremony),
    journal: services.journal,
    services,
    begin,
    waiting,
    interviewer,
    explain,
    signal,
  });
}

/**
 * Opens a ceremony in a folder and leads a person through it, on the screen or line by line.
 * @param continueCommand the command line with which the person continues the ceremony later.
 * @param given the answers of the command line: see {@link givenFirst}.
 * @returns the exit status.
 * @throws ProblemError when the ceremony cannot start there.
 */
export async function conductOnScreen(
  chosen: KeyferryCeremony,
  {
    folder,
    options,
    continueCommand,
    given,
  }: {
    readonly folder: string;
    readonly options: InterfaceOptions & OpeningOptions;
    readonly continueCommand: string;
    readonly given?: GivenAnswers;
  },
): Promise<number> {
  const { env, stdin, stdout } = process;
  const ceremony = guidedForm(chosen);
  const opened = await openCeremony(ceremony, folder, options);
  const terminal = readTerminal({ env, stdin, stdout });
  settleEnvironment(env, terminal);
  const stop = new AbortController();
  const screen = await openInterface(
    { ...options, practice: opened.isPractice },
    terminal,
    {
      onStop: () => stop.abort(new Error('stopped by the person')),
      onHangup: () => {
        const words = stoppedWords(opened, continueCommand);
        void opened.close();
        return words;
      },
      savedNow: () => savedNow(opened),
    },
    ceremony,
  );
  // These words stay on the terminal when an error leaves this function.
  let last: LastWords = { status: stoppedByPerson, words: stoppedWords(opened, continueCommand) };
  try {
    const screenForSteps =
      given === undefined ? screen : { ...screen, interviewer: givenFirst(screen.interviewer, given) };
    last = await leadThrough(ceremony, opened, screenForSteps, { continueCommand, signal: stop.signal });
  } finally {
    await screen.close(last.words);
  }
  return last.status;
}

/**
 * Runs an opened ceremony on a screen, shows its last page, and closes the ceremony, but not the screen. Then removes the practice
 * files, when the person has chosen that on the last page.
 * @param continueCommand the command line with which the person continues the ceremony later.
 */
export async function leadThrough(
  ceremony: KeyferryCeremony,
  opened: OpenedCeremony,
  screen: Screen<Services>,
  { continueCommand, signal }: { readonly continueCommand: string; readonly signal: AbortSignal },
): Promise<LastWords> {
  const offer = new ForgetOffer();
  const { status, words } = await leadToLastPage(ceremony, opened, screen, { continueCommand, signal, offer }).finally(
    opened.close,
  );
  return { status, words: [...words, ...(await offer.carryOut())] };
}

/**
 * Runs an opened ceremony on a screen and shows its last page. Closes nothing. When the person stops, or the run ends at a problem,
 * the words say so, and there is no last page.
 */
async function leadToLastPage(
  ceremony: KeyferryCeremony,
  opened: OpenedCeremony,
  screen: Screen<Services>,
  {
    continueCommand,
    signal,
    offer,
  }: { readonly continueCommand: string; readonly signal: AbortSignal; readonly offer: ForgetOffer },
): Promise<LastWords> {
  const { services, servedPractice } = opened;
  try {
    const interviewer = recommendedFirst(screen.interviewer, ceremony, ({ setUp }) => setUp?.kind === 'recommended');
    const ending = await runSteps(opened, ceremony, interviewer, signal);
    if (ending.ended === 'stopped')
      return {
        status: 3,
        words: [...problemLines(ending.problem), ...stoppedWords(opened, continueCommand, ending.problem)],
      };
    const watcher = { report: () => {}, signal, lend: screen.interviewer.lend };
    const concluding = opened.waiting.during(watcher, () => ceremony.conclude(ending.facts, services));
    const { page, status } = await orStopped(concluding, signal);
    await orStopped(screen.closing(await offer.addTo(page, servedPractice())), signal);
    return { status, words: [...page.lines, ...(offer.isTaken ? [] : practiceWords(servedPractice()))] };
  } catch (error) {
    if (signal.aborted) return { status: stoppedByPerson, words: stoppedWords(opened, continueCommand) };
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    return { status: 3, words: [...problemLines(problem), ...stoppedWords(opened, continueCommand, problem)] };
  }
}

/**
 * Gives the last lines of a stopped run: the folder, whether the key is saved, and the command that continues. When nothing was
 * made, or when the same command would end in the same problem, one line says only that it stopped. When nothing was sent, the
 * command begins again. When the last step was done and there was no problem, the lines say that the ceremony has finished.
 * @param continueCommand the command line with which the person continues the ceremony later.
 * @param problem the one at which the run stopped.
 */
export function stoppedWords(
  { services, canContinue }: OpenedCeremony,
  continueCommand: string,
  problem?: Problem,
): readonly string[] {
  const { journal, folder } = services;
  if (journal.state.id === undefined) return ['Stopped. Nothing was made.'];
  if (problem?.endsHere === true) return ['Stopped.'];
  // With a problem here, only the record is incomplete, and the next run completes it.
  if (journal.state.finished && problem === undefined)
    return [`Finished. All steps are done, and the folder is ${folder.shown}`];
  if (!canContinue()) return ['Stopped. Nothing was sent or changed.', `To begin again: ${continueCommand}`];
  const unsaved = unsavedWords(factsOf<Facts>(journal), services);
  const saved =
    unsaved === undefined
      ? [`Stopped. Everything so far is saved in ${folder.shown}`]
      : [`Stopped. The folder is ${folder.shown}`, unsaved];
  return [...saved, `To continue: ${continueCommand}`];
}

/** Tells what is saved of the ceremony if the person stops now. */
export function savedNow({ services, canContinue }: OpenedCeremony): Saved {
  const { journal } = services;
  if (!canContinue()) return 'nothing';
  return losesKey(factsOf<Facts>(journal), services) ? 'all but the key' : 'everything';
}

/**
 * When an error carries a problem and the key in memory is lost, gives an error whose problem says that. Gives any other error
 * unchanged.
 */
function withUnsavedKey(error: unknown, { services }: OpenedCeremony): unknown {
  const problem = problemIn(error);
  const unsaved = unsavedWords(factsOf<Facts>(services.journal), services);
  return problem === undefined || unsaved === undefined ? error : new ProblemError({ ...problem, state: unsaved });
}

/** Where an unattended run prints its lines and its last page. */
export type Telling = {
  readonly say: (line: string) => void;
  /** Prints the last page of a finished ceremony. */
  readonly show: (lines: readonly string[]) => void;
};

/**
 * Runs an opened ceremony with answers from a file or from flags. The caller must close the ceremony.
 * @returns how the run ended, for `--json` and the exit status.
 * @throws AnswersError when an answer is not valid; the reason of the signal when that aborts; the error with which
 * {@link OpenedCeremony.begin} or the conclusion fails.
 */
export async function conductUnattended(
  ceremony: KeyferryCeremony,
  opened: OpenedCeremony,
  given: GivenAnswers,
  { say, show, signal }: Telling & { readonly signal: AbortSignal },
): Promise<RunOutcome> {
  const { services, servedPractice } = opened;
  const sayStopped = (problem?: Problem) => {
    for (const line of stoppedWords(opened, 'run the same command again', problem)) say(line);
  };
  const ending = await runSteps(opened, ceremony, unattendedInterviewer(ceremony.steps, given, { say }), signal).catch(
    (error: unknown) => {
      if (signal.aborted) sayStopped();
      throw withUnsavedKey(error, opened);
    },
  );
  if (ending.ended === 'stopped') {
    const { facts, problem } = ending;
    sayStopped(problem);
    // The status is 2, as for a missing answer, when somebody would have to type something: the same command cannot succeed.
    const exit = problem.ask === undefined ? 3 : 2;
    return unfinishedOutcome('stopped', exit, { ceremony: ceremony.id, facts, workdir: services.folder.path, problem });
  }
  const watcher = { report: () => {}, signal };
  const concluding = opened.waiting.during(watcher, () => ceremony.conclude(ending.facts, services));
  const conclusion = await orStopped(concluding, signal);
  show(conclusion.page.lines);
  for (const line of practiceWords(servedPractice())) say(line);
  if (conclusion.problem !== undefined) for (const line of problemLines(conclusion.problem)) say(line);
  return finishedOutcome(ceremony.id, conclusion);
}
