import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { materialLabel } from './data-keys.ts';
import { arnOf, isReplica, type KeyRecord, type Material, type Rotation } from './key-record.ts';
import { needPrimary, needState } from './key-states.ts';
import { changeFamily, changeKey, findKey } from './key-store.ts';
import { keyId } from './members.ts';
import { operation } from './operation.ts';

const mostRotations = 25;
const day = 24 * 60 * 60_000;

/** How many milliseconds of the practice clock a rotation takes. AWS took 48 s to 2.6 min (recorded). */
const rotationTime = 60_000;

/**
 * RotateKeyOnDemand. Answers at once; the rotation ends later. A second request before that end is accepted and changes
 * nothing. Source: recorded answers, Sep 2026; unverified: rotation-order.
 */
export const rotateKeyOnDemand = operation({ on: 'key' }, { KeyId: keyId }, (call, input) => {
  const now = call.now().getTime();
  const key = changeFamily(call, input.KeyId, (before, family) => {
    needSymmetric(before);
    needPrimary(before, 'single-Region too');
    needState('RotateKeyOnDemand', before);
    if (before.rotation) return family;
    const rotations = before.onDemandRotations ?? 0;
    if (rotations >= mostRotations) {
      throw new AwsError(
        'LimitExceededException',
        `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${arnOf(before)}`,
      );
    }
    if (before.origin === 'EXTERNAL') needPendingMaterial(before, family);
    const id = randomBytes(32).toString('hex');
    const bytes = randomBytes(32);
    const rotated = family.map((one): KeyRecord => {
      const own: Material = { id, sealed: call.hsm.seal(bytes, materialLabel(one, id)).toString('base64') };
      const rotation: Rotation = {
        started: now,
        ends: now + rotationTime,
        ...(one.origin === 'AWS_KMS' ? { material: own } : {}),
      };
      return { ...one, rotation, onDemandRotations: rotations + 1 };
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
      needAutomatic(key, 'EnableKeyRotation');
      const automaticRotation = { days: input.RotationPeriodInDays ?? 365, since: call.now().getTime() };
      return { ...key, automaticRotation };
    });
    return undefined;
  },
);

export const disableKeyRotation = operation({ on: 'key' }, { KeyId: keyId }, (call, input) => {
  changeKey(call, input.KeyId, (key) => {
    needAutomatic(key, 'DisableKeyRotation');
    const { automaticRotation: _, ...kept } = key;
    return kept;
  });
  return undefined;
});

/** @throws UnsupportedOperationException, without a message (recorded), when the key is not symmetric and cannot rotate. */
function needSymmetric(key: KeyRecord): void {
  if (key.keySpec !== 'SYMMETRIC_DEFAULT') throw new AwsError('UnsupportedOperationException');
}

/** @throws when the key cannot have automatic rotation. */
function needAutomatic(key: KeyRecord, name: 'EnableKeyRotation' | 'DisableKeyRotation'): void {
  needSymmetric(key);
  if (key.origin === 'EXTERNAL') {
    throw new AwsError(
      'UnsupportedOperationException',
      `${arnOf(key)} origin is EXTERNAL which is not valid for this operation.`,
    );
  }
  needPrimary(key, 'single-Region too');
  needState(name, key);
}

/** @throws KMSInvalidStateException when no new material waits, or a replica does not have its bytes. */
function needPendingMaterial(key: KeyRecord, family: readonly KeyRecord[]): void {
  const pending = key.materials.find((one) => one.pending);
  if (!pending) {
    throw new AwsError(
      'KMSInvalidStateException',
      `No available key material pending rotation for the key: ${arnOf(key)}.`,
    );
  }
  const lacks = (one: KeyRecord) => !one.materials.some(({ id, sealed }) => id === pending.id && sealed !== undefined);
  if (family.some((one) => isReplica(one) && lacks(one))) {
    throw new AwsError(
      'KMSInvalidStateException',
      'Cannot perform key material rotation: Key material has not been imported for replicas of the Multi-Region key.',
    );
  }
}
