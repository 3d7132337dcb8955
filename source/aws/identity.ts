import { ProblemError } from '../ceremony/problem.ts';
import type { AwsClients } from './clients.ts';

/** Who the caller is. */
export type Caller = {
  readonly accountId: string;
  readonly partition: string;
  /** The ARN that STS gives: of a session, a user, or the account root. */
  readonly arn: string;
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
 * Asks STS who the caller is. Calls GetCallerIdentity, which needs no permission.
 * @throws ProblemError when the answer does not come from AWS.
 */
export async function readCaller({ sts }: Pick<AwsClients, 'sts'>, signal?: AbortSignal): Promise<Caller> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}), abortOption(signal));
  if (Account === undefined || Arn === undefined) throw new ProblemError(describeForeignAnswer());
  return { accountId: Account, partition: Arn.split(':')[1] ?? 'aws', arn: Arn };
}

/**
 * Asks STS for the number of the caller's account. Calls GetCallerIdentity, which needs no permission.
 * @throws ProblemError when the answer does not come from AWS.
 */
export async function readAccountId({ sts }: Pick<AwsClients, 'sts'>, signal?: AbortSignal): Promise<string> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const { Account } = await sts.send(new GetCallerIdentityCommand({}), abortOption(signal));
  if (Account === undefined) throw new ProblemError(describeForeignAnswer());
  return Account;
}

/**
 * Yields the roles, then the users, page by page. Leaves out service-linked roles: an account has many, and few key policies
 * need one of them.
 */
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

/**
 * Gives the short name of a principal for people: `role SecurityAdmin`, `user alice`, `account root`. For a session, gives the
 * name of its role. A principal may also be the 12 digits of an account: `account 111122223333`.
 */
export function principalName(arn: string): string {
  if (/^\d{12}$/.test(arn)) return `account ${arn}`;
  const resource = arn.split(':')[5] ?? arn;
  if (resource === 'root') return 'account root';
  const [kind = '', ...path] = resource.split('/');
  if (kind === 'assumed-role') return `role ${path[0]}`;
  // A federated-user is called "federated user".
  return `${kind.replace('-', ' ')} ${path.at(-1) ?? ''}`;
}

/**
 * What IAM says about a user or role of the own account. `elsewhere`: IAM has this user or role under another path, and `arn`
 * is its ARN. `unknown`: IAM did not say it; `why` has no full stop.
 */
export type PrincipalLookup =
  | { readonly is: 'there' | 'absent' }
  | { readonly is: 'elsewhere'; readonly arn: string }
  | { readonly is: 'unknown'; readonly why: string };

/**
 * Asks IAM whether a user or role exists, for five seconds at most. An answer without an ARN counts as `absent`. Calls GetRole or
 * GetUser.
 */
export async function findPrincipal(
  { iam, askIam }: Pick<AwsClients, 'iam' | 'askIam'>,
  arn: string,
): Promise<PrincipalLookup> {
  const { GetRoleCommand, GetUserCommand } = await import('@aws-sdk/client-iam');
  const name = arn.split('/').at(-1) ?? '';
  const told = await askIam(async (options) =>
    arn.includes(':role/')
      ? (await iam.send(new GetRoleCommand({ RoleName: name }), options)).Role?.Arn
      : (await iam.send(new GetUserCommand({ UserName: name }), options)).User?.Arn,
  );
  if (told.is === 'none') return { is: 'unknown', why: told.why };
  if (told.is === 'absent' || told.answer === undefined) return { is: 'absent' };
  return told.answer === arn ? { is: 'there' } : { is: 'elsewhere', arn: told.answer };
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
