import { changeExpiry } from '../../steps/change-expiry.ts';
import { connectToWrap } from '../../steps/connect-to-wrap.ts';
import { findKeyWithMaterial } from '../../steps/find-key.ts';
import { readKeyNow } from '../../steps/key-now.ts';
import { keyState } from '../../steps/key-state.ts';
import { proveAgain } from '../../steps/prove-again.ts';
import type { KeyferryCeremony } from '../../steps/services.ts';
import { explainVerifyErrors } from '../../steps/verify-errors.ts';
import { concludeLaterCeremony } from '../later-conclusion.ts';
import { refuseBeforeImport } from '../refuse-before-import.ts';
import { doneTitle, expiryClosing } from './closing.ts';
import { expiryExample } from './example.ts';
import { writeExpiryRecord } from './record.ts';
import { expiryResult } from './result.ts';

/**
 * Extends, drops or sets the expiry of imported material that KMS still holds. It starts from the folder of the ceremony that
 * imported the material. Without such a folder, it needs a copy of the material and the id of the KMS key.
 */
export const expiry: KeyferryCeremony = {
  id: 'expiry',
  title: 'Change when material expires',
  steps: [connectToWrap, findKeyWithMaterial, changeExpiry, proveAgain, keyState].map(explainVerifyErrors),
  example: expiryExample,
  startsFrom: {
    from: 'recorded',
    refuse: refuseBeforeImport("Can't change when material expires here: none has been imported yet."),
  },

  async conclude(facts, services) {
    const now = await readKeyNow(facts, services);
    return concludeLaterCeremony(services, {
      ...expiryClosing(facts, now, services),
      title: doneTitle(facts),
      result: expiryResult(facts, now, services),
    });
  },

  record: writeExpiryRecord,
};
