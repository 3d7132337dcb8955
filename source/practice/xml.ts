import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';

/** The content of an XML element: text, a list (one element for each item), or nested elements. `@name` is an attribute. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', suppressEmptyNode: true });

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  // The key of an object may begin with white space, or contain nothing else.
  trimValues: false,
  // Safe, because fromXml refuses documents with a document type: only there can entities be defined.
  processEntities: true,
  // Character references (XML 1.0, 4.1): Go's clients, such as rclone, write the quotes of an ETag as &#34;.
  htmlEntities: true,
});

/** Control characters that XML 1.0 cannot have. */
const controls = /[\u0001-\u0008\u000b\u000c\u000e-\u001f]/g;

/**
 * Gives the text of an XML document, with its declaration. Leaves out elements whose value is `undefined`. Does two things that
 * are hard on clients, because S3 does them too. It writes control characters as references: strict parsers refuse these
 * (github.com/boto/botocore, issue 3496). It writes a carriage return unchanged: parsers read it as a line feed
 * (github.com/go-to-k/cdkd, pull request 3331).
 */
export function toXml(document: { readonly [name: string]: XmlValue }): string {
  const built = builder.build(withoutMissing(document));
  const written = built.replace(controls, (control) => `&#x${control.charCodeAt(0).toString(16)};`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written}`;
}

/** Reads an XML document into nested records of text. Gives `undefined` when it is not well-formed or has a document type. */
export function fromXml(text: string): Record<string, unknown> | undefined {
  if (/<!(doctype|entity)/i.test(text) || XMLValidator.validate(text) !== true) return undefined;
  try {
    return parser.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Gives the child elements with this name as a list, which may be empty. */
export function elements(parent: unknown, name: string): unknown[] {
  // The parser gives a list only for an element that occurs more than once.
  const oneOrSeveral = isRecord(parent) ? parent[name] : undefined;
  if (oneOrSeveral === undefined) return [];
  return Array.isArray(oneOrSeveral) ? oneOrSeveral : [oneOrSeveral];
}

/** Gives the first child element with this name; `undefined` when there is none. */
export function element(parent: unknown, name: string): unknown {
  return elements(parent, name)[0];
}

/** Gives the text of the first child element with this name, or `undefined` when there is no such element or text. */
export function textOf(parent: unknown, name: string): string | undefined {
  const child = element(parent, name);
  return typeof child === 'string' ? child : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Removes the elements whose value is `undefined`, at every depth. */
function withoutMissing(value: XmlValue): XmlValue {
  if (Array.isArray(value)) return value.map((item) => withoutMissing(item as XmlValue));
  if (typeof value === 'object') {
    const present = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(present.map(([name, item]) => [name, withoutMissing(item)]));
  }
  return value;
}
