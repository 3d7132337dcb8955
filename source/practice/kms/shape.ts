import { AwsError } from '../aws-error.ts';

/** The type and limits of one member of a request, as in the service model of KMS. `max` of `texts` is the list's length. */
export type Member = { readonly required?: boolean } & (
  | { readonly kind: 'text'; readonly min?: number; readonly max?: number; readonly pattern?: string }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'blob'; readonly min: number; readonly max: number }
  | { readonly kind: 'flag' }
  | { readonly kind: 'time' }
  | { readonly kind: 'texts'; readonly max: number }
  | { readonly kind: 'context' }
  | { readonly kind: 'contexts' }
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
      contexts: Readonly<Record<string, Readonly<Record<string, string>>>>;
      tags: readonly Tag[];
    }[M['kind']];

/** The type of a checked request with this shape. */
export type InputOf<S extends Shape> = {
  readonly [Name in keyof S as S[Name] extends { required: true } ? Name : never]: ValueOf<S[Name]>;
} & {
  readonly [Name in keyof S as S[Name] extends { required: true } ? never : Name]?: ValueOf<S[Name]>;
};

/** A violated constraint: the wrong value, the path of the member, and the rule in AWS's words. */
type Complaint = readonly [value: unknown, at: string, rule: string];

/**
 * Checks a request against its shape, and decodes blobs (to Buffer) and times (to milliseconds). Ignores unknown members.
 * @throws ValidationException that lists every violated constraint in AWS's words, or SerializationException for a value of
 * the wrong JSON type (unverified: json-types).
 */
export function readInput(shape: Shape, request: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const complaints: Complaint[] = [];
  const input: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape)) {
    const value = Object.hasOwn(request, name) ? request[name] : undefined;
    const at = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (value === undefined || value === null) {
      if (member.required) complaints.push([null, at, 'Member must not be null']);
    } else {
      input[name] = read(member, value, at, complaints);
    }
  }
  if (complaints.length > 0) {
    const texts = complaints.map(
      ([value, at, rule]) =>
        `Value ${value === null ? 'null' : `'${String(value)}'`} at '${at}' failed to satisfy constraint: ${rule}`,
    );
    throw new AwsError(
      'ValidationException',
      `${texts.length} validation error${texts.length > 1 ? 's' : ''} detected: ${texts.join('; ')}`,
    );
  }
  return input;
}

/** Decodes one value. Adds what is wrong with it to `complaints`. @param at the path of the member, for messages. */
function read(member: Member, value: unknown, at: string, complaints: Complaint[]): unknown {
  switch (member.kind) {
    case 'text': {
      return text(value, at, member, complaints);
    }
    case 'choice': {
      const chosen = typed<string>(value, 'string');
      if (!member.values.includes(chosen))
        complaints.push([value, at, `Member must satisfy enum value set: [${member.values.join(', ')}]`]);
      return chosen;
    }
    case 'number': {
      const number = typed<number>(value, 'number');
      checkBounds(number, value, at, member, 'value', complaints);
      return number;
    }
    case 'blob': {
      const blob = Buffer.from(typed<string>(value, 'string'), 'base64');
      // The message of AWS contains this description in place of the bytes.
      checkBounds(
        blob.length,
        `java.nio.HeapByteBuffer[pos=0 lim=${blob.length} cap=${blob.length}]`,
        at,
        member,
        'length',
        complaints,
      );
      return blob;
    }
    case 'flag': {
      return typed<boolean>(value, 'boolean');
    }
    case 'time': {
      return typed<number>(value, 'number') * 1000;
    }
    case 'texts': {
      const list = typedList(value).map((item) => typed<string>(item, 'string'));
      checkBounds(list.length, `[${list.join(', ')}]`, at, { min: 0, max: member.max }, 'length', complaints);
      return list;
    }
    case 'context': {
      return texts(value);
    }
    case 'contexts': {
      const map = typed<Record<string, unknown>>(value, 'object');
      return Object.fromEntries(Object.entries(map).map(([name, item]) => [name, texts(item)]));
    }
    case 'tags': {
      return typedList(value).map((item, index) => {
        const tag = typed<Record<string, unknown>>(item, 'object');
        const where = `${at}.${index + 1}.member`;
        return {
          TagKey: needed(tag.TagKey, `${where}.tagKey`, { min: 1, max: 128 }, complaints),
          TagValue: needed(tag.TagValue, `${where}.tagValue`, { min: 0, max: 256 }, complaints),
        };
      });
    }
  }
}

function texts(value: unknown): Record<string, string> {
  const map = typed<Record<string, unknown>>(value, 'object');
  return Object.fromEntries(Object.entries(map).map(([name, item]) => [name, typed<string>(item, 'string')]));
}

/** Reads a text that must be there. */
function needed(
  value: unknown,
  at: string,
  rule: { readonly min: number; readonly max: number },
  complaints: Complaint[],
) {
  if (value === undefined || value === null) {
    complaints.push([null, at, 'Member must not be null']);
    return '';
  }
  return text(value, at, rule, complaints);
}

function text(
  value: unknown,
  at: string,
  rule: { readonly min?: number; readonly max?: number; readonly pattern?: string },
  complaints: Complaint[],
): string {
  const found = typed<string>(value, 'string');
  checkBounds(found.length, value, at, rule, 'length', complaints);
  if (rule.pattern !== undefined && !new RegExp(`^(?:${rule.pattern})$`).test(found))
    complaints.push([value, at, `Member must satisfy regular expression pattern: ${rule.pattern}`]);
  return found;
}

/** Adds a complaint when a size is below `min` or over `max`. */
function checkBounds(
  size: number,
  value: unknown,
  at: string,
  { min, max }: { readonly min?: number; readonly max?: number },
  what: 'length' | 'value',
  complaints: Complaint[],
): void {
  if (min !== undefined && size < min) {
    complaints.push([value, at, `Member must have ${what} greater than or equal to ${min}`]);
  } else if (max !== undefined && size > max)
    complaints.push([value, at, `Member must have ${what} less than or equal to ${max}`]);
}

function typed<Type>(value: unknown, type: 'string' | 'number' | 'boolean' | 'object'): Type {
  if (typeof value !== type || value === null || (type === 'object' && Array.isArray(value)))
    throw new AwsError('SerializationException', `Unexpected value where a ${type} was expected`);
  return value as Type;
}

function typedList(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new AwsError('SerializationException', 'Unexpected value where a list was expected');
  return value;
}
