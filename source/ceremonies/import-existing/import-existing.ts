import { backup } from '../../steps/backup.ts';
import { connectForImport } from '../../steps/connect-for-import.ts';
import { encryptObjects } from '../../steps/encrypt-objects.ts';
import { existingKey } from '../../steps/existing-key.ts';
import { finish } from '../../steps/finish.ts';
import { importMaterial } from '../../steps/import.ts';
import { keyPolicy } from '../../steps/key-policy.ts';
import { prove } from '../../steps/prove.ts';
import { secretKey } from '../../steps/secret-key.ts';
import type { KeyferryCeremony } from '../../steps/services.ts';
import { explainVerifyErrors } from '../../steps/verify-errors.ts';
import { wrap } from '../../steps/wrap.ts';
import { wrappingKey } from '../../steps/wrapping-key.ts';
import { firstImport } from '../first-import/first-import.ts';
import { importExistingExample } from './example.ts';

/**
 * Brings a person's own key into a KMS key that somebody else made and that waits for its first material. It makes no KMS key,
 * no alias and no policy. It ends as a first import does, and leaves the same journal and record in its folder.
 */
export const importExisting: KeyferryCeremony = {
  ...firstImport,
  id: 'import-existing',
  title: 'Import into an existing key',
  steps: [
    connectForImport,
    existingKey,
    keyPolicy,
    secretKey,
    backup,
    wrappingKey,
    wrap,
    importMaterial,
    prove,
    encryptObjects,
    finish,
  ].map(explainVerifyErrors),
  example: importExistingExample,
};
