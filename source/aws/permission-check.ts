import type { ContextEntry, EvaluationResult, IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { PolicyWord } from './existing-policy.ts';
import { principalName } from './identity.ts';
import { allows, type KeyPolicy } from './key-policy.ts';
import { type Need, neededForImport, type PolicyScope, type Target, targetArn } from './needed-policy.ts';
import { explainConnectionFailure } from './problems.ts';

/** The result of {@link testPermissions}. */
export type PermissionTest =
  | { readonly tested: true; readonly missing: readonly Need[] }
  /** The permissions could not be tested; `why` is a whole sentence. */
  | { readonly tested: false; readonly why: string };

/** The caller and the permissions about which IAM is asked, and what the key policy says about the caller. */
type PermissionQuery = PolicyScope & {
  readonly principalArn: string;
  /** The permissions to ask about. When absent, all that a first import needs. */
  readonly needs?: readonly Need[];
} & (
    | {
        /** A key policy that Keyferry built. */
        readonly policy: KeyPolicy;
      }
    | {
        /** Says what a key policy that somebody else wrote means for an action of the caller. */
        readonly wordOf: (action: string) => PolicyWord;
      }
  );

/**
 * Asks IAM which of the permissions for a ceremony the caller lacks. IAM only simulates: nothing is made. A permission
 * counts as missing only when the answer is certain. When a policy has a condition that the simulation cannot know, such as
 * MFA, the permission does not count as missing: the real call will show it. SimulatePrincipalPolicy.
 * @param options.timeoutMs how long all questions together may take; after that the result is `tested: false`.
 */
export async function testPermissions(
  iam: IAMClient,
  query: PermissionQuery,
  { signal, timeoutMs = 6000 }: { signal?: AbortSignal | undefined; timeoutMs?: number } = {},
): Promise<PermissionTest> {
  const { principalArn } = query;
  if (principalArn.endsWith(':root'))
    return { tested: false, why: 'You are the account root, which IAM does not limit.' };
  if (!/:iam::\d{12}:(user|role)\//.test(principalArn))
    return { tested: false, why: `IAM cannot simulate for ${principalArn}.` };
  const deadline = AbortSignal.timeout(timeoutMs);
  const stopSignal = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const targets = [...new Set((query.needs ?? neededForImport).map(({ on }) => on))];
  try {
    const missing: Need[] = [];
    // Not in parallel: when IAM throttles or fails, the person should see one message and not five.
    for (const on of targets) missing.push(...(await findMissingOn(iam, on, query, stopSignal)));
    return { tested: true, missing };
  } catch (error) {
    signal?.throwIfAborted();
    return { tested: false, why: explainUntested(error, principalArn) };
  }
}

/** Asks IAM about the permissions on one kind of target, and gives those that the caller lacks. */
async function findMissingOn(
  iam: IAMClient,
  on: Target,
  query: PermissionQuery,
  signal: AbortSignal,
): Promise<readonly Need[]> {
  const { SimulatePrincipalPolicyCommand } = await import('@aws-sdk/client-iam');
  const needs = (query.needs ?? neededForImport).filter((need) => need.on === on);
  // A `*` in the ARN means a thing that does not exist yet. Any name can replace it, because no policy can name that thing.
  // An ARN that is `*` alone stays.
  const resource = targetArn(on, query)
    .replace(/:key\/\*$/, ':key/00000000-0000-4000-8000-000000000000')
    .replaceAll(/(?<=.)\*/g, '0');
  const { EvaluationResults = [] } = await iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: query.principalArn,
      ActionNames: needs.map(({ action }) => action),
      ResourceArns: [resource],
      ContextEntries: contextEntries(query),
      MaxItems: 100,
    }),
    { abortSignal: signal },
  );
  return needs.filter((need) => {
    const result = EvaluationResults.find(({ EvalActionName }) => EvalActionName === need.action);
    return result !== undefined && isMissing(need, result, query);
  });
}

/**
 * Tells from one result of the simulation whether the caller lacks a permission. For an action on the key, a statement of
 * the key policy that names the caller is enough, unless a policy denies the action or a permissions boundary or
 * organization policy does not allow it. When no statement names the caller, IAM decides, if the key policy leaves that to
 * IAM. IAM user guide, "Policy evaluation logic".
 */
