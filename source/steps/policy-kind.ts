import { isStrictKnown } from '../aws/strict-policy.ts';
import type { Answers, ChoiceQuestion } from '../ceremony/question.ts';
import type { Connection, Facts } from './facts.ts';
import { includesCaller } from './own-principal.ts';

// Pages: KMS developer guide, "Default key policy".

/** Asks how the policy divides the rights to the key. */
export function kindQuestion(connection: Connection): ChoiceQuestion {
  const whyNot = whyNotStrict(connection);
  return {
    kind: 'choice',
    id: 'policy',
    ask: 'Which kind of key policy?',
    label: 'Policy',
    form: 'console or strict',
    options: [
      { value: 'console', label: 'As the AWS console makes it', hint: 'recommended' },
      {
        value: 'strict',
        label: 'Strict: duties apart, use through S3 alone',
        ...(whyNot === undefined ? {} : { disabled: whyNot }),
      },
    ],
    default: 'console',
    help: "By the console's policy, an administrator may import, delete the material, change the policy, and so use the key.\nBy a strict one, custodians, importers and users are apart. None of them may change the policy or make a grant: only whom IAM allows may change it.",
  };
}

/** Says why the caller cannot choose a strict policy; `undefined` when they can, and when no caller is known yet. */
function whyNotStrict({ callerArn, partition }: Connection): string | undefined {
  if (callerArn.endsWith(':root')) return 'it gives the account root no import; sign in as a user or role';
  return isStrictKnown(partition) ? undefined : `the name of S3 in ${partition} is not known here`;
}

/** Tells whether the key gets or has a strict policy. A key that somebody else made counts as without one. */
export const isStrict = ({ people }: Pick<Facts, 'people'>): boolean => people?.policyKind === 'strict';

/**
 * Warns callers who are not among the administrators they chose, and says what they cannot do afterwards. Gives an empty text for
 * all others, for the account root, and before the caller or the administrators are known.
 */
export function leftOutWords({ administrators, policy }: Answers, connection: Connection): string {
  if (!Array.isArray(administrators) || connection.callerArn === '') return '';
  if (includesCaller(administrators, connection) || connection.callerArn.endsWith(':root')) return '';
  return policy === 'strict'
    ? 'You are not among the custodians: you cannot disable, enable or delete the key, and IAM cannot let you.\n'
    : 'You are not among the administrators: unless IAM lets you, you cannot import, change the policy or take yourself back in.\n';
}
