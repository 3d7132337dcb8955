import { AwsError } from '../aws-error.ts';

/**
 * The type and the limits of one member of a request, as in the service model of KMS. `min` and `max` limit the length of a
 * text or blob, the value of a number, or the length of a list. A `context` is a map of texts. `constraints` are a map whose
 * values are texts or contexts.
 */
export type Member = { readonly required?: boolean } & (
  | { readonly kind: 'text'; readonly min?: number; readonly max?: number; readonly pattern?: string }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'blob'; readonly min: number; readonly max: number }
  | { readonly kind: 'flag' }
  | { readonly kind: 'time' }
  | { readonly kind: 'texts'; readonly max: number }
  | { readonly kind: 'context' }
  | { readonly kind: 'constraints' }
  | { readonly kind: 'tags' }
);

/** The members of a request by name. */
export type Shape = Readonly<Record<string, Member>>;

/** A tag as KMS spells it. */
export type Tag = { readonly TagKey: string; readonly TagValue: string };

type ValueOf<M extends Member> = M extends { kind: 'choice'; values: readonly (infer Value)[] }
  ? Value
  : {
      text: string;
      choice: string;
      number: number;
      blob: Buffer;
      flag: boolean;
      /** Milliseconds since 1970. */
      time: number;
      texts: readonly string[];
      context: Readonly<Record<string, string>>;
      constraints: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
      tags: readonly Tag[];
    }[M['kind']];

/** The type of a checked request with this shape. */
export type InputOf<S extends Shape> = {
  readonly [Name in keyof S as S[Name] extends { required: true } ? Name : never]: ValueOf<S[Name]>;
} & {
  readonly [Name in keyof S as S[Name] extends { required: true } ? never : Name]?: ValueOf<S[Name]>;
};

/** A violated constraint: the wrong value, the path of the member such as `tags.1.member`, and the rule in AWS's words. */
type Complaint = readonly [value: unknown, path: string, rule: string];

/**
 * Checks a request against its shape. Gives the members with blobs as Buffer and times in milliseconds. Ignores members that
 * the shape does not have.
 * @throws ValidationException that lists every violated constraint in AWS's words, or SerializationException for a value of
 * the wrong JSON type (unverified: json-types).
 */
export function readInput(shape: Shape, request: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const complaints: Complaint[] = [];
  const input: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape)) {
    const value = Object.hasOwn(request, name) ? request[name] : undefined;
    // Messages name a member with a small first letter, such as `keyId`.
    const path = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (value === undefined || value === null) {
      if (member.required) complaints.push([null, path, 'Member must not be null']);
    } else {
      input[name] = readValue(member, value, path, complaints);
    }
  }
  if (complaints.length > 0) {
    const texts = complaints.map(
      ([value, path, rule]) => `Value${valueText(value)} at '${path}' failed to satisfy constraint: ${rule}`,
    );
    throw new AwsError(
      'ValidationException',
      `${texts.length} validation error${texts.length > 1 ? 's' : ''} detected: ${texts.join('; ')}`,
    );
  }
  return input;
}

/** Gives a wrong value as a message shows it. Bytes are not shown (recorded). */
function valueText(value: unknown): string {
  if (Buffer.isBuffer(value)) return '';
  return value === null ? ' null' : ` '${String(value)}'`;
}

/**
 * Decodes one value. Adds each violated constraint to `complaints`.
 * @param path the path of the member, for messages.
 * @throws SerializationException for a value of the wrong JSON type.
 */
