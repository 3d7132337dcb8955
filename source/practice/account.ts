import { createHash } from 'node:crypto';

/** The only account of practice AWS. */
export const accountId = '000000000000';

/** Somebody whom a policy of the practice account can name: a user, a role, the root user or a federated user. */
export type Principal = {
  readonly kind: 'user' | 'role' | 'root' | 'federated';
  readonly name: string;
  readonly path: string;
  /** The ARN in the partition `aws`. `inPartition` changes it for another partition. */
  readonly arn: string;
  /** The unique id of IAM. For users and roles: AIDA or AROA, then 17 characters. */
  readonly id: string;
  readonly created: Date;
};

const people = [
  'alice amara anders bob beatriz chen clara dmitri diego elif emeka erin fatima farid grace hana hugo ines ivan jun',
  'kateryna kofi lena luca mei milan nadia noor olu paula quentin rosa sven tariq uma vera',
].flatMap((line) => line.split(' '));

const userNames = [...people, 'secops-1', 'secops-2', 'backup-operator', 'ci-deployer'];

const roleNames: ReadonlyArray<readonly [path: string, names: string]> = [
  [
    '/',
    'SecurityAdmin SecurityAudit SecurityResponse BreakGlass KeyCustodian KeyAdministrator Auditor Billing ReadOnly ' +
      'PlatformAdmin NetworkAdmin DatabaseAdmin DataEngineer DataScientist Developer SupportOperator app-uploader ' +
      'app-downloader backup-vault log-archive report-writer terraform-apply terraform-plan github-actions ' +
      'lambda-thumbnailer lambda-indexer ecs-task-web ecs-task-worker ec2-bastion glue-crawler sftp-gateway ' +
      'just-created-role',
  ],
  ['/application/', 'app-deployer checkout-service invoice-service ledger-service mail-service search-service'],
  ['/application/payments/', 'card-vault payout-worker reconciliation'],
  ['/teams/data/', 'lake-admin lake-reader lake-writer'],
  ['/service-role/', 'config-recorder flow-logs-publisher codebuild-release'],
  // The path of an IAM Identity Center role contains the home Region of Identity Center, except when this is us-east-1.
  ['/aws-reserved/sso.amazonaws.com/', 'AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6071'],
  [
    '/aws-reserved/sso.amazonaws.com/eu-central-1/',
    'AWSReservedSSO_ReadOnlyAccess_1122334455667788 AWSReservedSSO_SecurityOperations_9f8e7d6c5b4a3021',
  ],
  ['/aws-service-role/support.amazonaws.com/', 'AWSServiceRoleForSupport'],
  ['/aws-service-role/trustedadvisor.amazonaws.com/', 'AWSServiceRoleForTrustedAdvisor'],
  ['/aws-service-role/organizations.amazonaws.com/', 'AWSServiceRoleForOrganizations'],
  ['/aws-service-role/sso.amazonaws.com/', 'AWSServiceRoleForSSO'],
  ['/aws-service-role/cloudtrail.amazonaws.com/', 'AWSServiceRoleForCloudTrail'],
  ['/aws-service-role/config.amazonaws.com/', 'AWSServiceRoleForConfig'],
  ['/aws-service-role/ecs.amazonaws.com/', 'AWSServiceRoleForECS'],
  ['/aws-service-role/rds.amazonaws.com/', 'AWSServiceRoleForRDS'],
  ['/aws-service-role/autoscaling.amazonaws.com/', 'AWSServiceRoleForAutoScaling'],
  ['/aws-service-role/guardduty.amazonaws.com/', 'AWSServiceRoleForAmazonGuardDuty'],
];

/**
 * A role that behaves as if IAM had just created it: KMS does not know the role yet. In every state folder, the first two
 * key policies that name this role are refused as if the role did not exist.
 */
export const justCreatedRole = `arn:aws:iam::${accountId}:role/just-created-role`;

/** The names of roles that only somebody with MFA may assume. */
export const rolesWithMfa: readonly string[] = ['BreakGlass'];

/** The users of the practice account, in the order in which IAM lists them. */
export const users: readonly Principal[] = userNames.map((name) => makePrincipal('user', '/', name)).sort(byName);

/** The roles of the practice account, in the order in which IAM lists them. */
export const roles: readonly Principal[] = roleNames
  .flatMap(([path, names]) => names.split(' ').map((name) => makePrincipal('role', path, name)))
  .sort(byName);

/** Makes a user or role. The id and the date depend only on the kind and the name. */
function makePrincipal(kind: 'user' | 'role', path: string, name: string): Principal {
  const digest = createHash('sha256').update(`${kind}/${name}`).digest();
  // IAM's unique ids are a prefix and 17 characters of base 32.
  const id = [...digest.subarray(0, 17)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
  return {
    kind,
    name,
    path,
    arn: `arn:aws:iam::${accountId}:${kind}${path}${name}`,
    id: `${kind === 'user' ? 'AIDA' : 'AROA'}${id}`,
    // A date from 2024 on: 15 times a number of 32 bits is at most about two years in milliseconds.
    created: new Date(Date.UTC(2024, 0, 1) + digest.readUInt32BE(20) * 15),
  };
}

/** Compares two principals by their names in lower case, for `sort`. */
function byName(a: Principal, b: Principal): number {
  return a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1;
}
