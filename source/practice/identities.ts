import { accountId, type Principal, roles, users } from './account.ts';

/** Someone who may call practice AWS. */
export type PracticeIdentity = {
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** As GetCallerIdentity gives it. */
  readonly arn: string;
  readonly userId: string;
  /** The IAM user or role behind the ARN: the principal that a key policy names. */
  readonly principal: Principal;
  /** Action patterns that IAM denies to this identity, such as `iam:List*`. */
  readonly denied: readonly string[];
};

/**
 * The identities that practice AWS knows. Temporary-style access keys carry a session token, which is accepted but not
 * demanded: a person who copies two lines out of three is not stopped by it.
 */
export const practiceIdentities = {
  /** The default: a person in the assumed role SecurityAdmin, who may do everything. */
  securityAdmin: assumedRole(
    'SecurityAdmin',
    'you',
    'ASIAKEYFERRYPRACTICE',
    'practice-only-secret-of-security-admin-0',
  ),
  /** An IAM user with long-lived access keys, who may do everything. */
  secops1: iamUser('secops-1', 'AKIAKEYFERRYSECOPS01', 'practice-only-secret-of-user-secops-1-00'),
  /** A role under the path /application/ that IAM lets list neither users nor roles. */
  appDeployer: assumedRole(
    'app-deployer',
    'release-42',
    'ASIAKEYFERRYDEPLOYER',
    'practice-only-secret-of-app-deployer-000',
    ['iam:List*'],
  ),
} as const satisfies Record<string, PracticeIdentity>;

/** The identity whose access key this is, if practice AWS has it. */
export function identityOf(accessKeyId: string): PracticeIdentity | undefined {
  const named = Object.values(practiceIdentities).find((identity) => identity.credentials.accessKeyId === accessKeyId);
  const principal = [...users, ...roles].find((one) => accessKeyOf(one) === accessKeyId);
  return named ?? (principal && plainIdentity(principal));
}

/**
 * The identity of any user or role of the practice account, by its name. Those that are not among
 * {@link practiceIdentities} may do nothing in KMS but what a key policy or a grant allows them. Throws Error for a name
 * that the account does not have.
 */
export function identityNamed(name: string): PracticeIdentity {
  const known = Object.values(practiceIdentities).find(({ principal }) => principal.name === name);
  const principal = [...users, ...roles].find((one) => one.name === name);
  if (!known && !principal) {
    throw new Error(`The practice account has no user or role ${name}`);
  }
  return known ?? plainIdentity(principal as Principal);
}

function plainIdentity(principal: Principal): PracticeIdentity {
  const { kind, name, arn, id } = principal;
  const credentials = {
    accessKeyId: accessKeyOf(principal),
    secretAccessKey: `practice-only-secret-of-${id}`.slice(0, 40),
  };
  const denied = ['kms:*', 'iam:List*'];
  return kind === 'user'
    ? { credentials, arn, userId: id, principal, denied }
    : {
        credentials: { ...credentials, sessionToken: `practice-session-of-${name}` },
        arn: `arn:aws:sts::${accountId}:assumed-role/${name}/practice`,
        userId: `${id}:practice`,
        principal,
        denied,
      };
}

/** Made of the unique id, so that nothing has to be kept. */
function accessKeyOf({ kind, id }: Principal): string {
  return `${kind === 'user' ? 'AKIA' : 'ASIA'}${id.slice(4, 20)}`;
}

function assumedRole(
  name: string,
  session: string,
  accessKeyId: string,
  secretAccessKey: string,
  denied: readonly string[] = [],
): PracticeIdentity {
  const principal = named(roles, name);
  return {
    credentials: { accessKeyId, secretAccessKey, sessionToken: `practice-session-of-${name}` },
    arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${session}`,
    userId: `${principal.id}:${session}`,
    principal,
    denied,
  };
}

function iamUser(name: string, accessKeyId: string, secretAccessKey: string): PracticeIdentity {
  const principal = named(users, name);
  return {
    credentials: { accessKeyId, secretAccessKey },
    arn: principal.arn,
    userId: principal.id,
    principal,
    denied: [],
  };
}

function named(list: readonly Principal[], name: string): Principal {
  const found = list.find((one) => one.name === name);
  if (!found) {
    throw new Error(`the practice account has no ${name}`);
  }
  return found;
}
