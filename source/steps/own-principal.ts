import { type CallerPrincipal, sessionRole } from '../aws/caller-principal.ts';
import { type Caller, principalName } from '../aws/identity.ts';
import type { Connection } from './facts.ts';

/** What stands beside an ARN that follows from the profile by a rule of AWS. */
export const derivedMark = 'derived from the profile, not confirmed by IAM';

/** Gives the facts of a connection about the ARN of the caller that a key policy must name. */
export function principalFacts(
  principal: CallerPrincipal,
  { arn }: Caller,
): Pick<Connection, 'principalArn' | 'unconfirmed'> {
  if (principal.is === 'known') return { principalArn: principal.arn };
  const { is, why } = principal;
  return { principalArn: is === 'derived' ? principal.arn : arn, unconfirmed: { is, why } };
}

/** Gives the ARN with which a key policy can name the caller, also when it is only derived; `undefined` when it is unknown. */
export function ownArn({ principalArn, unconfirmed }: Connection): string | undefined {
  return unconfirmed?.is === 'unknown' ? undefined : principalArn;
}

/**
 * Finds the caller among ARNs that people chose. While IAM has not confirmed the caller's ARN, an ARN with the name of the
 * caller's role counts too: role names are unique in an account. Gives `connection.principalArn` when the caller is not found.
 */
export function callerAmong(arns: readonly string[], { principalArn, unconfirmed, callerArn, accountId }: Connection) {
  const role = unconfirmed === undefined ? undefined : sessionRole(callerArn);
  if (role === undefined) return principalArn;
  const isOwn = (arn: string) => arn.split(':')[4] === accountId && arn.includes(':role/') && arn.endsWith(`/${role}`);
  return arns.find((arn) => arn === principalArn) ?? arns.find(isOwn) ?? principalArn;
}

/** Tells whether the caller is among people that were chosen. */
export function includesCaller(arns: readonly string[], connection: Connection): boolean {
  return arns.includes(callerAmong(arns, connection));
}

/** Says in a sentence that an ARN among these is derived; `undefined` when none is. */
export function derivedWords(arns: readonly string[], connection: Connection): string | undefined {
  const derived = derivedAmong(arns, connection);
  return derived === undefined ? undefined : `${derived} is ${derivedMark}.`;
}

/** Gives the derived ARN of the caller, when it is among these; else `undefined`. */
export function derivedAmong(arns: readonly string[], { principalArn, unconfirmed }: Connection): string | undefined {
  return unconfirmed?.is === 'derived' && arns.includes(principalArn) ? principalArn : undefined;
}

/** Names people for the caller, who is called `you`: see {@link listPrincipals}. */
export function listForCaller(arns: readonly string[], connection: Connection): string {
  const own = callerAmong(arns, connection);
  return listPrincipals(arns, { nameOf: (arn) => (arn === own ? `you (${principalName(arn)})` : principalName(arn)) });
}

/** Names at most three principals, and counts the others. @param none says who it is when nobody is named. */
export function listPrincipals(
  arns: readonly string[],
  { none = 'the account root alone', nameOf = principalName }: { none?: string; nameOf?: (arn: string) => string } = {},
): string {
  if (arns.length === 0) return none;
  const shown = arns.slice(0, 3).map(nameOf).join(', ');
  return arns.length > 3 ? `${shown} and ${arns.length - 3} more` : shown;
}

/** Gives the short name of the caller, such as `role SecurityAdmin`. It is known also when the path of the role is not. */
export const callerName = ({ callerArn }: Connection) => principalName(callerArn);
