import { compare } from '../../steps/compare.ts';
import { need } from '../../steps/facts.ts';
import { recordedBackup } from '../../steps/recorded-backup.ts';
import type { KeyferryCeremony } from '../../steps/services.ts';
import { emphasisOn } from '../emphasis.ts';
import { offlineClosing } from './closing.ts';
import { checkOfflineExample } from './example.ts';
import { refuseWithoutRecord } from './refuse-without-backup.ts';

/** Compares the secret in a backup with the record of a finished ceremony, without a connection to AWS. */
export const checkOffline: KeyferryCeremony = {
  id: 'check-backup-offline',
  title: 'Compare a backup with the record',
  steps: [recordedBackup, compare],
  example: checkOfflineExample,
  startsFrom: { from: 'recorded', refuse: refuseWithoutRecord },

  async conclude(facts, services) {
    const { same, ...compared } = need(facts, 'compared');
    const { keyArn, alias } = need(facts, 'key');
    const { file } = need(facts, 'look');
    const lines = offlineClosing(facts, services);
    return {
      status: same ? 0 : 1,
      page: {
        title: 'Backup compared',
        lines,
        emphasis: emphasisOn({ isWell: same, headings: lines.slice(0, 1), kept: [file] }),
      },
      result: { keyArn, alias, backup: file, offline: true, same, ...compared },
    };
  },
};
