import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { partitionOf } from '../partition.ts';
import { rootArn } from '../policy-document.ts';
import { unverifiedText } from '../unverified.ts';
import { stopDryRun } from './dry-run.ts';
import { arnOf, type Grant, type KeyRecord } from './key-record.ts';
import { needState } from './key-states.ts';
import { changeKey, findKey } from './key-store.ts';
import { flag, grantTokens, keyId, limit, marker } from './members.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';

/** The operations that a grant can allow. Source: GrantOperation, KMS API reference. */
const operations = new Set(
  [
    'CreateGrant Decapsulate Decrypt DeriveSharedSecret DescribeKey Encapsulate Encrypt GenerateDataKey',
    'GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac GetPublicKey',
    'ReEncryptFrom ReEncryptTo RetireGrant Sign Verify VerifyMac',
  ].flatMap((line) => line.split(' ')),
);

/** A principal, or the name of a service. */
export const principal = { kind: 'text', min: 1, max: 256, pattern: '^[\\w+=,.@:/-]+$' } as const;
export const grantId = { kind: 'text', min: 1, max: 128 } as const;

export const createGrant = operation(
  { on: 'key' },
  {
    KeyId: keyId,
    GranteePrincipal: principal,
    GranteeServicePrincipal: principal,
    RetiringPrincipal: principal,
    RetiringServicePrincipal: principal,
    Operations: { kind: 'texts', max: 32, required: true },
    Constraints: { kind: 'constraints' },
    GrantTokens: grantTokens,
    Name: { kind: 'text', min: 1, max: 256, pattern: '^[a-zA-Z0-9:/_-]+$' },
    DryRun: flag,
  },
  (call, input) => {
    const unknown = input.Operations.find((name) => !operations.has(name));
    if (unknown !== undefined || input.Operations.length === 0) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value '[${input.Operations.join(', ')}]' at 'operations' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [${[...operations].join(', ')}]]`,
      );
    }
    const { GranteeServicePrincipal: service, RetiringServicePrincipal: retiringService } = input;
    const grantee = principalOrService('Grantee', input.GranteePrincipal, service);
    const retiring =
      input.RetiringPrincipal === undefined && retiringService === undefined
        ? undefined
        : principalOrService('Retiring', input.RetiringPrincipal, retiringService);
    const grant: Grant = {
      grantId: randomBytes(32).toString('hex'),
      created: call.now().getTime(),
      grantee,
      ...(service === undefined ? {} : { isForService: true }),
      operations: input.Operations,
      ...(input.Name === undefined ? {} : { name: input.Name }),
      ...(retiring === undefined ? {} : { retiring }),
      ...(retiringService === undefined ? {} : { isRetiredByService: true }),
      ...(input.Constraints === undefined ? {} : { constraints: input.Constraints }),
    };
    changeKey(call, input.KeyId, (key) => {
      needState('CreateGrant', key);
      stopDryRun(input);
      return { ...key, grants: [...(key.grants ?? []), grant] };
    });
    return { GrantId: grant.grantId, GrantToken: Buffer.from(grant.grantId).toString('base64') };
  },
);

export const listGrants = operation(
  { on: 'key' },
  {
    KeyId: keyId,
    GrantId: grantId,
    GranteePrincipal: principal,
    GranteeServicePrincipal: principal,
    Limit: { ...limit, max: 100 },
    Marker: marker,
  },
  (call, input) => {
    const key = findKey(call, input.KeyId, 'without aliases');
    // A filter that the request leaves out lets every grant pass.
    const grants = (key.grants ?? [])
      .filter(({ grantId: id }) => id === (input.GrantId ?? id))
      .filter(({ grantee }) => grantee === (input.GranteePrincipal ?? input.GranteeServicePrincipal ?? grantee))
      .map((grant) => entryOf(key, grant))
      .sort((a, b) => (a.GrantId < b.GrantId ? -1 : 1));
    return page('Grants', grants, (grant) => grant.GrantId, input, 50);
  },
);

/** RevokeGrant. Deletes a grant of the key. */
export const revokeGrant = operation(
  { on: 'key' },
  { KeyId: keyId, GrantId: { ...grantId, required: true }, DryRun: flag },
  (call, input) => {
    changeKey(call, input.KeyId, (key) => {
      const grants = (key.grants ?? []).filter((grant) => grant.grantId !== input.GrantId);
      if (grants.length === (key.grants ?? []).length)
        throw new AwsError('NotFoundException', unverifiedText('grant-missing', { grantId: input.GrantId }));
      stopDryRun(input);
      return { ...key, grants };
    });
    return undefined;
  },
);

/**
 * Gives the principal or the service of a grant. The caller asks for `Retiring` only when the request names one.
 * @throws ValidationException when the request names both or none.
 */
function principalOrService(
  role: 'Grantee' | 'Retiring',
  principalArn: string | undefined,
  service: string | undefined,
): string {
  const hasBoth = principalArn !== undefined && service !== undefined;
  const only = principalArn ?? service;
  if (hasBoth || only === undefined)
    throw new AwsError('ValidationException', unverifiedText('grant-principal', { role }));
  return only;
}

/** Gives a grant in the form of ListGrants. */
export function entryOf(key: KeyRecord, grant: Grant) {
  return {
    KeyId: arnOf(key),
    GrantId: grant.grantId,
    Name: grant.name ?? '',
    CreationDate: grant.created / 1000,
    [grant.isForService ? 'GranteeServicePrincipal' : 'GranteePrincipal']: grant.grantee,
    ...(grant.retiring === undefined
      ? {}
      : { [grant.isRetiredByService ? 'RetiringServicePrincipal' : 'RetiringPrincipal']: grant.retiring }),
    IssuingAccount: rootArn(partitionOf(key.region)),
    Operations: grant.operations,
    ...(grant.constraints === undefined ? {} : { Constraints: grant.constraints }),
  };
}
