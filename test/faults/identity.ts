/** What STS answers to GetCallerIdentity for a user of this account. */
export const identity = (account: string, partition = 'aws') =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:${partition}:iam::${account}:user/alice</Arn><UserId>A</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
