import { connect } from '../../steps/connect.ts';
import { encryptMore } from '../../steps/encrypt-more.ts';
import { readKeyNow } from '../../steps/key-now.ts';
import type { KeyferryCeremony } from '../../steps/services.ts';
import { findUsableKey } from '../../steps/usable-key.ts';
import { explainVerifyErrors } from '../../steps/verify-errors.ts';
import { concludeLaterCeremony } from '../later-conclusion.ts';
import { refuseBeforeImport } from '../refuse-before-import.ts';
import { encryptClosing } from './closing.ts';
import { encryptExample } from './example.ts';
import { writeEncryptRecord } from './record.ts';
import { encryptResult } from './result.ts';

/**
 * Encrypts more objects under a KMS key that is in use. It starts from the folder of the ceremony that imported the key's
 * material. Without such a folder, it needs only the name of the KMS key.
 */
export const encrypt: KeyferryCeremony = {
  id: 'encrypt',
  title: 'Encrypt objects',
  steps: [connect, findUsableKey, encryptMore].map(explainVerifyErrors),
  example: encryptExample,
  startsFrom: {
    from: 'recorded',
    refuse: refuseBeforeImport("Can't encrypt anything here: the key has no material yet."),
  },

  async conclude(facts, services) {
    const now = await readKeyNow(facts, services);
    return concludeLaterCeremony(services, {
      ...encryptClosing(facts, now, services),
      title: 'The objects are encrypted',
      result: encryptResult(facts, now, services),
    });
  },

  record: writeEncryptRecord,
};
