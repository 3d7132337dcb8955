import { ProblemError } from '../ceremony/problem.ts';
import type { AwsClients } from './clients.ts';

/** Who the caller is. */
export type Caller = {
  readonly accountId: string;
  readonly partition: string;
  /** The ARN that STS gives: of a session, a user, or the account root. */
  readonly arn: string;
  /** The ARN that a key policy must name for this caller. For a session, this is the ARN of its role. */
  readonly principalArn: string;
};

/** A user or role that a key policy can name. */
export type Principal = {
  readonly arn: string;
  readonly kind: 'user' | 'role';
  readonly name: string;
  readonly path: string;
};

/**
 * Matches the ARN of an IAM user, role or account root; its groups are partition, account and resource. IAM reference, "IAM
 * identifiers".
 */
export const principalArnPattern = /^arn:(aws[a-z-]*):iam::(\d{12}):(root|(?:user|role)\/[\w+=,.@/-]+)$/;

/**
 * Asks STS who the caller is, and finds the ARN that a key policy must name. GetCallerIdentity, which needs no permission.
 * @throws ProblemError when the answer does not come from AWS.
 */
export async function readCaller({ sts, iam, region }: AwsClients, signal?: AbortSignal): Promise<Caller> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}), abortOption(signal));
  if (Account === undefined || Arn === undefined) throw new ProblemError(describeForeignAnswer());
  const partition = Arn.split(':')[1] ?? 'aws';
  return { accountId: Account, partition, arn: Arn, principalArn: await findPrincipalArn(Arn, iam, region, signal) };
}

/**
 * Asks STS for the number of the caller's account. GetCallerIdentity, which needs no permission.
 * @throws ProblemError when the answer does not come from AWS.
 */
export async function readAccountId({ sts }: Pick<AwsClients, 'sts'>, signal?: AbortSignal): Promise<string> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const { Account } = await sts.send(new GetCallerIdentityCommand({}), abortOption(signal));
  if (Account === undefined) throw new ProblemError(describeForeignAnswer());
  return Account;
}

/**
 * Turns the ARN of a session into the ARN of its role, and gives any other ARN back unchanged. The ARN of a session does not
 * contain the path of the role. Therefore the function asks IAM (GetRole). When IAM refuses, the path is guessed: a role of
 * single sign-on has a known path, and for any other role no path is assumed.
 */
async function findPrincipalArn(
  arn: string,
  iam: AwsClients['iam'],
  region: string,
  signal?: AbortSignal,
): Promise<string> {
  const match = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn);
  if (match === null) return arn;
  const [, partition = '', account = '', role = ''] = match;
  const { GetRoleCommand } = await import('@aws-sdk/client-iam');
  try {
    const found = await iam.send(new GetRoleCommand({ RoleName: role }), abortOption(signal));
    if (found.Role?.Arn !== undefined) return found.Role.Arn;
  } catch (error) {
    signal?.throwIfAborted();
    if (
      !(error instanceof Error) ||
      !['AccessDenied', 'AccessDeniedException', 'NoSuchEntityException'].includes(error.name)
    )
      throw error;
  }
  const path = role.startsWith('AWSReservedSSO_') ? `aws-reserved/sso.amazonaws.com/${region}/` : '';
  return `arn:${partition}:iam::${account}:role/${path}${role}`;
}

/** Yields the roles, then the users, page by page. Leaves out service-linked roles: no key policy needs them. */
export async function* listPrincipals({ iam }: AwsClients): AsyncGenerator<readonly Principal[]> {
  const { paginateListRoles, paginateListUsers } = await import('@aws-sdk/client-iam');
  for await (const { Roles = [] } of paginateListRoles({ client: iam, pageSize: 1000 }, {})) {
    yield Roles.filter(({ Path = '' }) => !Path.startsWith('/aws-service-role/')).map(
      ({ Arn = '', RoleName = '', Path = '/' }) => ({
        arn: Arn,
        kind: 'role',
        name: RoleName,
        path: Path,
      }),
    );
  }
  for await (const { Users = [] } of paginateListUsers({ client: iam, pageSize: 1000 }, {})) {
    yield Users.map(({ Arn = '', UserName = '', Path = '/' }) => ({
      arn: Arn,
      kind: 'user',
      name: UserName,
      path: Path,
    }));
  }
}

/** Gives the short name of a principal for people: `role SecurityAdmin`, `user alice`, `account root`. */
export function principalName(arn: string): string {
  const resource = arn.split(':')[5] ?? arn;
  if (resource === 'root') return 'account root';
  const [kind = '', ...path] = resource.split('/');
  return `${kind} ${path.at(-1) ?? ''}`;
}

/** Asks IAM whether a user or role exists. Gives `unknown` when IAM refuses or does not answer. GetRole, GetUser. */
export async function findPrincipal({ iam }: AwsClients, arn: string): Promise<'exists' | 'absent' | 'unknown'> {
  const { GetRoleCommand, GetUserCommand } = await import('@aws-sdk/client-iam');
  const name = arn.split('/').at(-1) ?? '';
  try {
    const found = arn.includes(':role/')
      ? (await iam.send(new GetRoleCommand({ RoleName: name }))).Role?.Arn
      : (await iam.send(new GetUserCommand({ UserName: name }))).User?.Arn;
    return found === arn ? 'exists' : 'absent';
  } catch (error) {
    return error instanceof Error && error.name === 'NoSuchEntityException' ? 'absent' : 'unknown';
  }
}

/** Gives the SDK's option for a signal that may end the call. */
const abortOption = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });

/** Describes an answer without account or ARN: the SDK reads the web page of a proxy as an empty answer. */
function describeForeignAnswer() {
  return {
    kind: 'fixable',
    what: "Can't connect to AWS.",
    why: 'What answers at the STS endpoint does not say who you are. It is not AWS: a proxy, a sign-in page or another server.',
    state: 'Nothing was made or changed.',
    next: ['Check the proxy settings and the endpoint: env | grep -iE "proxy|AWS_ENDPOINT"'],
  } as const;
}
