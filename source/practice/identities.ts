import { accountId, type Principal, roles, users } from './account.ts';
import { inPartition, type Partition } from './partition.ts';
import type { Statement } from './policy-document.ts';

/** How temporary credentials were got, which decides what may be called with them. */
export type Session = {
  readonly from: 'AssumeRole' | 'GetSessionToken' | 'GetFederationToken';
  readonly mfa: boolean;
  /** Milliseconds since 1970, by the wall clock. */
  readonly ends?: number;
};

/** Someone who may call practice AWS. */
export type PracticeIdentity = {
  /** By which it is asked for: the name of a user or role, `root`, `session/NAME` or `federated-user/NAME`. */
  readonly name: string;
  /** As GetCallerIdentity gives it. */
  readonly arn: string;
  readonly userId: string;
  /** The principal that a key policy names: the user or role behind the ARN, the root user, the federated user. */
  readonly principal: Principal;
  /** Missing where the access keys are long-lived. */
  readonly session?: Session;
  /** Action patterns that IAM denies to this identity, such as `iam:List*`. */
  readonly denied: readonly string[];
  /** What the session was limited to when STS gave it. */
  readonly sessionPolicy?: readonly Statement[];
};

/** Who may do everything: whose credentials a client gets that asks for none in particular. */
export const defaultIdentity = 'SecurityAdmin';

type Powers = { readonly session?: string; readonly denied: readonly string[] };

/** What those may do who are not plain: everything but this. The session of a role has a name as well. */
const special: Readonly<Record<string, Powers>> = {
  /** A person in an assumed role. */
  [defaultIdentity]: { session: 'you', denied: [] },
  /** An IAM user with long-lived access keys. */
  'secops-1': { denied: [] },
  /** A role under the path /application/ that IAM lets list neither users nor roles. */
  'app-deployer': { session: 'release-42', denied: ['iam:List*'] },
  /** People who signed in through IAM Identity Center, whose home is us-east-1 and eu-central-1. */
  AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6071: { session: 'you@example.com', denied: [] },
  AWSReservedSSO_SecurityOperations_9f8e7d6c5b4a3021: { session: 'you@example.com', denied: [] },
};

/** Plain users and roles may do nothing in KMS but what a key policy or a grant allows them. */
const plain: Powers = { denied: ['kms:*', 'iam:List*'] };

const rootUser = unlisted('root', 'root', { id: accountId, arn: `arn:aws:iam::${accountId}:root` });

const withAccessKeys: readonly PracticeIdentity[] = [
  { name: 'root', arn: rootUser.arn, userId: rootUser.id, principal: rootUser, denied: [] },
  ...users.map((principal) => {
    const { name, arn, id: userId } = principal;
    return { name, arn, userId, principal, denied: (special[name] ?? plain).denied };
  }),
];

/** Everyone who may call practice AWS without asking STS first. */
export const allIdentities: readonly PracticeIdentity[] = [
  ...withAccessKeys,
  ...withAccessKeys.map((one) => ({ ...one, name: `session/${one.name}`, ...sessionFrom('GetSessionToken') })),
  ...roles.map((role) => roleSession(role, special[role.name]?.session ?? 'practice')),
  federatedUser('ana'),
];

/**
 * Gives the identity of that name.
 * @throws Error for a name that nobody in the practice account has.
 */
export function identityNamed(name: string): PracticeIdentity {
  const found = allIdentities.find((one) => one.name === name);
  if (!found) throw new Error(`The practice account has no user or role ${name}`);
  return found;
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
    denied: (special[name] ?? plain).denied,
  };
}

/** Gives the identity of a federated user, as GetFederationToken makes it. @param denied the action patterns it may not use. */
export function federatedUser(name: string, denied: readonly string[] = []): PracticeIdentity {
  const [userId, arn] = [`${accountId}:${name}`, `arn:aws:sts::${accountId}:federated-user/${name}`];
  const principal = unlisted('federated', name, { id: userId, arn });
  return { name: `federated-user/${name}`, arn, userId, principal, ...sessionFrom('GetFederationToken'), denied };
}

/** A principal that IAM lists nowhere. */
function unlisted(kind: 'root' | 'federated', name: string, known: Pick<Principal, 'id' | 'arn'>): Principal {
  return { kind, name, path: '/', ...known, created: new Date(Date.UTC(2024, 0, 1)) };
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

function sessionFrom(from: Session['from']): { readonly session: Session } {
  return { session: { from, mfa: false } };
}
