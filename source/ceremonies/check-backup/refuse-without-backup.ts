import type { Problem } from '../../ceremony/problem.ts';
import type { Services } from '../../steps/services.ts';

/**
 * Gives the problem for which a check of a backup cannot start: nothing was imported in this folder, or no backup was made and
 * the person named none. `undefined` when it can start.
 */
export function refuseWithoutBackup({ recorded, preset, folder, ownCommand }: Services): Problem | undefined {
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
