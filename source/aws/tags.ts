// Pages: KMS API reference, Tag; AWS Billing user guide, "User-defined tag restrictions".

/** A tag of a KMS key or a bucket. */
export type Tag = { readonly key: string; readonly value: string };

/** A key or a bucket has at most 50 tags. The tag of the ceremony is one of them. KMS developer guide, "Resource quotas". */
const mostTags = 49;

/** In characters. KMS API reference, Tag; the same holds for the tags of a bucket. */
const longestKey = 128;
const longestValue = 256;

/** The characters that every AWS service takes in tags. AWS Billing user guide, "User-defined tag restrictions". */
const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Reads a tag from a text `KEY=VALUE`, without the blanks around both. The first `=` ends the key. The value may be empty. */
export function readTag(text: string): Tag {
  const [key = '', ...rest] = text.split('=');
  return { key: key.trim(), value: rest.join('=').trim() };
}

/** Says why a text is no tag `KEY=VALUE` that a person may set: AWS would refuse it, or it is Keyferry's own. Else `undefined`. */
export function findTagProblem(text: string): string | undefined {
  const { key, value } = readTag(text);
  if (key === '' || !text.includes('=')) return 'A tag is KEY=VALUE, such as team=payments, or KEY= without a value.';
  if (key.toLowerCase().startsWith('aws:')) return `${key}: tags that begin with aws: are AWS's own.`;
  if (key.toLowerCase().startsWith('keyferry:')) return `${key}: Keyferry sets its own tag keyferry:ceremony.`;
  if ([...key].length > longestKey) return `The key of a tag has at most ${longestKey} characters.`;
  if ([...value].length > longestValue) return `The value of the tag ${key} has at most ${longestValue} characters.`;
  return tagCharacters.test(`${key}${value}`)
    ? undefined
    : `${key}: a tag has letters, digits, spaces and _ . : / = + - @ only.`;
}

/** Says why AWS would refuse these tags together with that of the ceremony; `undefined` when it takes them. */
export function findTagsProblem(tags: readonly Tag[]): string | undefined {
  const keys = tags.map(({ key }) => key);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined) return `The tag ${repeated} is there twice. A key has each tag once.`;
  return tags.length > mostTags ? `At most ${mostTags} tags: AWS takes 50, and Keyferry sets one.` : undefined;
}