function isMissing({ action, on, beforeKey }: Need, result: EvaluationResult, query: PermissionQuery): boolean {
  const word = on === 'key' && beforeKey === undefined ? readPolicyWord(query, action) : 'iam';
  if (word === 'denied' || word === 'not named') return true;
  if (result.EvalDecision === 'allowed' || (result.MissingContextValues ?? []).length > 0) return false;
  const isOutOfBounds =
    result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false ||
    result.OrganizationsDecisionDetail?.AllowedByOrganizations === false;
  return result.EvalDecision === 'explicitDeny' || isOutOfBounds || word === 'iam';
}

/** Says what the key policy means for an action of the caller. Keyferry's own policy always leaves the rest to IAM. */
function readPolicyWord(query: PermissionQuery, action: string): PolicyWord {
  if ('wordOf' in query) return query.wordOf(action);
  return allows(query.policy, query.principalArn, action) ? 'named' : 'iam';
}

/** Gives the condition keys that the requests of a first import will have, for policies with conditions. */
function contextEntries({ region, accountId }: PolicyScope): ContextEntry[] {
  const entry = (name: string, value: string, type: 'string' | 'stringList' | 'boolean' = 'string') => ({
    ContextKeyName: name,
    ContextKeyType: type,
    ContextKeyValues: [value],
  });
  return [
    entry('kms:KeyOrigin', 'EXTERNAL'),
    entry('kms:KeySpec', 'SYMMETRIC_DEFAULT'),
    entry('kms:KeyUsage', 'ENCRYPT_DECRYPT'),
    entry('kms:CallerAccount', accountId),
    entry('kms:WrappingAlgorithm', 'RSAES_OAEP_SHA_256'),
    entry('kms:WrappingKeySpec', 'RSA_4096'),
    entry('kms:ExpirationModel', 'KEY_MATERIAL_DOES_NOT_EXPIRE'),
    entry('kms:BypassPolicyLockoutSafetyCheck', 'false', 'boolean'),
    entry('aws:RequestedRegion', region),
    entry('aws:SecureTransport', 'true', 'boolean'),
    entry('aws:TagKeys', 'keyferry:ceremony', 'stringList'),
    entry('s3:x-amz-server-side-encryption', 'aws:kms'),
  ];
}

/** Says in a sentence why IAM did not answer the simulation. */
function explainUntested(error: unknown, principalArn: string): string {
  const name = (error as { name?: string } | null)?.name ?? '';
  if (/^AccessDenied/.test(name)) return 'Your credentials may not call iam:SimulatePrincipalPolicy.';
  if (/^NoSuchEntity/.test(name)) return `IAM does not know ${principalName(principalArn)} under that path.`;
  const failure = explainConnectionFailure(error);
  if (failure !== undefined) return `IAM cannot be reached: ${failure.reason}.`;
  const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
  // When the answer has no error name, the SDK invents one, which would tell the person nothing.
  return status !== undefined && /^(Unknown|Error)/.test(name)
    ? `IAM answered with status ${status}.`
    : `IAM answered ${name}.`;
}

/**
 * Asks KMS whether the caller may use an existing key for uploads to S3, also when the key has no material. S3 needs
 * kms:GenerateDataKey, and for uploads in parts also kms:Decrypt. It sends DryRun requests, which do nothing: KMS developer
 * guide, "Testing your permissions".
 * @returns the actions that KMS refuses with AccessDeniedException. Any other answer counts as allowed.
 */
export async function findRefusedUses(kms: KMSClient, keyArn: string, signal: AbortSignal): Promise<readonly string[]> {
  const { DecryptCommand, GenerateDataKeyCommand } = await import('@aws-sdk/client-kms');
  const options = { abortSignal: signal };
  const requests = [
    {
      action: 'kms:GenerateDataKey',
      send: () => kms.send(new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: 'AES_256', DryRun: true }), options),
    },
    {
      action: 'kms:Decrypt',
      send: () =>
        kms.send(
          new DecryptCommand({
            KeyId: keyArn,
            DryRun: true,
            // With this modifier, KMS needs no ciphertext.
            DryRunModifiers: ['IGNORE_CIPHERTEXT'],
            CiphertextBlob: undefined,
          }),
          options,
        ),
    },
  ];
  const refused = await Promise.all(
    requests.map(async ({ action, send }) => {
      const errorName = await send().then(
        () => '',
        (error: unknown) => (error as Error).name,
      );
      return errorName === 'AccessDeniedException' ? action : undefined;
    }),
  );
  signal.throwIfAborted();
  return refused.filter((action) => action !== undefined);
}
