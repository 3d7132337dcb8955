import { code, tableWithoutHead } from './markdown.ts';

/** Whom the ceremony wrote into the key policy. */
export type RecordedPeople = {
  readonly administrators: readonly string[];
  readonly users: readonly string[];
  readonly administratorsMayDelete: boolean;
  /** The ARN among these that Keyferry derived from the caller's profile and IAM did not confirm. Absent when there is none. */
  readonly derived?: string;
  /** Records of earlier versions do not have this: theirs was the policy of the console. */
  readonly policyKind: string;
  /** Absent for the policy of the console. */
  readonly importers?: readonly string[];
};

/** Says in Markdown who can do what with the key. */
export function peopleWords(people: RecordedPeople): readonly string[] {
  const { administrators, users, administratorsMayDelete, derived, policyKind, importers = [] } = people;
  const isStrict = policyKind === 'strict';
  const cellOf = (arns: readonly string[]) =>
    arns.map(code).join('<br>') || (isStrict ? '(nobody)' : '(the account root alone)');
  return [
    tableWithoutHead([
      [isStrict ? 'Custodians' : 'Administrators', cellOf(administrators)],
      ...(isStrict ? [['Importers', cellOf(importers)]] : []),
      [isStrict ? 'Users, through S3 alone' : 'Users', cellOf(users)],
      [`${isStrict ? 'Custodians' : 'Administrators'} may delete the key`, administratorsMayDelete ? 'yes' : 'no'],
    ]),
    ...(derived === undefined
      ? []
      : [`${code(derived)} was derived from the profile, not confirmed by IAM. KMS took it into the key policy.`]),
  ];
}
