import { findPrincipal, listPrincipals, principalName } from '../aws/identity.ts';
import type { Correction, FieldProblem, Option } from '../ceremony/question.ts';
import type { Connection } from './facts.ts';
import { derivedMark, ownArn } from './own-principal.ts';
import type { Services } from './services.ts';

/**
 * Gives the users and roles of the account as options, page by page. The caller comes first when their ARN is known, because
 * the caller is then chosen at the beginning.
 */
export async function* principalOptions(
  { session }: Services,
  connection: Connection,
): AsyncGenerator<readonly Option[]> {
  const you = ownArn(connection);
  // `principalName` gives `role NAME`, `user NAME` or `account root`. The root is no user or role.
  const [yourKind = '', yourName = ''] = you === undefined ? [] : principalName(you).split(' ');
  const yourHint = yourKind === 'role' ? 'you are in it' : 'you';
  const hint = connection.unconfirmed === undefined ? yourHint : `${yourHint}; ${derivedMark}`;
  if (you !== undefined && yourKind !== 'account') yield [{ value: you, label: `${yourKind}  ${yourName}`, hint }];
  for await (const page of listPrincipals(session.clients)) {
    yield page
      .filter(({ arn }) => arn !== you)
      .map(({ arn, kind, name, path }) => ({
        value: arn,
        label: `${kind}  ${name}`,
        ...(path === '/' ? {} : { hint: path }),
      }));
  }
}

/**
 * Says which of the chosen people does not exist or is of another partition of AWS. When IAM has somebody under another path,
 * gives their right ARN in place of the wrong one. Gives `undefined` when all are good, as far as IAM says. Does not look up people
 * of other accounts, because IAM tells only about the own account.
 */
export async function verifyPeople(
  { session }: Services,
  arns: readonly string[],
  { accountId, partition }: Connection,
): Promise<FieldProblem | Correction> {
  // An ARN is `arn:PARTITION:iam::ACCOUNT:...`. The digits of an account alone have no partition.
  const foreign = arns.find((arn) => arn.startsWith('arn:') && arn.split(':')[1] !== partition);
  if (foreign !== undefined) return `${foreign} is not of ${partition}, the part of AWS in which this account is.`;
  const own = arns.filter((arn) => arn.split(':')[4] === accountId && !arn.endsWith(':root'));
  const lookups = await Promise.all(
    own.map(async (arn) => ({ arn, found: await findPrincipal(session.clients, arn) })),
  );
  const absent = lookups.find(({ found }) => found.is === 'absent');
  if (absent !== undefined) return `${absent.arn} does not exist in this account. KMS would refuse the policy.`;
  const rightArns = new Map(lookups.flatMap(({ arn, found }) => (found.is === 'elsewhere' ? [[arn, found.arn]] : [])));
  const [first] = rightArns;
  if (first === undefined) return undefined;
  const [wrongArn, rightArn] = first;
  return {
    says: `${wrongArn} does not exist in this account. IAM has this name as ${rightArn}.`,
    instead: [...new Set(arns.map((arn) => rightArns.get(arn) ?? arn))],
  };
}
