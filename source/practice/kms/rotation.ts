import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { materialLabel } from './data-keys.ts';
import { arnOf, isReplica, type KeyRecord, type Material, type Rotation, stateOf } from './key-record.ts';
import { needPrimary, needState } from './key-states.ts';
import { changeFamily, changeKey, findKey } from './key-store.ts';
import { keyId } from './members.ts';
import { operation } from './operation.ts';

const maxRotations = 25;
const day = 24 * 60 * 60_000;

/** How many milliseconds of the practice clock a rotation takes. AWS took 48 s to 2.6 min (recorded). */
const rotationMilliseconds = 60_000;

/**
 * RotateKeyOnDemand. Answers at once; the rotation ends later. A second request before that end is accepted and changes
 * nothing. Source: recorded answers, Sep 2026; unverified: rotation-order.
 */
export const rotateKeyOnDemand = operation({ on: 'key' }, { KeyId: keyId }, (call, input) => {
  const now = call.now().getTime();
  const key = changeFamily(call, input.KeyId, (before, family) => {
    // Recorded: for a disabled RSA key, KMS says that it is disabled, not that an RSA key cannot rotate.
    if (before.keySpec !== 'SYMMETRIC_DEFAULT' && stateOf(before) === 'Disabled')
      needState('RotateKeyOnDemand', before);
    needSymmetric(before);
    needPrimary(before, 'primary or single-Region');
    needState('RotateKeyOnDemand', before);
    if (before.rotation) return family;
    const rotations = before.onDemandRotations ?? 0;
    if (rotations >= maxRotations) {
      throw new AwsError(
        'LimitExceededException',
        `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${arnOf(before)}`,
      );
    }
    if (before.origin === 'EXTERNAL') needPendingMaterial(before, family);
    // A key with origin AWS_KMS gets this new material. The related keys of all Regions get the same bytes.
    const id = randomBytes(32).toString('hex');
    const bytes = randomBytes(32);
    const rotated = family.map((member): KeyRecord => {
      const material: Material = { id, sealed: call.hsm.seal(bytes, materialLabel(member, id)).toString('base64') };
      const rotation: Rotation = {
        started: now,
        ends: now + rotationMilliseconds,
        ...(member.origin === 'AWS_KMS' ? { material } : {}),
      };
      return { ...member, rotation, onDemandRotations: rotations + 1 };
    });
    bytes.fill(0);
    return rotated;
  });
  return { KeyId: arnOf(key) };
});

/** GetKeyRotationStatus; unverified: rotation-status-id. */
export const getKeyRotationStatus = operation({ on: 'key' }, { KeyId: keyId }, (call, input) => {
  const key = findKey(call, input.KeyId, 'without aliases');
  needSymmetric(key);
  const automatic = key.automaticRotation;
  return {
    KeyId: arnOf(key),
    KeyRotationEnabled: automatic !== undefined,
    ...(automatic
      ? { RotationPeriodInDays: automatic.days, NextRotationDate: (automatic.since + automatic.days * day) / 1000 }
      : {}),
    ...(key.rotation ? { OnDemandRotationStartDate: key.rotation.started / 1000 } : {}),
  };
});

/** EnableKeyRotation. Practice AWS stores the setting, but never rotates a key automatically. */
export const enableKeyRotation = operation(
  { on: 'key' },
  { KeyId: keyId, RotationPeriodInDays: { kind: 'number', min: 90, max: 2560 } },
  (call, input) => {
    changeKey(call, input.KeyId, (key) => {
      needAutomaticRotation(key, 'EnableKeyRotation');
      const automaticRotation = { days: input.RotationPeriodInDays ?? 365, since: call.now().getTime() };
      return { ...key, automaticRotation };
    });
    return undefined;
  },
);

export const disableKeyRotation = operation({ on: 'key' }, { KeyId: keyId }, (call, input) => {
  changeKey(call, input.KeyId, (key) => {
    needAutomaticRotation(key, 'DisableKeyRotation');
    const { automaticRotation: _, ...kept } = key;
    return kept;
  });
  return undefined;
});

/** @throws UnsupportedOperationException, without a message (recorded), for a key that is not symmetric, and so cannot rotate. */
function needSymmetric(key: KeyRecord): void {
  if (key.keySpec !== 'SYMMETRIC_DEFAULT') throw new AwsError('UnsupportedOperationException');
}

/** @throws UnsupportedOperationException when the key cannot have automatic rotation, or the error of its state. */
function needAutomaticRotation(key: KeyRecord, name: 'EnableKeyRotation' | 'DisableKeyRotation'): void {
  needSymmetric(key);
  if (key.origin === 'EXTERNAL') {
    throw new AwsError(
      'UnsupportedOperationException',
      `${arnOf(key)} origin is EXTERNAL which is not valid for this operation.`,
    );
  }
  needPrimary(key, 'primary or single-Region');
  needState(name, key);
}

/** @throws KMSInvalidStateException when no new material waits for rotation, or its bytes are missing in a replica. */
function needPendingMaterial(key: KeyRecord, family: readonly KeyRecord[]): void {
  const next = key.materials.find(({ pending }) => pending);
  if (!next) {
    throw new AwsError(
      'KMSInvalidStateException',
      `No available key material pending rotation for the key: ${arnOf(key)}.`,
    );
  }
  const hasBytes = ({ materials }: KeyRecord) =>
    materials.some(({ id, sealed }) => id === next.id && sealed !== undefined);
  if (family.some((member) => isReplica(member) && !hasBytes(member))) {
    throw new AwsError(
      'KMSInvalidStateException',
      'Cannot perform key material rotation: Key material has not been imported for replicas of the Multi-Region key.',
    );
  }
}
