import type { Ceremony } from './ceremony/ceremony.ts';
import { asInTheVideo } from './steps/as-in-the-video.ts';
import { backup } from './steps/backup.ts';
import { connect } from './steps/connect.ts';
import { describeKey } from './steps/describe-key.ts';
import { encryptObjects } from './steps/encrypt-objects.ts';
import { withExplainedChecks } from './steps/explained-checks.ts';
import type { Facts } from './steps/facts.ts';
import { finish } from './steps/finish.ts';
import { importMaterial } from './steps/import.ts';
import { keyState } from './steps/key-state.ts';
import { permissions } from './steps/permissions.ts';
import { policy } from './steps/policy.ts';
import { prove } from './steps/prove.ts';
import { reImport } from './steps/re-import.ts';
import { recordedKey } from './steps/recorded-key.ts';
import { secretKey } from './steps/secret-key.ts';
import type { Services } from './steps/services.ts';
import { wrap } from './steps/wrap.ts';
import { wrappingKey } from './steps/wrapping-key.ts';

/** From an empty folder to an object encrypted under one's own key. */
export const firstImport: Ceremony<Facts, Services> = {
  id: 'first-import',
  title: 'Bring your own key',
  steps: [
    connect,
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
  ].map(withExplainedChecks),
};

/** The same for someone who follows the article's video: a ceremony that is begun one way can go on the other. */
const firstImportAsInTheVideo: typeof firstImport = {
  ...firstImport,
  steps: firstImport.steps.map(asInTheVideo),
};

/** The first import, as the flag of that name asks for it. */
export function firstImportFor({ asInTheVideo: follow }: { readonly asInTheVideo?: boolean }): typeof firstImport {
  return follow === true ? firstImportAsInTheVideo : firstImport;
}

/** Whether a backup is the key of a finished ceremony: the answer comes from KMS. */
export function checkBackup(recorded: Facts, file: string): Ceremony<Facts, Services> {
  return {
    id: 'check-backup',
    title: 'Check a backup',
    steps: [recordedKey(recorded, file), reImport, keyState].map(withExplainedChecks),
  };
}
