import type { ContextEntry, EvaluationResult, IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import { proofContext } from './data-key.ts';
import { type ExistingPolicy, type PolicyWord, wordOf } from './existing-policy.ts';
import { principalName } from './identity.ts';
import { type Need, neededForImport, type PolicyScope, type Target, targetArn } from './needed-policy.ts';
import { type Judgement, judge, type MissingPermission, type UnknownPermission } from './permission-judgement.ts';
import { explainConnectionFailure } from './problems.ts';
import { actionsOfLaterChoices, contextEntries, entriesOfLaterChoices } from './request-context.ts';

// Pages: AWS Organizations user guide, "Service control policies (SCPs)"; IAM API reference, SimulatePrincipalPolicy.

/** The result of {@link testPermissions}. */
export type PermissionTest =
  | {
      readonly tested: true;
      readonly missing: readonly MissingPermission[];
      /** The permissions about which IAM cannot tell. Absent when there are none, and in ceremonies of earlier versions. */
      readonly unknown?: readonly UnknownPermission[];
    }
  /** The permissions could not be tested; `why` is a whole sentence. */
  | { readonly tested: false; readonly why: string };

/** The caller and the permissions about which IAM is asked, and what the key policy says about the caller. */
type PermissionQuery = PolicyScope & {
  readonly principalArn: string;
  /** The key policy. When `undefined`, it is not known, and counts as leaving the decision to IAM. */
  readonly policy: ExistingPolicy | undefined;
  /** The permissions to ask about. When absent, all that a first import needs. */
  readonly needs?: readonly Need[];
  /** True when the new key will be a multi-Region key. */
  readonly multiRegion?: boolean;
};

/** A permission, and what IAM and the key policy say about it. */
type Judged = { readonly need: Need; readonly judgement: Judgement };

/**
 * Asks IAM which of the permissions for a ceremony the caller lacks. IAM only simulates: nothing is made. A permission
 * counts as missing only when IAM is certain; what IAM cannot tell is listed apart. Even a certain answer may differ from what
 * the real call meets, because IAM does not see every policy. Gives `tested: false` when the caller is no user or role, or when IAM
 * refuses the question or does not answer. Calls SimulatePrincipalPolicy.
 * @param options.timeoutMs how long all questions together may take; after that the result is `tested: false`.
 * @throws only when `signal` ends.
 */
export async function testPermissions(
  iam: IAMClient,
  query: PermissionQuery,
  { signal, timeoutMs = 6000 }: { signal?: AbortSignal | undefined; timeoutMs?: number } = {},
): Promise<PermissionTest> {
  const { principalArn } = query;
  if (principalArn.endsWith(':root'))
    return {
      tested: false,
      why: 'You are the account root: no IAM policy limits it, but policies of an organization may. Better sign in as a user or role.',
    };
  if (!/:iam::\d{12}:(user|role)\//.test(principalArn))
    return { tested: false, why: `IAM cannot simulate for ${principalArn}.` };
  const deadline = AbortSignal.timeout(timeoutMs);
  const stopSignal = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const allNeeds = query.needs ?? neededForImport;
  try {
    const judged: Judged[] = [];
    // Not in parallel: when IAM throttles or fails, the person should see one message and not five.
    for (const on of new Set(allNeeds.map((need) => need.on))) {
      const needs = allNeeds.filter((need) => need.on === on);
      judged.push(...(await judgeOn(iam, { on, needs }, query, stopSignal)));
    }
    const unknown = judged.flatMap(({ need, judgement }) =>
      judgement.is === 'unknown' ? [{ ...need, ...judgement.doubt }] : [],
    );
    return {
      tested: true,
      missing: judged.flatMap(({ need, judgement }) =>
        judgement.is === 'missing' ? [{ ...need, by: judgement.by }] : [],
      ),
      ...(unknown.length > 0 ? { unknown } : {}),
    };
  } catch (error) {
    signal?.throwIfAborted();
    return { tested: false, why: explainUntested(error, principalArn) };
  }
}

/** Permissions that are all on the same kind of thing. */
type NeedsOn = { readonly on: Target; readonly needs: readonly Need[] };

/**
 * Judges the permissions on one kind of thing. First asks IAM with the values that Keyferry recommends for what the person chooses
 * later. When a permission that such a choice may decide is missing, asks for it again without these values. If a policy depends on
 * the choice, IAM then says that it lacks the value. So the permission is unknown and not missing.
 */
async function judgeOn(
  iam: IAMClient,
  { on, needs }: NeedsOn,
  query: PermissionQuery,
  signal: AbortSignal,
): Promise<readonly Judged[]> {
  const known = contextEntries(query);
  const recommended = [...known, ...entriesOfLaterChoices];
  const judged = judgeAll(needs, await simulate(iam, { on, needs }, query, recommended, signal), query);
  // What the key policy decides does not depend on such a choice.
  const doubtful = judged.filter(
    ({ need, judgement }) =>
      actionsOfLaterChoices.includes(need.action) && judgement.is === 'missing' && judgement.by !== 'key policy',
  );
  if (doubtful.length === 0) return judged;
  const again = doubtful.map(({ need }) => need);
  const sure = judged.filter((each) => !doubtful.includes(each));
  return [...sure, ...judgeAll(again, await simulate(iam, { on, needs: again }, query, known, signal), query)];
}

/** Asks IAM about permissions on one kind of thing, page by page. */
async function simulate(
  iam: IAMClient,
  { on, needs }: NeedsOn,
  query: PermissionQuery,
  entries: readonly ContextEntry[],
  signal: AbortSignal,
): Promise<readonly EvaluationResult[]> {
  const { SimulatePrincipalPolicyCommand } = await import('@aws-sdk/client-iam');
  const results: EvaluationResult[] = [];
  let marker: string | undefined;
  for (;;) {
    const page = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: query.principalArn,
        ActionNames: needs.map(({ action }) => action),
        ResourceArns: [resourceFor(on, query)],
        ContextEntries: [...entries],
        MaxItems: 100,
        ...(marker === undefined ? {} : { Marker: marker }),
      }),
      { abortSignal: signal },
    );
    results.push(...(page.EvaluationResults ?? []));
    // A page may have fewer results than were asked for. When IAM gives the same marker again, stop: this loop would never end.
    if (page.IsTruncated !== true || page.Marker === undefined || page.Marker === marker) return results;
    marker = page.Marker;
  }
}

