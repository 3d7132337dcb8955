import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { arnOf, metadataOf, stateOf } from './key-record.ts';
import { needState } from './key-states.ts';
import { allKeys, changeKey, findKey } from './key-store.ts';
import { grantTokens, keyId, limit, marker } from './members.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';

const day = 24 * 60 * 60_000;

export const describeKey = operation({ on: 'key' }, { KeyId: keyId, GrantTokens: grantTokens }, (call, input) => ({
  KeyMetadata: metadataOf(findKey(call, input.KeyId, 'with aliases')),
}));

export const listKeys = operation({ on: 'account' }, { Limit: limit, Marker: marker }, (call, input) => {
  const keys = allKeys(call).map((key) => ({ KeyId: key.keyId, KeyArn: arnOf(key) }));
  return page('Keys', keys, (key) => key.KeyId, input, 100);
});

export const updateKeyDescription = operation(
  { on: 'key' },
  { KeyId: keyId, Description: { kind: 'text', min: 0, max: 8192, required: true } },
  (call, input) => {
    changeKey(call, input.KeyId, (key) => {
      needState('UpdateKeyDescription', key);
      return { ...key, description: input.Description };
    });
    return undefined;
  },
);

export const enableKey = operation({ on: 'key' }, { KeyId: keyId }, (call, input) => {
  changeKey(call, input.KeyId, (key) => {
    needState('EnableKey', key);
    return { ...key, enabled: true };
  });
  return undefined;
});

export const disableKey = operation({ on: 'key' }, { KeyId: keyId }, (call, input) => {
  changeKey(call, input.KeyId, (key) => {
    needState('DisableKey', key);
    return { ...key, enabled: false };
  });
  return undefined;
});

export const scheduleKeyDeletion = operation(
  { on: 'key' },
  { KeyId: keyId, PendingWindowInDays: { kind: 'number', min: 1, max: 365 } },
  (call, input) => {
    const days = input.PendingWindowInDays ?? 30;
    if (days < 7 || days > 30) throw new AwsError('ValidationException', unverifiedText('deletion-window'));
    const key = changeKey(call, input.KeyId, (before) => {
      needState('ScheduleKeyDeletion', before);
      // The waiting time of a primary key begins only when its last replica is gone.
      const hasReplicas = before.multiRegion?.primary === before.region && before.multiRegion.regions.length > 1;
      return {
        ...before,
        enabled: false,
        ...(hasReplicas ? { deletionWindow: days } : { deletionDate: call.now().getTime() + days * day }),
      };
    });
    return {
      KeyId: arnOf(key),
      ...(key.deletionDate === undefined ? {} : { DeletionDate: key.deletionDate / 1000 }),
      KeyState: stateOf(key),
      PendingWindowInDays: days,
    };
  },
);

/** CancelKeyDeletion. After this the key is disabled, or PendingImport (recorded answers, Sep 2026). */
export const cancelKeyDeletion = operation({ on: 'key' }, { KeyId: keyId }, (call, input) => {
  const key = changeKey(call, input.KeyId, (before) => {
    needState('CancelKeyDeletion', before);
    const { deletionDate: _, deletionWindow: _window, ...kept } = before;
    return { ...kept, enabled: false };
  });
  return { KeyId: arnOf(key) };
});
