import { backup } from '../../steps/backup.ts';
import { connectForImport } from '../../steps/connect-for-import.ts';
import { describeKey } from '../../steps/describe-key.ts';
import { encryptObjects } from '../../steps/encrypt-objects.ts';
import { finish } from '../../steps/finish.ts';
import { importMaterial } from '../../steps/import.ts';
import { problemOfKey, readKeyNow } from '../../steps/key-now.ts';
import { permissions } from '../../steps/permissions.ts';
import { policy } from '../../steps/policy.ts';
import { prove } from '../../steps/prove.ts';
import { secretKey } from '../../steps/secret-key.ts';
import type { KeyferryCeremony } from '../../steps/services.ts';
import { explainVerifyErrors } from '../../steps/verify-errors.ts';
import { wrap } from '../../steps/wrap.ts';
import { wrappingKey } from '../../steps/wrapping-key.ts';
import { followArticle } from './as-in-the-video.ts';
import { recommendedExample, videoExample } from './example.ts';
import { withLesson } from './lessons.ts';
import { writeRecord } from './record.ts';

/** Makes a KMS key, imports the person's own key into it, and encrypts objects under it. Starts in a new folder. */
export const firstImport: KeyferryCeremony = {
  id: 'first-import',
  title: 'Bring your own key',
  steps: [
    connectForImport,
    secretKey,
    describeKey,
    backup,
    permissions,
    policy,
    wrappingKey,
    wrap,
    importMaterial,
    prove,
    encryptObjects,
    finish,
  ]
    .map(explainVerifyErrors)
    .map(withLesson),
  example: recommendedExample,
  startsFrom: { from: 'new folder' },

  async conclude(facts, services) {
    const now = await readKeyNow(facts, services);
    const { closingPage } = await import('./closing-page.ts');
    const { resultOf } = await import('./result.ts');
    const problem = problemOfKey(facts, now, services);
    return {
      status: problem === undefined ? 0 : 3,
      page: closingPage(this.steps, facts, { now, services }),
      result: resultOf(facts, now, services),
      ...(problem === undefined ? {} : { problem }),
    };
  },

  record: writeRecord,
};

/**
 * The first import for a person who follows the article and its video. A ceremony that began as one of the two can go on as the
 * other.
 */
export const firstImportAsInTheVideo: KeyferryCeremony = {
  ...firstImport,
  steps: firstImport.steps.map(followArticle),
  example: videoExample,
};
