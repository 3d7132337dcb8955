import type { Problem } from '../../ceremony/problem.ts';
import { need } from '../../steps/facts.ts';
import { keyState } from '../../steps/key-state.ts';
import { reImport } from '../../steps/re-import.ts';
import { recordedKey } from '../../steps/recorded-key.ts';
import type { KeyferryCeremony, Services } from '../../steps/services.ts';
import { explainVerifyErrors } from '../../steps/verify-errors.ts';
import { checkClosing } from './closing.ts';

/** Finds out whether a backup holds the key of a finished ceremony. KMS gives the answer. */
export const checkBackup: KeyferryCeremony = {
  id: 'check-backup',
  title: 'Check a backup',
  steps: [recordedKey, reImport, keyState].map(explainVerifyErrors),
  startsFrom: { from: 'recorded', refuse },

  async conclude(facts) {
    const { same, checkValue, answeredAt } = need(facts, 'answer');
    const { file } = need(facts, 'check');
    const { keyArn, alias } = need(facts, 'key');
    return {
      status: same ? 0 : 1,
      page: { title: 'Backup checked', lines: checkClosing(facts) },
      result: { keyArn, alias, keyState: need(facts, 'keyState'), backup: file, same, checkValue, answeredAt },
    };
  },
};

/** Refuses to start when nothing was imported in this folder, or when there is no backup to check. */
function refuse({ recorded, preset, folder, ownCommand }: Services): Problem | undefined {
  if (recorded?.imported === undefined)
    return {
      kind: 'fixable',
      what: "Can't check a backup here.",
      why:
        recorded === undefined
          ? `There is no ceremony in ${folder.path}.`
          : `The ceremony in ${folder.path} has imported nothing yet.`,
      state: 'Nothing was sent or changed.',
      next: [`Finish it first: ${ownCommand(...folder.workdirWords)}`],
    };
  const { backup } = recorded;
  if (preset.backup !== undefined || (backup !== undefined && backup.by !== 'declined')) return undefined;
  return {
    kind: 'fixable',
    what: "Can't check a backup: none was made in this ceremony.",
    state: 'Nothing was sent or changed.',
    next: [`Name the file: ${ownCommand('check-backup', 'FILE', ...folder.workdirWords)}`],
  };
}
