import { resolve } from 'node:path';
import { firstCeremony, guidedForm } from '../ceremonies/all.ts';
import { type KnownKey, knownKeys } from '../ceremonies/known-keys.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { beginOrContinue } from './begin-or-continue.ts';
import { tellWhyNotBegun } from './beginning.ts';
import { ceremonyBegunIn } from './begun-folder.ts';
import { conductOnScreen } from './conduct.ts';
import { newFolder } from './open-ceremony.ts';
import type { InterfaceOptions } from './open-interface.ts';
import { openYourKeys } from './open-your-keys.ts';
import { optionWords } from './option-words.ts';
import { findUnfinished, type Unfinished } from './unfinished-ceremonies.ts';
import { finishedKeys } from './your-keys.ts';

/**
 * Opens the assistant on the screen, or line by line. When ceremonies have finished here, and `--workdir` names no folder, it
 * shows their keys and what can be done with them. Else it offers to continue the unfinished ceremonies here, and then leads the
 * person through the chosen ceremony or a new one.
 * @returns the exit status: 0 finished, 2 when nobody can be asked or nothing can begin here, 3 stopped or finished with a problem,
 * 130 stopped by the person.
 */
export async function assistant(options: InterfaceOptions): Promise<number> {
  return tellWhyNotBegun(() => openAssistant(options));
}

/**
 * Opens the assistant and leads through what the person chooses. Without `--workdir`, and when finished ceremonies are known, the
 * assistant opens on the keys of the person; else on a ceremony. With neither a terminal nor `--plain`, says so and begins nothing.
 * @returns the exit status.
 * @throws ProblemError, or an error of the file system, when something cannot begin here.
 */
async function openAssistant(options: InterfaceOptions): Promise<number> {
  const { env, stdin, stdout, stderr } = process;
  const terminal = readTerminal({ env, stdin, stdout });
  if (!terminal.isTty && options.plain !== true) {
    stderr.write(`${noTerminalLines({ stdin, stdout }, options).join('\n')}\n`);
    return 2;
  }
  const place = options.workdir === undefined ? options : { ...options, workdir: resolve(options.workdir) };
  const unfinished = findUnfinished(place);
  const known = knownKeys(place.workdir ?? process.cwd());
  if (place.workdir === undefined && finishedKeys(known).length > 0) {
    const chosen = await openYourKeys(place, { known, unfinished });
    // A number is the exit status: the person has stopped, or has done something with a key.
    return typeof chosen === 'number' ? chosen : conductChosen(chosen, place, known);
  }
  const folder = newFolder(place);
  // A folder of `--workdir` may hold a finished ceremony: its last page is shown again.
  const begun = unfinished.length === 0 ? ceremonyBegunIn(folder) : undefined;
  const ceremony = guidedForm(begun ?? firstCeremony());
  const keys = { known, seen: [] };
  return beginOrContinue(place, { ceremony, unfinished, folder, continueCommand: makeContinueCommand(place), keys });
}

/** Begins to bring a new key, or continues the unfinished ceremony that the person chose. */
async function conductChosen(
  chosen: 'new' | Unfinished,
  options: InterfaceOptions,
  known: readonly KnownKey[],
): Promise<number> {
  const continueCommand = makeContinueCommand(options);
  const folder = chosen === 'new' ? newFolder(options) : chosen.path;
  const ceremony = guidedForm(chosen === 'new' ? firstCeremony() : chosen.ceremony);
  // A later ceremony is about a key already, so that it offers no other keys.
  if (ceremony.startsFrom.from === 'recorded') return conductOnScreen(ceremony, { folder, options, continueCommand });
  // The person has seen the keys of the folders here, so these are not shown again.
  const keys = { known, seen: finishedKeys(known) };
  return beginOrContinue(options, { ceremony, unfinished: [], folder, continueCommand, keys });
}

/** Says why the assistant cannot ask here, such as before `| tee`, and which commands work without a terminal. */
function noTerminalLines(
  { stdin, stdout }: { readonly stdin: { isTTY?: boolean }; readonly stdout: { isTTY?: boolean } },
  options: InterfaceOptions,
): readonly string[] {
  const missing = [...(stdin.isTTY ? [] : ['standard input']), ...(stdout.isTTY ? [] : ['standard output'])];
  return [
    `keyferry: the assistant needs a terminal, and this is none: ${missing.join(', ')}. Nothing was begun.`,
    `Line by line, also with pipes: ${ownCommand(...optionWords({ ...options, plain: true }))}`,
    `Without a person: ${ownCommand('run', '--example')} > answers.yaml, then ${ownCommand('run', 'answers.yaml')}`,
  ];
}

/** Gives the command line that continues a ceremony, without account and Region: the ceremony's folder knows them. */
function makeContinueCommand({ practice, profile, region, ...place }: InterfaceOptions): string {
  return ownCommand(...optionWords(place));
}
