import { principalName } from '../aws/identity.ts';
import { buildKeyPolicy, type KeyPolicy, listAbilities } from '../aws/key-policy.ts';
import { describeForeignPrincipals, describeSelfServing, findPolicyProblem } from '../aws/policy-lint.ts';
import type { Table } from '../ceremony/question.ts';
import { type Facts, isPractice, need } from './facts.ts';
import { callerAmong, derivedWords } from './own-principal.ts';
import { callerTestWords } from './permission-check.ts';
import { policyChoicesOf } from './policy-choices.ts';
import { isStrict } from './policy-kind.ts';

/** What is said of a key policy before the key is made with it: sentences, in their order. */
export type PolicyWords = {
  /** What is doubtful or wrong, and what the caller may not do by IAM's test. Nobody should go on without having read it. */
  readonly warnings: readonly string[];
  /** Who can change the policy, and what else matters about it. */
  readonly notes: readonly string[];
  readonly costs: string;
  /** What IAM's test found; empty when that is among the warnings. */
  readonly test: readonly string[];
};

/** Gives the sentences about the key policy of the chosen people. */
export function policyWords(facts: Facts): PolicyWords {
  const keyPolicy = policyOf(facts);
  const connection = need(facts, 'connection');
  const { test, administrators, importers = [], users } = need(facts, 'people');
  const people = [...administrators, ...importers, ...users];
  const doubt = derivedWords(people, connection);
  const foreign = describeForeignPrincipals(people, connection.accountId);
  const testWords = test === undefined ? [] : callerTestWords(facts, test);
  const isMissing = test?.tested === true && test.missing.length > 0;
  const problem = policyProblem(facts);
  return {
    warnings: [
      ...(doubt === undefined ? [] : [doubt]),
      ...(problem === undefined ? [] : [problem]),
      ...(foreign === undefined ? [] : [foreign]),
      ...(isMissing ? testWords : []),
    ],
    notes: [
      // Who can change the policy matters only when AWS would take it.
      ...(problem === undefined ? [describeSelfServing(keyPolicy, lintContext(facts))] : []),
      ...(isStrict(facts) ? [strictWords] : []),
    ],
    costs: costsSentence(facts),
    test: isMissing ? [] : testWords,
  };
}

/** Says why AWS would refuse the policy of the chosen people, or why it would lock everybody out; else `undefined`. */
export function policyProblem(facts: Facts): string | undefined {
  return findPolicyProblem(policyOf(facts), lintContext(facts));
}

/** Tells whether IAM's test was made, and found no permission that is missing or that IAM cannot judge. */
export function isTestClean({ people }: Facts): boolean {
  const { test } = people ?? {};
  return test?.tested === true && test.missing.length === 0 && (test.unknown ?? []).length === 0;
}

/** Says what the key costs on AWS (AWS KMS pricing); for practice AWS, what it would cost. */
function costsSentence(facts: Facts): string {
  const more = '1 to 2 USD more after rotations, and requests cost extra.';
  return isPractice(need(facts, 'connection'))
    ? `On AWS the key would cost 1 USD a month from now on, ${more}`
    : `The key costs 1 USD a month from now on, ${more}`;
}

/** Builds the key policy for the chosen people. */
export function policyOf(facts: Facts): KeyPolicy {
  return buildKeyPolicy(policyChoicesOf(facts));
}

/**
 * Gives what `policy-lint.ts` needs to judge a policy: the connection, with the caller as the people name them, and those who must
 * be able to change the policy. With a strict policy, nobody must be able to.
 */
function lintContext(facts: Facts) {
  const connection = need(facts, 'connection');
  const { administrators, importers = [], users, policyKind } = need(facts, 'people');
  const principalArn = callerAmong([...administrators, ...importers, ...users], connection);
  return { ...connection, principalArn, administrators: policyKind === 'strict' ? [] : administrators };
}

/** Explains the mark S3 of the table of a strict policy. */
const strictWords = '"S3": through S3 alone. Importers open the proof alone.';

/** Makes the table of what each principal may do. */
export function policyTable(keyPolicy: KeyPolicy): Table {
  return {
    head: ['', 'manage', 'import', 'use', 'delete material', 'delete key'],
    rows: listAbilities(keyPolicy).map((row) => [
      principalName(row.principal),
      row.manage,
      row.import,
      row.use,
      row.deleteMaterial,
      row.deleteKey,
    ]),
  };
}
