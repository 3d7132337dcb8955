import { code, tableWithoutHead } from './markdown.ts';

/** Whom the ceremony wrote into the key policy. */
export type RecordedPeople = {
  readonly administrators: readonly string[];
  readonly users: readonly string[];
  readonly administratorsMayDelete: boolean;
  /** The ARN among these that follows from the profile of the caller, without a word of IAM. Absent when there is none. */
  readonly derived?: string;
  /** Records of earlier versions do not have this: theirs was the policy of the console. */
  readonly policyKind: string;
  /** Absent for the policy of the console. */
  readonly importers?: readonly string[];
};

/** Writes who can do what with the key, as Markdown. */
export function peopleWords(people: RecordedPeople): readonly string[] {
  const { administrators, users, administratorsMayDelete, derived, policyKind, importers = [] } = people;
  const isStrict = policyKind === 'strict';
  const list = (arns: readonly string[]) =>
    arns.map(code).join('<br>') || (isStrict ? '(nobody)' : '(the account root alone)');
  return [
    tableWithoutHead([
      [isStrict ? 'Custodians' : 'Administrators', list(administrators)],
      ...(isStrict ? [['Importers', list(importers)]] : []),
      [isStrict ? 'Users, through S3 alone' : 'Users', list(users)],
      [`${isStrict ? 'Custodians' : 'Administrators'} may delete the key`, administratorsMayDelete ? 'yes' : 'no'],
    ]),
    ...(derived === undefined
      ? []
      : [`${code(derived)} was derived from the profile, not confirmed by IAM. KMS took it into the key policy.`]),
  ];
}
