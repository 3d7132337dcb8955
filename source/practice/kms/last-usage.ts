import { arnOf } from './key-record.ts';
import { findKey } from './key-store.ts';
import { keyId } from './members.ts';
import { operation } from './operation.ts';

/** GetKeyLastUsage. Source: KMS API reference; unverified: last-usage-id. */
export const getKeyLastUsage = operation({ on: 'key' }, { KeyId: keyId }, (call, input) => {
  const key = findKey(call, input.KeyId, 'without aliases');
  const use = call.usage.last(key);
  return {
    KeyId: arnOf(key),
    KeyLastUsage: use
      ? {
          Operation: use.operation,
          Timestamp: use.at / 1000,
          CloudTrailEventId: use.eventId,
          KmsRequestId: use.requestId,
        }
      : {},
    TrackingStartDate: key.created / 1000,
    KeyCreationDate: key.created / 1000,
  };
});
