import { isUnknownPrincipal } from '../aws/eventual-consistency.ts';
import { findPrincipal, type PrincipalLookup } from '../aws/identity.ts';
import type { Problem } from '../ceremony/problem.ts';
import { type Facts, need } from './facts.ts';
import { callerAmong, derivedAmong, derivedMark } from './own-principal.ts';
import type { Services } from './services.ts';

// Pages: IAM user guide, "Troubleshoot IAM"; KMS API reference, CreateKey, Policy.

/** One of the people, and what IAM said about them. */
type IamAnswer = { readonly arn: string; readonly found: PrincipalLookup };

/**
 * Finds out what to do when KMS refuses a key policy because it does not know somebody in it. KMS does not say whom. So IAM
 * is asked about each of the people, once, at the first refusal.
 */
export class UnknownPeople {
  readonly #facts: Facts;
  readonly #services: Services;
  #answers: readonly IamAnswer[] | undefined;

  constructor(facts: Facts, services: Services) {
    this.#facts = facts;
    this.#services = services;
  }

  /**
   * Tells whether the same request may succeed a little later. It may when KMS refused it for an ARN that KMS does not know, and a
   * user or role with this ARN was made just now. It cannot in three cases: the error is another one; IAM says that one of the ARNs
   * does not exist; or the only ARN is that of the caller's own role, and Keyferry has guessed it. The role is not new, so the
   * guess must be wrong.
   */
  async isWorthWaiting(error: unknown): Promise<boolean> {
    if (!isUnknownPrincipal(error)) return false;
    const answers = await this.#askIam();
    const connection = need(this.#facts, 'connection');
    const arns = answers.map(({ arn }) => arn);
    const guessedOwnArn = connection.unconfirmed === undefined ? undefined : callerAmong(arns, connection);
    const isSomeoneMissing = answers.some(({ found }) => found.is !== 'there' && found.is !== 'unknown');
    const isOwnArnAlone = arns.every((arn) => arn === guessedOwnArn);
    return !isSomeoneMissing && !isOwnArnAlone;
  }

  /** Says what the person waits for, after {@link isWorthWaiting}. */
  waitingWords(): string {
    const unproven = this.#unproven().map(({ arn }) => arn);
    const start = 'KMS does not see all the people yet';
    return unproven.length === 0
      ? `${start}: IAM has them, and a new one takes seconds, at times minutes`
      : `${start}. Not confirmed by IAM: ${unproven.join(', ')}`;
  }

  /**
   * Gives the problem of a refusal another reason and other next steps: who of the people is unknown or not confirmed. Any other
   * problem stays as it is, and so does each problem before {@link isWorthWaiting} has asked IAM.
   */
  explain(problem: Problem, error: unknown): Problem {
    if (!isUnknownPrincipal(error) || this.#answers === undefined) return problem;
    const connection = need(this.#facts, 'connection');
    const derived = derivedAmong(
      this.#answers.map(({ arn }) => arn),
      connection,
    );
    const missing = this.#answers.flatMap(({ arn, found }) => {
      if (found.is === 'absent') return [`IAM has no ${arn}.`];
      return found.is === 'elsewhere' ? [`IAM has no ${arn}; it has ${found.arn}.`] : [];
    });
    const unproven = this.#unproven().map(({ arn, found }) =>
      arn === derived ? `${arn} is ${derivedMark}.` : `${arn} is not confirmed by IAM: ${found.why}.`,
    );
    const named = [...missing, ...unproven];
    return {
      ...problem,
      why: `KMS does not know a user or role in the policy. ${named.length === 0 ? 'IAM has all of them: KMS may not see a new one yet.' : named.join(' ')}`,
      next: [
        ...(named.length === 0
          ? ['Wait a minute, then try again.']
          : ['Change the people: name those that are right.']),
        ...(unproven.length === 0
          ? []
          : [
              'Somebody who may ask IAM finds the ARN of a role by: aws iam get-role --role-name NAME --query Role.Arn',
            ]),
      ],
    };
  }

  /** Gives the people about whom IAM said nothing. */
  #unproven() {
    return (this.#answers ?? []).flatMap(({ arn, found }) => (found.is === 'unknown' ? [{ arn, found }] : []));
  }

  /** Asks IAM about each of the people, at the first call only. The root of the own account is never unknown. */
  async #askIam(): Promise<readonly IamAnswer[]> {
    if (this.#answers !== undefined) return this.#answers;
    const { administrators, importers = [], users } = need(this.#facts, 'people');
    const { accountId } = need(this.#facts, 'connection');
    const arns = [...new Set([...administrators, ...importers, ...users])].filter(
      (arn) => !arn.endsWith(`:${accountId}:root`),
    );
    this.#answers = await Promise.all(
      arns.map(async (arn) => ({
        arn,
        found:
          arn.split(':')[4] === accountId
            ? await findPrincipal(this.#services.session.clients, arn)
            : ({ is: 'unknown', why: 'IAM tells only about your own account' } as const),
      })),
    );
    return this.#answers;
  }
}
