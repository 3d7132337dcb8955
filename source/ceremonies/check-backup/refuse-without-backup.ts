import type { Problem } from '../../ceremony/problem.ts';
import { madeBackup } from '../../steps/backup-fact.ts';
import { keyElsewhere, statedBy } from '../../steps/secret-key-fact.ts';
import type { Services } from '../../steps/services.ts';

/**
 * Gives the problem for which a comparison with the record cannot start: that of {@link refuseWithoutBackup}, or that the record
 * has no check value, because nobody stated one for a key that is kept elsewhere. `undefined` when the comparison can start.
 */
export function refuseWithoutRecord(services: Services): Problem | undefined {
  const { recorded, folder, ownCommand } = services;
  const problem = refuseWithoutBackup(services);
  if (problem !== undefined) return problem;
  const elsewhere = keyElsewhere(recorded?.secret);
  if (elsewhere === undefined || elsewhere.statedCheckValue !== undefined) return undefined;
  return {
    kind: 'fixable',
    what: "Can't compare a backup with the record: the record has no key check value.",
    why: `The key is with ${elsewhere.keeper}, and no check value of it was stated.`,
    state: 'Nothing was sent or changed.',
    next: [`Let KMS compare: ${ownCommand('check-backup', 'FILE', ...folder.workdirWords)}`],
  };
}

/**
 * Gives the problem for which a check of a backup cannot start: this folder has no ceremony, or nothing was imported in it, or no
 * backup was made and the person named none. `undefined` when the check can start.
 */
export function refuseWithoutBackup({ recorded, preset, folder, ownCommand }: Services): Problem | undefined {
  if (recorded === undefined)
    return {
      kind: 'fixable',
      what: "Can't check a backup here.",
      why: `There is no ceremony in ${folder.path}.`,
      state: 'Nothing was sent or changed.',
      next: ["Name the ceremony's folder, or a copy of it, with --workdir."],
    };
  if (recorded.imported === undefined)
    return {
      kind: 'fixable',
      what: "Can't check a backup here.",
      why: `The ceremony in ${folder.path} has imported nothing yet.`,
      state: 'Nothing was sent or changed.',
      next: [`Finish it first: ${ownCommand(...folder.workdirWords)}`],
    };
  const { backup } = recorded;
  if (preset.backup !== undefined || madeBackup(backup) !== undefined) return undefined;
  const elsewhere = keyElsewhere(recorded.secret);
  if (elsewhere !== undefined)
    return {
      kind: 'fixable',
      what: "Can't check a backup: the key was never here, and no backup of it was made.",
      why: `Its copy is with ${elsewhere.keeper}: ${statedBy(elsewhere)}.`,
      state: 'Nothing was sent or changed.',
      next: [
        `Let ${elsewhere.keeper} wrap the key again, and KMS compares it: ${ownCommand('reimport-wrapped', ...folder.workdirWords)}`,
        `Or name an age file that holds the key: ${ownCommand('check-backup', 'FILE', ...folder.workdirWords)}`,
      ],
    };
  return {
    kind: 'fixable',
    what: "Can't check a backup: none was made in this ceremony.",
    state: 'Nothing was sent or changed.',
    next: [`Name the file: ${ownCommand('check-backup', 'FILE', ...folder.workdirWords)}`],
  };
}
