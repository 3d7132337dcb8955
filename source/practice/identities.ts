import { accountId, type Principal, roles, users } from './account.ts';

/** Someone who may call practice AWS. */
export type PracticeIdentity = {
  /** As GetCallerIdentity gives it. */
  readonly arn: string;
  readonly userId: string;
  /** The IAM user or role behind the ARN: the principal that a key policy names. */
  readonly principal: Principal;
  /** Whether the credentials are temporary. */
  readonly isSession: boolean;
  /** Action patterns that IAM denies to this identity, such as `iam:List*`. */
  readonly denied: readonly string[];
};

/** Who may do everything: whose credentials a client gets that asks for none in particular. */
export const defaultIdentity = 'SecurityAdmin';

/** What those may do who are not plain: everything but this. The session of a role has a name as well. */
const special: Readonly<Record<string, { readonly session?: string; readonly denied: readonly string[] }>> = {
  /** A person in an assumed role, who may do everything. */
  [defaultIdentity]: { session: 'you', denied: [] },
  /** An IAM user with long-lived access keys, who may do everything. */
  'secops-1': { denied: [] },
  /** A role under the path /application/ that IAM lets list neither users nor roles. */
  'app-deployer': { session: 'release-42', denied: ['iam:List*'] },
};

/** Plain users and roles may do nothing in KMS but what a key policy or a grant allows them. */
const plain = { session: 'practice', denied: ['kms:*', 'iam:List*'] };

/** Everyone who may call practice AWS. */
export const allIdentities: readonly PracticeIdentity[] = [...users, ...roles].map(identityOf);

/**
 * The identity of any user or role of the practice account, by its name. Throws Error for a name that the account does
 * not have.
 */
export function identityNamed(name: string): PracticeIdentity {
  const found = allIdentities.find(({ principal }) => principal.name === name);
  if (!found) {
    throw new Error(`The practice account has no user or role ${name}`);
  }
  return found;
}

function identityOf(principal: Principal): PracticeIdentity {
  const { kind, name, arn, id } = principal;
  const { session = plain.session, denied } = special[name] ?? plain;
  return kind === 'user'
    ? { arn, userId: id, principal, isSession: false, denied }
    : {
        arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${session}`,
        userId: `${id}:${session}`,
        principal,
        isSession: true,
        denied,
      };
}
