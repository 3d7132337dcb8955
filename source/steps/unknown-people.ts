import { isUnknownPrincipal } from '../aws/eventual-consistency.ts';
import { findPrincipal, type PrincipalLookup } from '../aws/identity.ts';
import type { Problem } from '../ceremony/problem.ts';
import { type Facts, need } from './facts.ts';
import { callerAmong, derivedAmong, derivedMark } from './own-principal.ts';
import type { Services } from './services.ts';

// Pages: IAM user guide, "Troubleshoot IAM"; KMS API reference, CreateKey, Policy.

type Looked = { readonly arn: string; readonly found: PrincipalLookup };

/**
 * Finds out what to do when KMS refuses a key policy because it does not know somebody in it. KMS does not say whom. So IAM
 * is asked about each of the people, once, at the first refusal.
 */
export class UnknownPeople {
  readonly #facts: Facts;
  readonly #services: Services;
  #looked: readonly Looked[] | undefined;

  constructor(facts: Facts, services: Services) {
    this.#facts = facts;
    this.#services = services;
  }

  /**
   * Tells whether the same request may succeed a little later, because somebody is new and KMS may see them soon. Not so when
   * IAM does not have somebody, nor for the role in which the caller is: that role is not new, so that its ARN is wrong.
   */
  async isWorthWaiting(error: unknown): Promise<boolean> {
    if (!isUnknownPrincipal(error)) return false;
    const looked = await this.#look();
    const connection = need(this.#facts, 'connection');
    const arns = looked.map(({ arn }) => arn);
    const own = connection.unconfirmed === undefined ? undefined : callerAmong(arns, connection);
    return (
      looked.every(({ found }) => found.is === 'there' || found.is === 'unknown') && arns.some((arn) => arn !== own)
    );
  }

  /** Says what the person waits for, after {@link isWorthWaiting}. */
  waitingWords(): string {
    const unproven = this.#unproven().map(({ arn }) => arn);
    const start = 'KMS does not see all the people yet';
    return unproven.length === 0
      ? `${start}: IAM has them, and a new one takes seconds, at times minutes`
      : `${start}. Not confirmed by IAM: ${unproven.join(', ')}`;
  }

  /** Adds to the problem of a refusal who of the people is unknown or not confirmed. Other problems stay as they are. */
  explain(problem: Problem, error: unknown): Problem {
    if (!isUnknownPrincipal(error) || this.#looked === undefined) return problem;
    const connection = need(this.#facts, 'connection');
    const derived = derivedAmong(
      this.#looked.map(({ arn }) => arn),
      connection,
    );
    const missing = this.#looked.flatMap(({ arn, found }) => {
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
    return (this.#looked ?? []).flatMap(({ arn, found }) => (found.is === 'unknown' ? [{ arn, found }] : []));
  }

  async #look(): Promise<readonly Looked[]> {
    if (this.#looked !== undefined) return this.#looked;
    const { administrators, importers = [], users } = need(this.#facts, 'people');
    const { accountId } = need(this.#facts, 'connection');
    const arns = [...new Set([...administrators, ...importers, ...users])].filter(
      (arn) => !arn.endsWith(`:${accountId}:root`),
    );
    this.#looked = await Promise.all(
      arns.map(async (arn) => ({
        arn,
        found:
          arn.split(':')[4] === accountId
            ? await findPrincipal(this.#services.session.clients, arn)
            : ({ is: 'unknown', why: 'IAM tells only about your own account' } as const),
      })),
    );
    return this.#looked;
  }
}
