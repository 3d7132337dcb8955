import { allOf, anyOf, type PolicyAnswer } from './policy-answer.ts';
import { matchesPattern } from './policy-pattern.ts';

/** The Condition of a statement: operators, condition keys, and the values that they want. */
export type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * The condition keys of an upload that are known, by their names in small letters. `undefined` is the value of a condition key
 * that the upload does not have. A condition key that is not in the map is not known.
 */
export type KnownKeys = ReadonlyMap<string, string | undefined>;

/**
 * The condition key with the KMS key that an upload names. Service authorization reference, "Actions, resources, and
 * condition keys for Amazon S3".
 */
export const kmsKeyName = 's3:x-amz-server-side-encryption-aws-kms-key-id';
/** The condition key with the kind of encryption that an upload names. */
export const encryptionName = 's3:x-amz-server-side-encryption';

/** Lists the conditions of a statement: each with its operator, its condition key in small letters, and the wanted values. */
export function listConditions(condition: Condition = {}) {
  return Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([name, wanted]) => ({
      operator,
      name: name.toLowerCase(),
      wanted: [wanted].flat().map(String),
    })),
  );
}

/**
 * Judges the Condition of a statement: every condition in it must be met. A condition key that is not known gives `maybe`. Without
 * a Condition, the answer is `yes`.
 */
export function judgeCondition(condition: Condition | undefined, known: KnownKeys): PolicyAnswer {
  return allOf(
    listConditions(condition).map(({ operator, name, wanted }) =>
      known.has(name) ? judgeOperator(operator, { name, value: known.get(name), wanted }) : 'maybe',
    ),
  );
}

type Test = (value: string, wanted: string) => boolean;
const hasSameLetters: Test = (value, wanted) => value.toLowerCase() === wanted.toLowerCase();
const fitsPattern: Test = (value, wanted) => matchesPattern(wanted, value);

/** The operators that compare texts. Others, such as those for addresses and dates, are not judged here. */
const tests: Readonly<Record<string, Test>> = {
  Bool: hasSameLetters,
  StringEquals: (value, wanted) => value === wanted,
  StringEqualsIgnoreCase: hasSameLetters,
  StringLike: fitsPattern,
  ArnEquals: fitsPattern,
  ArnLike: fitsPattern,
};

type Compared = { readonly name: string; readonly value: string | undefined; readonly wanted: readonly string[] };

/**
 * Judges one condition. The value of its key is known, or it is known that there is none. Gives `maybe` for an operator that does
 * not compare texts, except `Null`, and where only AWS can compare the values. IAM user guide, "IAM JSON policy elements:
 * Condition operators" and "Set operators for multivalued context keys".
 */
function judgeOperator(operator: string, { name, value, wanted }: Compared): PolicyAnswer {
  const [, prefix, base = '', ifExists] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (base === 'Null') return wanted.includes(String(value === undefined)) ? 'yes' : 'no';
  const isNegated = base.includes('Not');
  const test = tests[base.replace('Not', '')];
  if (test === undefined) return 'maybe';
  if (value === undefined) {
    // The upload does not have this condition key. The condition is then met with `IfExists`, with `ForAllValues`, and for a
    // negated operator without `ForAnyValue`.
    const isMet = ifExists !== undefined || prefix === 'ForAllValues:' || (isNegated && prefix === undefined);
    return isMet ? 'yes' : 'no';
  }
  const matches = anyOf(wanted.map((text) => judgeText(test, { name, value, text })));
  if (!isNegated || matches === 'maybe') return matches;
  return matches === 'yes' ? 'no' : 'yes';
}

/** Judges whether a value is the wanted one; `maybe` where only AWS can tell. */
function judgeText(test: Test, { name, value, text }: { name: string; value: string; text: string }): PolicyAnswer {
  if (test(value, text)) return 'yes';
  // Only AWS knows the value of a policy variable. Only AWS knows, too, whether S3 turns an alias or the id of this key into the
  // ARN of the key before it compares.
  const isOtherName = name === kmsKeyName && (text.startsWith('alias/') || value.endsWith(`/${text}`));
  return text.includes('${') || isOtherName ? 'maybe' : 'no';
}
