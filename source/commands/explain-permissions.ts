import { ceremonyTag } from '../aws/kms.ts';
import { buildPolicyForImport, sidStarts } from '../aws/needed-policy.ts';

// Pages: KMS developer guide, "Use tags to control access to KMS keys".

/** What the person fills in. */
const placeholders = { partition: 'aws', region: 'REGION', accountId: 'ACCOUNT' };

/** Gives the IAM policy for a first import, as JSON text with names that the person must fill in. */
export const permissionsJson = (): string => `${JSON.stringify(buildPolicyForImport(placeholders), undefined, 2)}\n`;

/** Gives the lines that explain this policy. */
export const permissionsWords: readonly string[] = [
  'keyferry: the IAM policy for a first import, from the calls that it makes.',
  'Fill in REGION, ACCOUNT and BUCKET. In China and GovCloud, also replace arn:aws.',
  '',
  `- ${sidStarts.always}: without one of these, the import does not finish.`,
  `- ${sidStarts['way back']}: used after a lost answer or a failure, to look and to clean up. Without these, Keyferry may have to stop there and ask you.`,
  `- ${sidStarts.convenience}: can be left out. Keyferry then asks more, and warns of less.`,
  `- ${sidStarts['if chosen']}: only to move an alias that another key has, and for tags of your own. The names of such tags also go into aws:TagKeys of the policy.`,
  '',
  `This policy lets a person change and use only keys with the tag ${ceremonyTag}, which Keyferry gives to the key that it makes. IAM cannot limit to which key a tag is given: so take the policy away after the ceremony.`,
  'AWS may need up to five minutes to see a new tag. If a call for the new key is denied, try again after that.',
];
