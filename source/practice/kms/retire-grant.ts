import { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import { isCaller } from './authority.ts';
import { stopDryRun } from './dry-run.ts';
import { entryOf, grantId, principal } from './grants.ts';
import { allKeys, changeKey } from './key-store.ts';
import { flag, keyId, limit, marker } from './members.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';

/**
 * RetireGrant. The grant itself says who may retire it: its retiring principal, and its grantee when the grant allows that.
 * Others need the permission. Source: KMS developer guide, "Retiring and revoking grants".
 */
export const retireGrant = operation(
  { on: 'key' },
  {
    GrantToken: { kind: 'text', min: 1, max: 8192 },
    KeyId: { ...keyId, required: false },
    GrantId: grantId,
    DryRun: flag,
  },
  (call, input) => {
    // A grant token is the id in base64.
    const id = input.GrantId ?? Buffer.from(input.GrantToken ?? '', 'base64').toString();
    const keyIdOfGrant = input.KeyId ?? findKeyIdOf(call, id);
    // A request that names the key must name the grant by its id, not by its token.
    const lacksGrantId = input.KeyId !== undefined && input.GrantId === undefined;
    if (keyIdOfGrant === undefined || lacksGrantId)
      throw new AwsError('InvalidGrantTokenException', unverifiedText('grant-token'));
    const caller: Parameters<typeof changeKey>[0] = {
      ...call,
      isGrantedBy: (grant) =>
        grant.grantId === id &&
        (isCaller(grant.retiring, call) || (isCaller(grant.grantee, call) && grant.operations.includes('RetireGrant'))),
    };
    changeKey(caller, keyIdOfGrant, (before) => {
      const grants = (before.grants ?? []).filter((grant) => grant.grantId !== id);
      if (grants.length === (before.grants ?? []).length)
        throw new AwsError('NotFoundException', unverifiedText('grant-missing', { grantId: id }));
      stopDryRun(input);
      return { ...before, grants };
    });
    return undefined;
  },
);

/** ListRetirableGrants: the grants of all keys of the Region that name this retiring principal. */
export const listRetirableGrants = operation(
  { on: 'account' },
  { RetiringPrincipal: { ...principal, required: true }, Limit: { ...limit, max: 100 }, Marker: marker },
  (call, input) => {
    const grants = allKeys(call)
      .flatMap((key) => (key.grants ?? []).map((grant) => ({ key, grant })))
      .filter(({ grant }) => grant.retiring === input.RetiringPrincipal)
      .map(({ key, grant }) => entryOf(key, grant))
      .sort((a, b) => (a.GrantId < b.GrantId ? -1 : 1));
    return page('Grants', grants, (grant) => grant.GrantId, input, 50);
  },
);

/** Gives the id of the key in the Region that has this grant; `undefined` when there is none. */
function findKeyIdOf(call: Call, id: string): string | undefined {
  return allKeys(call).find(({ grants = [] }) => grants.some((grant) => grant.grantId === id))?.keyId;
}
