import { ceremonyOf } from '../ceremonies/all.ts';
import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { placeFlags } from '../steps/place-flags.ts';
import { conductOnScreen } from './conduct.ts';
import { newFolder } from './open-ceremony.ts';
import type { InterfaceOptions } from './open-interface.ts';
import { findUnfinished, type Unfinished } from './unfinished-ceremonies.ts';
import type { KeyChoice } from './your-keys.ts';

/**
 * Leads a person through what they chose to do with one of their keys, in the folder that knows the key or in a new one.
 * @returns the exit status; the unfinished ceremony of the key when the person wants to go on with that.
 * @throws ProblemError when the action cannot start.
 */
export async function conductAction(
  { key: listed, place, action }: KeyChoice,
  options: InterfaceOptions,
): Promise<number | Unfinished> {
  const { key, known } = listed;
  const folder = known?.folder ?? newFolder(options);
  if (action === 'go-on') return findUnfinishedIn(folder);
  // A folder that knows the key also knows its account and Region, so that the command needs no words for them.
  const newWords =
    known === undefined ? [...keyWords(action, key.keyArn), ...placeFlags(place, options.endpointUrl)] : [];
  // An import renames its new folder after the key. The command finds the folder by the key.
  const isRenamed = action === 'import-existing' && known === undefined && options.workdir === undefined;
  const folderWords = isRenamed ? [] : workdirWords(folder);
  const continueCommand = ownCommand(action, ...newWords, ...folderWords);
  const where = { ...options, ...place, practice: place.source === 'practice', key: key.keyArn };
  return conductOnScreen(ceremonyOf(action), { folder, options: where, continueCommand });
}

/** Gives the words that name the key to the command of an action; no words when the command takes no key. */
function keyWords(action: KeyChoice['action'], keyArn: string): readonly string[] {
  if (action === 'import-existing') return [keyArn];
  return action === 'encrypt' || action === 'expiry' ? ['--key', keyArn] : [];
}

/**
 * Gives the unfinished ceremony of a folder; of several, the first.
 * @throws ProblemError when there is none: the ceremony was finished after this run had read the folder.
 */
function findUnfinishedIn(folder: string): Unfinished {
  const [unfinished] = findUnfinished({ workdir: folder });
  if (unfinished !== undefined) return unfinished;
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't go on with the ceremony of this key: it was finished meanwhile.",
    state: 'Nothing was changed.',
    next: [`See how the key is now: ${ownCommand()}`],
  });
}
