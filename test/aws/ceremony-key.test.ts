import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KMSClient } from '@aws-sdk/client-kms';
import { createExternalKey, findKeyOfCeremony } from '../../source/aws/kms.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { practise } from '../practice/practising.ts';

for (const [fault, name] of [
  ['fail', 'KMSInternalException'],
  ['throttle', 'ThrottlingException'],
] as const) {
  test(`a key that cannot be looked at (${fault}) is not taken for one that was never made`, async (t) => {
    const settings: Settings = { faults: [{ operation: 'kms:ListResourceTags', do: fault, times: 1 }] };
    const { server } = await practise(t, { settings });
    const { endpoint, credentials } = server;
    const kms = new KMSClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
    t.after(() => kms.destroy());
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*', Resource: '*' },
      ],
    });
    const { KeyId } = await createExternalKey(kms, { policy, description: '', ceremonyId: 'this-one' });
    await assert.rejects(findKeyOfCeremony(kms, 'this-one'), { name });
    assert.equal((await findKeyOfCeremony(kms, 'this-one'))?.KeyId, KeyId);
    assert.equal(await findKeyOfCeremony(kms, 'another'), undefined);
  });
}
