import { BlockList, isIPv6 } from 'node:net';
import { matchesPattern } from './iam-pattern.ts';

/** Compares the value of a condition key in the request with a value that the policy wants. */
type Test = (value: string, wanted: string) => boolean;

const sameText: Test = (value, wanted) => value.toLowerCase() === wanted.toLowerCase();

/**
 * The condition operators. A `Not` in an operator's name negates its test. For an operator that is not here, no value meets
 * the condition. Source: "Condition operators", IAM user guide.
 */
const operators: Readonly<Record<string, Test>> = {
  Bool: sameText,
  StringEquals: (value, wanted) => value === wanted,
  StringEqualsIgnoreCase: sameText,
  StringLike: (value, wanted) => matchesPattern(wanted, value),
  ArnEquals: (value, wanted) => matchesPattern(wanted, value),
  ArnLike: (value, wanted) => matchesPattern(wanted, value),
  IpAddress: isInRange,
  ...makeComparisons('Numeric', Number),
  ...makeComparisons('Date', Date.parse),
};

/** Makes the five operators that compare numbers or dates. @param measure turns a text into a number. */
function makeComparisons(kind: string, measure: (text: string) => number): Record<string, Test> {
  const makeTest =
    (isWanted: (difference: number) => boolean): Test =>
    (value, wanted) =>
      isWanted(measure(value) - measure(wanted));
  return {
    [`${kind}Equals`]: makeTest((difference) => difference === 0),
    [`${kind}LessThan`]: makeTest((difference) => difference < 0),
    [`${kind}LessThanEquals`]: makeTest((difference) => difference <= 0),
    [`${kind}GreaterThan`]: makeTest((difference) => difference > 0),
    [`${kind}GreaterThanEquals`]: makeTest((difference) => difference >= 0),
  };
}

/**
 * True when an IP address is in a range, such as `10.0.0.0/8`. A range without a length is a single address. False for a text
 * that is no range.
 */
function isInRange(address: string, range: string): boolean {
  const [net = '', prefixLength] = range.split('/');
  const family = isIPv6(net) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  try {
    list.addSubnet(net, Number(prefixLength ?? (family === 'ipv6' ? 128 : 32)), family);
    return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  } catch {
    return false;
  }
}

/** The condition keys of a request. A key such as `aws:TagKeys` has several values. */
export type Keys = Readonly<Record<string, string | readonly string[]>>;

/**
 * True when a request meets every condition of a statement. Letter case does not count in the names of condition keys.
 * @param condition the member Condition of the statement.
 * @param conditionKeys those of the request.
 */
export function areConditionsMet(condition: unknown, conditionKeys: Keys): boolean {
  return conditionsIn(condition).every(([operator, name, wantedValues]) => {
    const value = conditionValue(conditionKeys, name);
    // An operator such as `ForAnyValue:StringNotLikeIfExists` has a prefix, a base and a suffix.
    const [, prefix, base = '', ifExists] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
    // `Null` asks whether the request lacks the condition key: `true` or `false`.
    if (base === 'Null') return wantedValues.includes(String(value === undefined));
    const values = [value ?? []].flat();
    const isNegated = base.includes('Not');
    const test = operators[base.replace('Not', '')];
    if (values.length === 0) {
      // The request has no value for this condition key. As in IAM, the condition is then met with `IfExists`, with `ForAllValues`,
      // and for a negated operator without `ForAnyValue`.
      return ifExists !== undefined || prefix === 'ForAllValues:' || (isNegated && prefix === undefined);
    }
    if (test === undefined) return false;
    const isMet = (each: string) => wantedValues.some((wanted) => test(each, wanted)) !== isNegated;
    return prefix === 'ForAllValues:' ? values.every(isMet) : values.some(isMet);
  });
}

/** Gives the condition keys of a statement that a request does not have. */
export function findMissingKeys(condition: unknown, conditionKeys: Keys): readonly string[] {
  return conditionsIn(condition)
    .map(([, name]) => name)
    .filter((name) => conditionValue(conditionKeys, name) === undefined);
}

/** Lists the conditions of a statement, each with its operator, the name of its condition key, and the wanted values. */
function conditionsIn(condition: unknown): ReadonlyArray<readonly [operator: string, name: string, wanted: string[]]> {
  return Object.entries((condition ?? {}) as Record<string, object>).flatMap(([operator, keys]) =>
    Object.entries(keys ?? {}).map(([name, wanted]) => [operator, name, [wanted].flat().map(String)] as const),
  );
}

/** Gives the value of a condition key in the request; `undefined` when the request does not have the key. */
function conditionValue(conditionKeys: Keys, name: string): Keys[string] | undefined {
  return Object.entries(conditionKeys).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
