import { BlockList, isIPv6 } from 'node:net';
import { matchesPattern } from './iam-pattern.ts';

type Test = (value: string, wanted: string) => boolean;

const sameText: Test = (value, wanted) => value.toLowerCase() === wanted.toLowerCase();

/**
 * The condition operators. A `Not` in an operator's name negates its test. A condition with an operator that is not here is
 * never met. Source: "Condition operators", IAM user guide.
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

/** Makes the five operators that compare numbers or dates. `measure` turns a text into a number. */
function makeComparisons(kind: string, measure: (text: string) => number): Record<string, Test> {
  const compared =
    (holds: (difference: number) => boolean): Test =>
    (value, wanted) =>
      holds(measure(value) - measure(wanted));
  return {
    [`${kind}Equals`]: compared((difference) => difference === 0),
    [`${kind}LessThan`]: compared((difference) => difference < 0),
    [`${kind}LessThanEquals`]: compared((difference) => difference <= 0),
    [`${kind}GreaterThan`]: compared((difference) => difference > 0),
    [`${kind}GreaterThanEquals`]: compared((difference) => difference >= 0),
  };
}

function isInRange(address: string, range: string): boolean {
  const [net = '', bits] = range.split('/');
  const family = isIPv6(net) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(net, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

type Keys = Readonly<Record<string, string>>;

/**
 * True when a request with the condition keys `known` meets every condition of a statement. Letter case does not count in
 * the names of keys.
 */
export function holds(condition: unknown, known: Keys): boolean {
  return conditionsIn(condition).every(([operator, name, wanted]) => {
    const value = knownValue(known, name);
    const [, set, named = '', ifExists] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
    if (named === 'Null') return wanted.includes(String(value === undefined));
    const negated = named.includes('Not');
    const test = operators[named.replace('Not', '')];
    if (value === undefined) {
      // The request does not have this key. As in IAM, a negated operator is then met.
      return negated || ifExists !== undefined || set === 'ForAllValues:';
    }
    return test !== undefined && wanted.some((one) => test(value, one)) !== negated;
  });
}

/** Gives the condition keys of a statement that a request does not have. */
export function findMissingKeys(condition: unknown, known: Keys): readonly string[] {
  return conditionsIn(condition)
    .map(([, name]) => name)
    .filter((name) => knownValue(known, name) === undefined);
}

function conditionsIn(condition: unknown): ReadonlyArray<readonly [operator: string, name: string, wanted: string[]]> {
  return Object.entries((condition ?? {}) as Record<string, object>).flatMap(([operator, keys]) =>
    Object.entries(keys ?? {}).map(([name, wanted]) => [operator, name, [wanted].flat().map(String)] as const),
  );
}

function knownValue(known: Keys, name: string): string | undefined {
  return Object.entries(known).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
}
