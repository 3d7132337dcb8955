import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { bypassCondition, checkPolicy } from './key-policy.ts';
import { changeKey, findKey } from './key-store.ts';
import { flag, keyId, limit, marker, policy } from './members.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';

const policyName = { kind: 'text', min: 1, max: 128, pattern: '[\\w]+' } as const;

export const getKeyPolicy = operation({ on: 'key' }, { KeyId: keyId, PolicyName: policyName }, (call, input) => {
  const key = findKey(call, input.KeyId, 'without aliases');
  needDefaultName(input.PolicyName);
  return { Policy: key.policy, PolicyName: 'default' };
});

export const putKeyPolicy = operation(
  { on: 'key' },
  {
    KeyId: keyId,
    PolicyName: policyName,
    Policy: { ...policy, required: true },
    BypassPolicyLockoutSafetyCheck: flag,
  },
  (call, input) => {
    const callWithConditions = { ...call, conditions: bypassCondition(input) };
    // Checks the permission first. `changeKey` loads the key for the change.
    findKey(callWithConditions, input.KeyId, 'without aliases');
    needDefaultName(input.PolicyName);
    checkPolicy(call, input.Policy, input.BypassPolicyLockoutSafetyCheck ?? false);
    changeKey(callWithConditions, input.KeyId, (key) => ({ ...key, policy: input.Policy }));
    return undefined;
  },
);

const listKeyPoliciesShape = { KeyId: keyId, Limit: limit, Marker: marker } as const;

export const listKeyPolicies = operation({ on: 'key' }, listKeyPoliciesShape, (call, input) => {
  findKey(call, input.KeyId, 'without aliases');
  return page('PolicyNames', ['default'], String, input, 100);
});

/** @throws NotFoundException for any policy name but `default`, which is the only one that KMS has. */
function needDefaultName(name: string | undefined): void {
  if (name !== undefined && name !== 'default') throw new AwsError('NotFoundException', unverifiedText('policy-name'));
}
