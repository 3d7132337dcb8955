import type { Problem } from '../../ceremony/problem.ts';
import { connect } from '../../steps/connect.ts';
import { encryptMore } from '../../steps/encrypt-more.ts';
import { readKeyNow } from '../../steps/key-now.ts';
import type { KeyferryCeremony, Services } from '../../steps/services.ts';
import { findUsableKey } from '../../steps/usable-key.ts';
import { explainVerifyErrors } from '../../steps/verify-errors.ts';
import { openRecordWay } from '../open-record.ts';
import { encryptClosing } from './closing.ts';
import { encryptExample } from './example.ts';
import { recordNames, writeEncryptRecord } from './record.ts';
import { encryptResult } from './result.ts';

/**
 * Encrypts more objects under a key that is in use. It starts from the folder of the ceremony that brought the key. Without
 * such a folder, the name of the KMS key is enough.
 */
export const encrypt: KeyferryCeremony = {
  id: 'encrypt',
  title: 'Encrypt objects',
  steps: [connect, findUsableKey, encryptMore].map(explainVerifyErrors),
  example: encryptExample,
  startsFrom: { from: 'recorded', refuse },

  async conclude(facts, services) {
    const now = await readKeyNow(facts, services);
    const { lines, problem } = encryptClosing(facts, now, services);
    const { markdown } = recordNames(services);
    const ways = services.folder.has(markdown) ? [openRecordWay(services.folder, markdown)] : [];
    return {
      status: problem === undefined ? 0 : 3,
      page: { title: problem === undefined ? 'The objects are encrypted' : 'Done, but look at this', lines, ways },
      result: encryptResult(facts, now, services),
      ...(problem === undefined ? {} : { problem }),
    };
  },

  record: writeEncryptRecord,
};

/** Refuses to start where the first import has not imported yet. Without a ceremony, the person is asked for the key. */
function refuse({ recorded, folder, ownCommand }: Services): Problem | undefined {
  if (recorded === undefined || recorded.imported !== undefined) return undefined;
  return {
    kind: 'fixable',
    what: "Can't encrypt anything here: the key has no material yet.",
    why: `The ceremony in ${folder.path} has not come to its import.`,
    state: 'Nothing was sent or changed.',
    next: [`Go on with it: ${ownCommand(...folder.workdirWords)}`],
  };
}
