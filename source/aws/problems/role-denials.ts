import type { Refinement } from './entry.ts';

/**
 * Why STS does not give a role. IAM user guide, "Troubleshoot IAM roles": the caller's policies and the trust policy both count.
 */
export const roleReadings: readonly Refinement[] = [
  {
    says: /sts:AssumeRoleWithWebIdentity/,
    why: 'The trust policy of the role does not let this web identity in (sts:AssumeRoleWithWebIdentity).',
    causes: [
      'The trust policy names another provider, audience or subject, such as another service account of a cluster.',
      'The provider was not made in the account of the role.',
    ],
    look: [
      'aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument',
      'aws iam list-open-id-connect-providers',
    ],
    next: ['Have the trust policy of the role allow this provider and subject, then try again.'],
  },
  {
    says: /authorized to perform:? sts:AssumeRole\b(?!.{0,2000}explicit deny)/,
    why: 'You may not take this role: your own policies, or the trust policy of the role, do not allow sts:AssumeRole.',
    causes: [
      'The trust policy of the role does not name you or your account.',
      'No policy of yours allows sts:AssumeRole on the role. Across accounts, both are needed.',
      'The name or the account in role_arn is mistyped.',
    ],
    look: [
      'aws sts get-caller-identity',
      'aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument',
      'aws configure get role_arn --profile NAME',
    ],
    next: ['Have the trust policy of the role name you, and a policy of yours allow sts:AssumeRole on it.'],
  },
];
