import { bringBack } from '../../steps/bring-back.ts';
import { connectToWrap } from '../../steps/connect-to-wrap.ts';
import { findImportedKey } from '../../steps/find-key.ts';
import { readKeyNow } from '../../steps/key-now.ts';
import { keyState } from '../../steps/key-state.ts';
import { proveAgain } from '../../steps/prove-again.ts';
import type { KeyferryCeremony } from '../../steps/services.ts';
import { explainVerifyErrors } from '../../steps/verify-errors.ts';
import { concludeLaterCeremony } from '../later-conclusion.ts';
import { refuseBeforeImport } from '../refuse-before-import.ts';
import { doneTitle, reimportClosing } from './closing.ts';
import { reimportExample } from './example.ts';
import { writeReimportRecord } from './record.ts';
import { reimportResult } from './result.ts';

const refuse = refuseBeforeImport("Can't bring material back here: none has been imported yet.");

/**
 * Brings imported material back into its KMS key after an expiry or a deletion, or imports it again to change its expiry.
 * It starts from the folder of the ceremony that imported the material. Without such a folder, it needs a copy of the material
 * and the id of the KMS key.
 */
export const reimport: KeyferryCeremony = {
  id: 'reimport',
  title: 'Bring the material back',
  steps: [connectToWrap, findImportedKey, bringBack, proveAgain, keyState].map(explainVerifyErrors),
  example: reimportExample,
  startsFrom: { from: 'recorded', refuse },

  async conclude(facts, services) {
    const now = await readKeyNow(facts, services);
    return concludeLaterCeremony(services, {
      ...reimportClosing(facts, now, services),
      title: doneTitle(facts),
      result: reimportResult(facts, now, services),
    });
  },

  record: writeReimportRecord,
};
