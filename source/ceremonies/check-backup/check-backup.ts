import { need } from '../../steps/facts.ts';
import { keyState } from '../../steps/key-state.ts';
import { reImport } from '../../steps/re-import.ts';
import { recordedKey } from '../../steps/recorded-key.ts';
import type { KeyferryCeremony } from '../../steps/services.ts';
import { explainVerifyErrors } from '../../steps/verify-errors.ts';
import { emphasisOn } from '../emphasis.ts';
import { checkClosing, expiryProblemOf } from './closing.ts';
import { checkBackupExample } from './example.ts';
import { refuseWithoutBackup } from './refuse-without-backup.ts';

/**
 * Finds out whether a backup holds the material of a KMS key whose import is recorded. KMS gives the answer: it takes the same
 * material again, and refuses other bytes.
 */
export const checkBackup: KeyferryCeremony = {
  id: 'check-backup',
  title: 'Check a backup',
  steps: [recordedKey, reImport, keyState].map(explainVerifyErrors),
  example: checkBackupExample,
  startsFrom: { from: 'recorded', refuse: refuseWithoutBackup },

  async conclude(facts, services) {
    const { same, answeredAt, found: _, ...values } = need(facts, 'answer');
    const { file } = need(facts, 'check');
    const { keyArn, alias } = need(facts, 'key');
    const problem = expiryProblemOf(facts, services);
    const lines = checkClosing(facts, problem);
    const isWell = same && problem === undefined;
    // With the right backup, a problem is left when the expiry is another one after the check.
    const statusOfSame = problem === undefined ? 0 : 3;
    return {
      status: same ? statusOfSame : 1,
      ...(problem === undefined ? {} : { problem }),
      page: {
        title: 'Backup checked',
        lines,
        emphasis: emphasisOn({ isWell, headings: lines.slice(0, 1), kept: [file] }),
      },
      result: { keyArn, alias, keyState: need(facts, 'keyState'), backup: file, same, ...values, answeredAt },
    };
  },
};