/**
 * Gives the ARN for a question to IAM. A thing that does not exist yet has `*` in its ARN. A made-up name replaces that, because no
 * policy can name the thing.
 */
function resourceFor(on: Target, query: PermissionQuery): string {
  const madeUpKeyId = query.multiRegion === true ? `mrk-${'0'.repeat(32)}` : '00000000-0000-4000-8000-000000000000';
  const withKey = targetArn(on, query).replace(/:key\/\*$/, `:key/${madeUpKeyId}`);
  // An ARN that is `*` alone stays.
  return withKey.replaceAll(/(?<=.)\*/g, '0');
}

/** Judges each permission by what IAM answered about it, and by the key policy, if a key policy can give this permission. */
function judgeAll(
  needs: readonly Need[],
  results: readonly EvaluationResult[],
  query: PermissionQuery,
): readonly Judged[] {
  const isUser = query.principalArn.includes(':user/');
  return needs.map((need) => {
    const result = results.find(({ EvalActionName }) => EvalActionName === need.action);
    const canPolicyGive = need.on === 'key' && need.beforeKey === undefined;
    const word = canPolicyGive ? readPolicyWord(query, need.action) : 'iam';
    return { need, judgement: judge(result, { word, isUser }) };
  });
}

/** Says what the key policy means for an action of the caller. A policy that is not known counts as leaving it to IAM. */
function readPolicyWord({ policy, principalArn, accountId }: PermissionQuery, action: string): PolicyWord {
  return policy === undefined ? 'iam' : wordOf(policy, principalArn, accountId, action);
}

/** Says in a sentence why IAM did not answer the simulation. */
function explainUntested(error: unknown, principalArn: string): string {
  const name = (error as { name?: string } | null)?.name ?? '';
  if (/^AccessDenied/.test(name)) return 'Your credentials may not call iam:SimulatePrincipalPolicy.';
  if (/^NoSuchEntity/.test(name)) return `IAM does not know ${principalName(principalArn)} under that path.`;
  const failure = explainConnectionFailure(error);
  if (failure !== undefined) return `IAM cannot be reached: ${failure.reason}.`;
  const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
  if (status === undefined || status < 400) return 'IAM gave no answer that can be read.';
  // When the answer has no error name, the SDK invents one, which would tell the person nothing.
  return /^(Unknown|Error)|\W/.test(name) ? `IAM answered with status ${status}.` : `IAM answered ${name}.`;
}

/**
 * Asks KMS whether the caller may use an existing key as the proof does, also when the key has no material: kms:GenerateDataKey,
 * which S3 needs for uploads, and kms:Decrypt, which S3 needs for uploads in parts. Sends only DryRun requests, which do nothing:
 * KMS developer guide, "Testing your permissions".
 * @returns the actions that KMS refuses with AccessDeniedException. Any other answer counts as allowed.
 * @throws only when `signal` ends.
 */
export async function findRefusedUses(kms: KMSClient, keyArn: string, signal: AbortSignal): Promise<readonly string[]> {
  const { DecryptCommand, GenerateDataKeyCommand } = await import('@aws-sdk/client-kms');
  const options = { abortSignal: signal };
  const requests = [
    {
      action: 'kms:GenerateDataKey',
      send: () =>
        kms.send(
          new GenerateDataKeyCommand({
            KeyId: keyArn,
            KeySpec: 'AES_256',
            EncryptionContext: proofContext,
            DryRun: true,
          }),
          options,
        ),
    },
    {
      action: 'kms:Decrypt',
      send: () =>
        kms.send(
          new DecryptCommand({
            KeyId: keyArn,
            EncryptionContext: proofContext,
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
        () => undefined,
        (error: unknown) => (error as Error).name,
      );
      return errorName === 'AccessDeniedException' ? action : undefined;
    }),
  );
  signal.throwIfAborted();
  return refused.filter((action) => action !== undefined);
}
