import type { KnownKey } from '../ceremonies/known-keys.ts';
import { problemIn } from '../ceremony/problem.ts';
import { orStopped } from '../ceremony/waiting.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { settleEnvironment } from '../terminal/colour.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { conductOnScreen, type LastWords, leadThrough, savedNow as savedIn, stoppedWords } from './conduct.ts';
import { conductAction } from './conduct-action.ts';
import { continueQuestion, findChosenCeremony } from './continue-question.ts';
import { KeyChosen, showKeysOnceConnected } from './keys-of-account.ts';
import { explain, type OpenedCeremony, openCeremony } from './open-ceremony.ts';
import { type InterfaceOptions, openInterface } from './open-interface.ts';
import { removeBeginning } from './remove-beginning.ts';
import type { Unfinished } from './unfinished-ceremonies.ts';
import type { KeyChoice } from './your-keys.ts';
import { type KeyPlace, shownOn } from './your-keys-questions.ts';

/** What can be begun, and what can be continued instead. */
export type Beginning = {
  readonly ceremony: KeyferryCeremony;
  /** These are offered first. Without any, the ceremony begins at once. */
  readonly unfinished: readonly Unfinished[];
  /** The folder in which the ceremony begins or continues. */
  readonly folder: string;
  /** The command that continues the ceremony. */
  readonly continueCommand: string;
  /** The KMS key that the command line names. */
  readonly key?: string;
  /** Set when the keys of the account are shown once the person has connected. `seen`: places whose keys were shown before. */
  readonly keys?: { readonly known: readonly KnownKey[]; readonly seen: readonly KeyPlace[] };
};

/**
 * Offers to continue the unfinished ceremonies; without any, opens `ceremony` in `folder`. Then it leads the person through the
 * ceremony, on the screen or line by line. When the person chooses another ceremony, or something to do with one of their keys,
 * leads through that. Before it acts on a key, it removes the ceremony that this run began.
 * @returns the exit status: 0 finished, 2 cannot start, 3 stopped or finished with a problem, 130 stopped by the person. The
 * status is 3 also when unfinished ceremonies were offered, and the ceremony that the person chose or began cannot be opened.
 * @throws ProblemError when the other ceremony, or what the person chose to do with a key, cannot start.
 */
export async function beginOrContinue(
  options: InterfaceOptions,
  { ceremony, unfinished, folder, continueCommand, key, keys }: Beginning,
): Promise<number> {
  const { env, stdin, stdout } = process;
  const terminal = readTerminal({ env, stdin, stdout });
  settleEnvironment(env, terminal);
  const stop = new AbortController();
  const place = { ...options, ...(key === undefined ? {} : { key }) };
  let opened: OpenedCeremony | undefined;
  const onStop = () => stop.abort(new Error('stopped by the person'));
  const onHangup = () => {
    if (opened === undefined) return [];
    // close() overwrites the secrets and releases the lock at once. The process does not wait for the rest.
    const words = stoppedWords(opened, continueCommand);
    void opened.close();
    return words;
  };
  const savedNow = () => {
    if (opened !== undefined) return savedIn(opened);
    // Before a ceremony is open, there are only those that the person may continue, and they are on the disk.
    return unfinished.length === 0 ? 'nothing' : 'everything';
  };
  // The ceremony opens while the libraries of the screen load, so that the first frame can show its first question.
  const opening = unfinished.length === 0 ? openCeremony(ceremony, folder, place) : undefined;
  // The `await` below tells its error, once there is a screen to close. Without this line, Node would end the process at once.
  opening?.catch(() => {});
  const screen = await openInterface(options, terminal, { onStop, onHangup, savedNow }, ceremony);
  let last: LastWords = { status: stoppedByPerson, words: ['Stopped. Nothing was changed.'] };
  let otherCeremony: Unfinished | undefined;
  let action: KeyChoice | undefined;
  let wasBegun = false;
  try {
    opened = await opening;
    if (opened === undefined) {
      const answer = await orStopped(screen.ask(continueQuestion(unfinished)), stop.signal);
      const chosen = findChosenCeremony(unfinished, answer);
      // A new ceremony, or one of the same kind, goes on here.
      if (chosen === undefined || chosen.ceremony.id === ceremony.id)
        opened = await openCeremony(ceremony, chosen?.path ?? folder, place);
      else otherCeremony = chosen;
    }
    if (opened !== undefined) {
      wasBegun = opened.services.journal.state.id !== undefined;
      const { signal } = stop;
      const screenForSteps =
        keys === undefined ? screen : showKeysOnceConnected(screen, { ...keys, shown: shownOn(terminal), signal });
      last = await leadThrough(ceremony, opened, screenForSteps, { continueCommand, signal });
    }
  } catch (error) {
    if (error instanceof KeyChosen) action = error.choice;
    else if (!stop.signal.aborted) {
      const couldNotBegin = opening !== undefined && opened === undefined;
      last = { status: couldNotBegin ? 2 : 3, words: problemLines(problemIn(error) ?? explain(error)) };
    }
  } finally {
    await screen.close(otherCeremony === undefined && action === undefined ? last.words : []);
  }
  if (otherCeremony !== undefined) return continueOther(otherCeremony, options, continueCommand);
  if (action === undefined) return last.status;
  // The person left the new ceremony for one of their keys.
  if (opened !== undefined && !wasBegun) removeBeginning(opened.services);
  const statusOrUnfinished = await conductAction(action, options);
  if (typeof statusOrUnfinished === 'number') return statusOrUnfinished;
  return continueOther(statusOrUnfinished, options, continueCommand);
}

/** Leads the person through another ceremony that is not finished. It has other steps, so it gets a new screen. */
function continueOther(
  { ceremony, path }: Unfinished,
  options: InterfaceOptions,
  continueCommand: string,
): Promise<number> {
  return conductOnScreen(ceremony, { folder: path, options, continueCommand });
}
