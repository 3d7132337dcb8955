import type { IamAnswer } from './asking-iam.ts';
import type { AwsClients } from './clients.ts';
import { type Caller, principalArnPattern } from './identity.ts';
import { readSharedConfig } from './shared-config.ts';

// Pages: IAM user guide, "IAM identifiers"; STS API reference, GetFederationToken.

/**
 * The ARN that a key policy must name for the caller. `known`: STS or IAM has said it. `derived`: it follows from the profile
 * by a rule of AWS, and IAM did not confirm it. `unknown`: nobody has said it. `why` has no full stop.
 */
export type CallerPrincipal =
  | { readonly is: 'known'; readonly arn: string }
  | { readonly is: 'derived'; readonly arn: string; readonly why: string }
  | { readonly is: 'unknown'; readonly why: string };

/**
 * The path of all roles of IAM Identity Center begins like this. IAM Identity Center user guide, "Referencing
 * permission sets in resource policies, Amazon EKS Cluster config maps, and AWS KMS key policies".
 */
const ssoPath = '/aws-reserved/sso.amazonaws.com/';

/**
 * Finds the ARN that a key policy must name for the caller. The ARN of a session has the name of its role and not the path. So IAM
 * is asked (GetRole, then ListRoles), for five seconds at most. When IAM has no such role, the ARN is unknown. When IAM does not
 * tell, the ARN is derived from the profile, if that is possible.
 */
export async function findCallerPrincipal(
  clients: Pick<AwsClients, 'iam' | 'askIam' | 'profile'>,
  caller: Caller,
  signal?: AbortSignal,
): Promise<CallerPrincipal> {
  const { arn } = caller;
  if (arn.includes(':federated-user/'))
    return { is: 'unknown', why: 'a federated user has no user or role of its own' };
  const role = sessionRole(arn);
  if (role === undefined) return { is: 'known', arn };
  const found = await findRole(clients, role, signal);
  if (found.is === 'answer') return { is: 'known', arn: found.answer };
  if (found.is === 'absent') return { is: 'unknown', why: `IAM has no role ${role}` };
  const derived = await deriveSsoRole(clients.profile, caller, role);
  return derived === undefined ? { is: 'unknown', why: found.why } : { is: 'derived', arn: derived, why: found.why };
}

/** Gives the name of the role of a session's ARN; `undefined` for any other ARN. IAM reference, "IAM identifiers". */
export function sessionRole(arn: string): string | undefined {
  return /^arn:[^:]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(arn)?.[1];
}

/**
 * Asks IAM for the ARN of a role, with GetRole. When IAM has no such role, that is the answer. When GetRole gives no ARN for
 * another reason, asks with ListRoles, which some people may call alone.
 */
async function findRole(
  { iam, askIam }: Pick<AwsClients, 'iam' | 'askIam'>,
  role: string,
  signal: AbortSignal | undefined,
): Promise<IamAnswer<string>> {
  const { GetRoleCommand, paginateListRoles } = await import('@aws-sdk/client-iam');
  const told = await askIam((options) => iam.send(new GetRoleCommand({ RoleName: role }), options), signal);
  if (told.is === 'absent') return told;
  const arn = told.is === 'answer' ? told.answer.Role?.Arn : undefined;
  // Without a usable ARN in the answer, the list is asked.
  if (arn !== undefined && principalArnPattern.test(arn)) return { is: 'answer', answer: arn };
  const PathPrefix = role.startsWith('AWSReservedSSO_') ? ssoPath : '/';
  const list = async (options: { readonly abortSignal: AbortSignal }) => {
    for await (const { Roles = [] } of paginateListRoles({ client: iam, pageSize: 1000 }, { PathPrefix }, options)) {
      const listed = Roles.find(({ RoleName }) => RoleName === role);
      if (listed?.Arn !== undefined) return listed.Arn;
    }
    return undefined;
  };
  const listed = await askIam(list, signal);
  if (listed.is !== 'answer') return listed;
  return listed.answer === undefined
    ? { is: 'none', why: `IAM does not list the role ${role}` }
    : { is: 'answer', answer: listed.answer };
}

/**
 * Derives the ARN of a role of IAM Identity Center from the profile that signed in: the path has the home Region of
 * Identity Center, which the profile calls `sso_region`, and no Region when that is us-east-1. IAM Identity Center
 * user guide, "Referencing permission sets in resource policies, Amazon EKS Cluster config maps, and AWS KMS key
 * policies". Gives `undefined` when no profile signed in to this role, when it names no home Region, and in China.
 */
async function deriveSsoRole(
  profile: string | undefined,
  { accountId, partition }: Caller,
  role: string,
): Promise<string | undefined> {
  // For China, AWS documents no such path.
  if (profile === undefined || partition === 'aws-cn') return undefined;
  const { profiles, ssoSessions } = await readSharedConfig();
  const settings = profiles.get(profile) ?? {};
  const { sso_account_id: ssoAccount, sso_role_name: permissionSet, sso_session: session } = settings;
  const home = ssoSessions.get(session ?? '')?.sso_region ?? settings.sso_region;
  // Identity Center calls the role after the permission set, with 16 hex digits at the end.
  const prefix = `AWSReservedSSO_${permissionSet}_`;
  const isOfProfile = role.startsWith(prefix) && /^[0-9a-f]{16}$/.test(role.slice(prefix.length));
  if (home === undefined || ssoAccount !== accountId || !isOfProfile) return undefined;
  return `arn:${partition}:iam::${accountId}:role${ssoPath}${home === 'us-east-1' ? '' : `${home}/`}${role}`;
}