function readValue(member: Member, value: unknown, path: string, complaints: Complaint[]): unknown {
  switch (member.kind) {
    case 'text': {
      return readText(value, path, member, complaints);
    }
    case 'choice': {
      const chosen = asType<string>(value, 'string');
      if (!member.values.includes(chosen))
        complaints.push([value, path, `Member must satisfy enum value set: [${member.values.join(', ')}]`]);
      return chosen;
    }
    case 'number': {
      const number = asType<number>(value, 'number');
      checkBounds(number, value, path, member, 'value', complaints);
      return number;
    }
    case 'blob': {
      const blob = Buffer.from(asType<string>(value, 'string'), 'base64');
      checkBounds(blob.length, blob, path, member, 'length', complaints);
      return blob;
    }
    case 'flag': {
      return asType<boolean>(value, 'boolean');
    }
    case 'time': {
      return asType<number>(value, 'number') * 1000;
    }
    case 'texts': {
      const list = asList(value).map((item) => asType<string>(item, 'string'));
      checkBounds(list.length, `[${list.join(', ')}]`, path, { min: 0, max: member.max }, 'length', complaints);
      return list;
    }
    case 'context': {
      return readTextMap(value);
    }
    case 'constraints': {
      const map = asType<Record<string, unknown>>(value, 'object');
      const read = (item: unknown) => (typeof item === 'string' ? item : readTextMap(item));
      return Object.fromEntries(Object.entries(map).map(([name, item]) => [name, read(item)]));
    }
    case 'tags': {
      return asList(value).map((item, index) => {
        const tag = asType<Record<string, unknown>>(item, 'object');
        const tagPath = `${path}.${index + 1}.member`;
        return {
          TagKey: readRequiredText(tag.TagKey, `${tagPath}.tagKey`, { min: 1, max: 128 }, complaints),
          TagValue: readRequiredText(tag.TagValue, `${tagPath}.tagValue`, { min: 0, max: 256 }, complaints),
        };
      });
    }
  }
}

/** Reads a JSON object whose values are all texts. */
function readTextMap(value: unknown): Record<string, string> {
  const map = asType<Record<string, unknown>>(value, 'object');
  return Object.fromEntries(Object.entries(map).map(([name, item]) => [name, asType<string>(item, 'string')]));
}

/** Reads a text that must be present. When it is absent, adds a complaint and gives an empty text. */
function readRequiredText(
  value: unknown,
  path: string,
  rule: { readonly min: number; readonly max: number },
  complaints: Complaint[],
) {
  if (value === undefined || value === null) {
    complaints.push([null, path, 'Member must not be null']);
    return '';
  }
  return readText(value, path, rule, complaints);
}

/** Reads a text. Adds a complaint when it has a wrong length or does not match the pattern of the rule. */
function readText(
  value: unknown,
  path: string,
  rule: { readonly min?: number; readonly max?: number; readonly pattern?: string },
  complaints: Complaint[],
): string {
  const text = asType<string>(value, 'string');
  checkBounds(text.length, value, path, rule, 'length', complaints);
  if (rule.pattern !== undefined && !new RegExp(`^(?:${rule.pattern})$`).test(text))
    complaints.push([value, path, `Member must satisfy regular expression pattern: ${rule.pattern}`]);
  return text;
}

/**
 * Adds a complaint when a size is below `min` or over `max`.
 * @param value what the message shows as the value: see {@link valueText}.
 * @param quantity says whether the size is the length of the value or the value itself.
 */
function checkBounds(
  size: number,
  value: unknown,
  path: string,
  { min, max }: { readonly min?: number; readonly max?: number },
  quantity: 'length' | 'value',
  complaints: Complaint[],
): void {
  if (min !== undefined && size < min) {
    complaints.push([value, path, `Member must have ${quantity} greater than or equal to ${min}`]);
  } else if (max !== undefined && size > max)
    complaints.push([value, path, `Member must have ${quantity} less than or equal to ${max}`]);
}

/**
 * Gives a value with its type.
 * @throws SerializationException when the value has another JSON type.
 */
function asType<Type>(value: unknown, type: 'string' | 'number' | 'boolean' | 'object'): Type {
  if (typeof value !== type || value === null || (type === 'object' && Array.isArray(value)))
    throw new AwsError('SerializationException', `Unexpected value where a ${type} was expected`);
  return value as Type;
}

/**
 * Gives a value as a list.
 * @throws SerializationException when the value is no list.
 */
function asList(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new AwsError('SerializationException', 'Unexpected value where a list was expected');
  return value;
}
