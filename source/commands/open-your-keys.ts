import { profileInSource } from '../aws/environment.ts';
import { ceremonyOf, firstCeremony } from '../ceremonies/all.ts';
import type { KnownKey } from '../ceremonies/known-keys.ts';
import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { orStopped } from '../ceremony/waiting.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { tellWhyNotBegun } from './beginning.ts';
import { conductOnScreen } from './conduct.ts';
import { findChosenCeremony, unfinishedRows } from './continue-question.ts';
import { findUnfinished, newFolder, type PlaceOptions, type Unfinished } from './open-ceremony.ts';
import { type InterfaceOptions, openInterface } from './open-interface.ts';
import { chooseAtYourKeys, type YourKeysChoice } from './your-keys.ts';

/**
 * Shows a person the keys of the folders here, and leads through what they choose to do with one of them.
 * @returns the exit status; `new` when the person wants to bring a new key, and the unfinished ceremony that they want to
 * continue.
 */
export async function openYourKeys(
  options: InterfaceOptions,
  { known, unfinished }: { readonly known: readonly KnownKey[]; readonly unfinished: readonly Unfinished[] },
): Promise<number | 'new' | Unfinished> {
  const choice = await choose(options, known, unfinished);
  if (choice === 'stopped') return stoppedByPerson;
  if (choice.to === 'new') return 'new';
  if (choice.to === 'first row') return findChosenCeremony(unfinished, choice.answer) ?? 'new';
  const { key, place, to } = choice;
  const folder = key.known?.folder ?? newFolder({});
  return tellWhyNotBegun(async () => {
    if (to === 'go-on') return findOpen(folder);
    const goOn = ownCommand(to, ...workdirWords(folder));
    const where = { ...options, ...placeOptions(place), key: key.key.keyArn };
    return conductOnScreen(ceremonyOf(to), { folder, options: where, goOn });
  });
}

/** @throws ProblemError when the ceremony of the folder was finished since the folder was read. */
function findOpen(folder: string): Unfinished {
  const [open] = findUnfinished({ workdir: folder });
  if (open !== undefined) return open;
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't go on with the ceremony of this key: it was finished meanwhile.",
    state: 'Nothing was changed.',
    next: [`See how the key is now: ${ownCommand()}`],
  });
}

/** Asks on a screen of its own: a ceremony has steps, which this has not. */
async function choose(
  options: InterfaceOptions,
  known: readonly KnownKey[],
  unfinished: readonly Unfinished[],
): Promise<YourKeysChoice | 'stopped'> {
  const { env, stdin, stdout } = process;
  const terminal = readTerminal({ env, stdin, stdout });
  const stop = new AbortController();
  const { signal } = stop;
  const isPractice = known.every(({ source }) => source === 'practice');
  const screen = await openInterface(
    { ...options, practice: options.practice ?? isPractice },
    terminal,
    {
      onStop: () => stop.abort(new Error('stopped by the person')),
      onHangup: () => [],
      savedNow: () => 'everything',
    },
    { ...firstCeremony(), steps: [] },
  );
  let lastWords: readonly string[] = [];
  try {
    return await chooseAtYourKeys({
      known,
      first: unfinishedRows(unfinished),
      endpointUrl: options.endpointUrl,
      shown: { ellipsis: symbolsFor(terminal).ellipsis, isWide: terminal.columns() >= 80 },
      signal,
      ask: (question, backAnswer) => orStopped(screen.ask(question, backAnswer), signal),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    lastWords = ['Stopped. Nothing was changed.'];
    return 'stopped';
  } finally {
    await screen.close(lastWords);
  }
}

/** Gives the flags that name the place of a key, as far as flags can. */
function placeOptions({ source, region }: { readonly source: string; readonly region: string }): PlaceOptions {
  if (source === 'practice') return { practice: true, region };
  const profile = profileInSource(source);
  return profile === undefined ? { region } : { profile, region };
}
