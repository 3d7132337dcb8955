import { firstCeremony } from '../ceremonies/all.ts';
import type { KnownKey } from '../ceremonies/known-keys.ts';
import { orStopped } from '../ceremony/waiting.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { conductAction } from './conduct-action.ts';
import { findChosenCeremony, unfinishedRows } from './continue-question.ts';
import { type InterfaceOptions, openInterface } from './open-interface.ts';
import type { Unfinished } from './unfinished-ceremonies.ts';
import { areOfPractice, chooseAtYourKeys, findKeysAt, type YourKeysChoice } from './your-keys.ts';
import { shownOn } from './your-keys-questions.ts';

/**
 * Shows a person the keys of the folders here, and leads through what they choose to do with one of them.
 * @returns the exit status; or `new` when the person wants to bring a new key; or the unfinished ceremony that they want to
 * continue.
 */
export async function openYourKeys(
  options: InterfaceOptions,
  { known, unfinished }: { readonly known: readonly KnownKey[]; readonly unfinished: readonly Unfinished[] },
): Promise<number | 'new' | Unfinished> {
  const choice = await choose(options, known, unfinished);
  if (choice === 'stopped') return stoppedByPerson;
  if (choice.action === 'new') return 'new';
  // The first rows are those of the unfinished ceremonies.
  if (choice.action === 'first row') return findChosenCeremony(unfinished, choice.answer) ?? 'new';
  return conductAction(choice, options);
}

/**
 * Asks what to do, on a screen that is only for this question. A ceremony, with its steps, gets a screen of its own afterwards.
 * @returns what the person chose, or `stopped` when the person stopped.
 */
async function choose(
  options: InterfaceOptions,
  known: readonly KnownKey[],
  unfinished: readonly Unfinished[],
): Promise<YourKeysChoice | 'stopped'> {
  const { env, stdin, stdout } = process;
  const terminal = readTerminal({ env, stdin, stdout });
  const stop = new AbortController();
  const { signal } = stop;
  // With one key of an account among them, the screen must not say PRACTICE.
  const isPractice = areOfPractice(known);
  const screen = await openInterface(
    { ...options, practice: options.practice ?? isPractice },
    terminal,
    {
      onStop: () => stop.abort(new Error('stopped by the person')),
      onHangup: () => [],
      savedNow: () => 'everything',
    },
    // The screen takes the steps of a ceremony for its checklist; this question has none.
    { ...firstCeremony(), steps: [] },
  );
  let lastWords: readonly string[] = [];
  try {
    return await chooseAtYourKeys({
      known,
      first: unfinishedRows(unfinished),
      findKeys: (place) => findKeysAt(place, { known, endpointUrl: options.endpointUrl, signal }),
      shown: shownOn(terminal),
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
