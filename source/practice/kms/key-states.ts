import { AwsError } from '../aws-error.ts';
import { arnOf, isReplica, type KeyRecord, type KeyState, stateOf } from './key-record.ts';

/** What an operation does: it works, or refuses with DisabledException or KMSInvalidStateException. */
type Outcome = 'ok' | 'disabled' | 'wrong state';

/** The columns of the table below. */
const columns = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'PendingImport',
  'Creating',
  'Updating',
] as const satisfies readonly KeyState[];

const letters: Readonly<Record<string, Outcome>> = { '+': 'ok', D: 'disabled', S: 'wrong state' };

/**
 * What each operation does in each key state. Each letter is a column: `+` works, `D` DisabledException, `S`
 * KMSInvalidStateException. An operation that is not here works in every state. Source: "Key states of AWS KMS keys", KMS
 * developer guide; all columns except the last two are confirmed by recorded answers, Sep 2026.
 */
const table = {
  cryptography: '+DSSSS+',
  GetParametersForImport: '++SS+SS',
  ImportKeyMaterial: '++SS+S+',
  DeleteImportedKeyMaterial: '+++++SS',
  RotateKeyOnDemand: '+DSSSS+',
  EnableKeyRotation: '+DSSSS+',
  DisableKeyRotation: '+DSSSS+',
  EnableKey: '++SSSSS',
  DisableKey: '++SSSSS',
  ScheduleKeyDeletion: '++SS++S',
  CancelKeyDeletion: 'SS++SSS',
  CreateAlias: '++SS+++',
  UpdateAlias: '++SS+++',
  TagResource: '++SS+++',
  UntagResource: '++SS+++',
  UpdateKeyDescription: '++SS+++',
  CreateGrant: '+DSSSS+',
  ReplicateKey: '+DSSSSS',
  UpdatePrimaryRegion: '+DSSSS+',
} as const;

/**
 * The end of the message for each state, as recorded. The texts for Creating, Updating and "not pending deletion" are from the
 * guide; unverified: state-texts.
 */
const texts: Record<Exclude<KeyState, 'Enabled' | 'Disabled'>, string> = {
  PendingDeletion: 'is pending deletion.',
  PendingReplicaDeletion: 'is pending replica deletion.',
  PendingImport: 'is pending import.',
  Creating: 'is creating.',
  Updating: 'is updating.',
};

/** @throws DisabledException or KMSInvalidStateException when the state of the key does not allow the operation. */
export function needState(operation: keyof typeof table, key: KeyRecord): void {
  const state = stateOf(key);
  const outcome = letters[table[operation].charAt(columns.indexOf(state))];
  if (outcome === 'disabled') throw new AwsError('DisabledException', `${arnOf(key)} is disabled.`);
  if (outcome === 'wrong state') {
    // Only CancelKeyDeletion refuses an enabled or disabled key in this way, and has its own text.
    const stateText = state === 'Enabled' || state === 'Disabled' ? '' : texts[state];
    const text = operation === 'CancelKeyDeletion' ? 'is not pending deletion.' : stateText;
    throw new AwsError('KMSInvalidStateException', `${arnOf(key)} ${text}`);
  }
}

/** @throws UnsupportedOperationException when AWS made the material of the key, so that none can be imported. */
export function needExternalOrigin(key: KeyRecord): void {
  if (key.origin !== 'EXTERNAL') {
    throw new AwsError(
      'UnsupportedOperationException',
      `${arnOf(key)} origin is ${key.origin} which is not valid for this operation.`,
    );
  }
}

/**
 * Checks that a key is not a replica.
 * @param kinds which kinds of key pass: primary keys only, or single-Region keys too.
 * @throws UnsupportedOperationException for a key of another kind.
 */
export function needPrimary(key: KeyRecord, kinds: 'primary' | 'primary or single-Region'): void {
  if (isReplica(key) || (kinds === 'primary' && !key.multiRegion))
    throw new AwsError('UnsupportedOperationException', `${arnOf(key)} is not a multi-region primary key.`);
}
