import { accountId, type Principal, roles, users } from './account.ts';
import { inPartition, type Partition } from './partition.ts';
import type { Statement } from './policy-document.ts';

/** Facts about temporary credentials. They decide which operations the credentials may call. */
export type Session = {
  /** The operation of STS that gave them. */
  readonly from: 'AssumeRole' | 'GetSessionToken' | 'GetFederationToken';
  /** True when the person showed an MFA code. */
  readonly mfa: boolean;
  /** When they expire: milliseconds since 1970, by the system clock. */
  readonly ends?: number;
};

/** Someone who may call practice AWS. */
export type PracticeIdentity = {
  /** The name of a user or role, `root`, `session/NAME` or `federated-user/NAME`. It is unique. */
  readonly name: string;
  /** The ARN that GetCallerIdentity gives. */
  readonly arn: string;
  readonly userId: string;
  /** The principal that a key policy names: the user or role behind the ARN, the root user, the federated user. */
  readonly principal: Principal;
  /** Absent when the access keys are long-lived. */
  readonly session?: Session;
  /** Action patterns that IAM denies to this identity, such as `iam:List*`. */
  readonly denied: readonly string[];
  /** The statements of the session policy that the caller of STS asked for. */
  readonly sessionPolicy?: readonly Statement[];
};

/** The identity that may do everything. A client gets the credentials of this identity when it asks for no other. */
export const defaultIdentity = 'SecurityAdmin';

/** What a user or role may do. `session` is the name of a role's session. `denied` are the action patterns that IAM denies. */
type Powers = { readonly session?: string; readonly denied: readonly string[] };

/** The powers of the users and roles that may do more than the others, which have {@link plainPowers}. */
const specialPowers: Readonly<Record<string, Powers>> = {
  /** A person in an assumed role. */
  [defaultIdentity]: { session: 'you', denied: [] },
  /** An IAM user with long-lived access keys. */
  'secops-1': { denied: [] },
  /** A role under the path /application/ that IAM lets list neither users nor roles. */
  'app-deployer': { session: 'release-42', denied: ['iam:List*'] },
  /** People who signed in through IAM Identity Center, with its home Region in us-east-1 or eu-central-1. */
  AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6071: { session: 'you@example.com', denied: [] },
  AWSReservedSSO_SecurityOperations_9f8e7d6c5b4a3021: { session: 'you@example.com', denied: [] },
};

/** The powers of all other users and roles. In KMS they may do only what a key policy or a grant allows them. */
const plainPowers: Powers = { denied: ['kms:*', 'iam:List*'] };

const rootUser = makeUnlistedPrincipal('root', 'root', { id: accountId, arn: `arn:aws:iam::${accountId}:root` });

/** The root user and the users, each with long-lived access keys. */
const longLivedIdentities: readonly PracticeIdentity[] = [
  { name: 'root', arn: rootUser.arn, userId: rootUser.id, principal: rootUser, denied: [] },
  ...users.map((principal) => {
    const { name, arn, id: userId } = principal;
    return { name, arn, userId, principal, denied: (specialPowers[name] ?? plainPowers).denied };
  }),
];

/** Every identity that has credentials without a call to STS. */
export const allIdentities: readonly PracticeIdentity[] = [
  ...longLivedIdentities,
  ...longLivedIdentities.map((identity) => ({
    ...identity,
    name: `session/${identity.name}`,
    ...sessionFrom('GetSessionToken'),
  })),
  ...roles.map((role) => roleSession(role, specialPowers[role.name]?.session ?? 'practice')),
  federatedUser('ana'),
];

/**
 * Gives the identity of that name.
 * @throws Error when the practice account has no identity of that name.
 */
export function identityNamed(name: string): PracticeIdentity {
  const identity = allIdentities.find((candidate) => candidate.name === name);
  if (!identity) throw new Error(`The practice account has no user or role ${name}`);
  return identity;
}

/** Gives the identity of a role session, as AssumeRole makes it. @param session the role session name. */
export function roleSession(principal: Principal, session: string): PracticeIdentity {
  const { name, id } = principal;
  return {
    name,
    arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${session}`,
    userId: `${id}:${session}`,
    principal,
    ...sessionFrom('AssumeRole'),
    denied: (specialPowers[name] ?? plainPowers).denied,
  };
}

/**
 * Gives the identity of a federated user, as GetFederationToken makes it. @param denied the action patterns that IAM denies.
 */
export function federatedUser(name: string, denied: readonly string[] = []): PracticeIdentity {
  const [userId, arn] = [`${accountId}:${name}`, `arn:aws:sts::${accountId}:federated-user/${name}`];
  const principal = makeUnlistedPrincipal('federated', name, { id: userId, arn });
  return { name: `federated-user/${name}`, arn, userId, principal, ...sessionFrom('GetFederationToken'), denied };
}

/** Makes a principal that neither ListUsers nor ListRoles gives. */
function makeUnlistedPrincipal(
  kind: 'root' | 'federated',
  name: string,
  ids: Pick<Principal, 'id' | 'arn'>,
): Principal {
  return { kind, name, path: '/', ...ids, created: new Date(Date.UTC(2024, 0, 1)) };
}

/** Gives the identity with its ARNs in another partition. */
export function localIdentity(partition: Partition, identity: PracticeIdentity): PracticeIdentity {
  const { arn, principal } = identity;
  return {
    ...identity,
    arn: inPartition(partition, arn),
    principal: { ...principal, arn: inPartition(partition, principal.arn) },
  };
}

/** Gives the facts about a session without MFA and without an end of its own. */
function sessionFrom(from: Session['from']): { readonly session: Session } {
  return { session: { from, mfa: false } };
}
