import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { leadWhereAsked } from './beginning.ts';
import { conductOnScreen } from './conduct.ts';
import type { InterfaceOptions } from './open-interface.ts';
import { placeWordsOf } from './option-words.ts';

/**
 * Leads a person through a later ceremony, on the screen or line by line. The id of the ceremony is also the name of its command.
 * @param chooseFolder gives the folder of the ceremony, or throws a ProblemError. It runs only when somebody can be asked.
 * @returns the exit status: that of the ceremony, or 2 when nobody can be asked or the ceremony cannot start.
 */
export function conductLaterCeremony(
  ceremony: KeyferryCeremony,
  options: InterfaceOptions & { readonly key?: string },
  chooseFolder: () => string,
): Promise<number> {
  const { id } = ceremony;
  return leadWhereAsked({ id, answersFile: `${id}.yaml` }, options, async () => {
    const folder = chooseFolder();
    const keyWords = options.key === undefined ? [] : ['--key', options.key];
    const placeWords = placeWordsOf(options, folder);
    const continueCommand = ownCommand(id, ...keyWords, ...placeWords, ...workdirWords(folder));
    return conductOnScreen(ceremony, { folder, options, continueCommand });
  });
}
