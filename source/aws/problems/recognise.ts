import { entries, findEntry, knownNames } from './catalogue.ts';
import type { KnownError } from './entry.ts';

/** An error that was recognised in a pasted text. */
export type Recognised = {
  /** The error code as the text spells it. When the text has no code, the words of the text that were recognised. */
  readonly name: string;
  readonly entry: KnownError;
  readonly operation: string | undefined;
  /** The sentence of the service, when it can be separated from the rest of the text. */
  readonly sentence: string | undefined;
  /** The text in which the patterns of readings look: the sentence, or else the whole pasted text on one line. */
  readonly message: string | undefined;
};

/** The forms in which clients print an error code. The first form that gives a known code is used. */
const forms: readonly RegExp[] = [
  // aws-cli and boto
  /An error occurred \((?<name>[\w.-]+)\) when calling the (?<operation>\w+) operation(?: \([^)]*\))?:? ?(?<message>[^\n]*)/,
  // Go SDK v2, as Terraform prints it
  /operation error [\w ]+: (?<operation>\w+),.*?(?:api error )?(?<name>[A-Z]\w+(?:\.\w+)?): ?(?<message>[^\n]*)$/m,
  /api error (?<name>[\w.]+): ?(?<message>[^\n]*)/,
  // Java SDK
  /(?<message>[^:\n]*)\(Service: [\w ]+[;,] Status Code: \d+[;,](?: Error Code: (?<name>[\w.]+))?/,
  // JSON and XML from the wire
  /"__type"\s*:\s*"(?:[^"#]*#)?(?<name>[\w.]+)"(?:.*?"[Mm]essage"\s*:\s*"(?<message>[^"]*)")?/s,
  /<Code>(?<name>[\w.]+)<\/Code>(?:\s*<Message>(?<message>[^<]*)<\/Message>)?/,
  /"(?:Code|code|errorCode|name)"\s*:\s*"(?<name>[\w.]+)"(?:.*?"(?:Message|message|errorMessage)"\s*:\s*"(?<message>[^"]*)")?/s,
  // JavaScript: a stack, and an error as it is inspected
  /^(?:Uncaught )?(?:\w+: )?(?<name>[A-Z][\w.]*?(?:Exception|Error|Denied|Bucket|Key)): ?(?<message>[^\n]*)/m,
  /\b(?:name|code|Code): '(?<name>[\w.]+)'/,
];

/**
 * Finds the error in a text that a person pasted. The text may be an error code, the output of aws-cli, boto, an SDK,
 * Terraform or openssl, or a raw answer of AWS. Gives `undefined` when the table knows no error in the text.
 */
export function recogniseError(text: string): Recognised | undefined {
  const operation = findOperation(text);
  /** Adds the operation and the sentence that a form found, or that the text has elsewhere. */
  const withContext = (found: { readonly [group: string]: string | undefined }) => ({
    operation: found.operation ?? operation,
    sentence: readSentence(found.message),
    message: readSentence(found.message) ?? wholeMessage(text),
  });
  for (const form of forms) {
    const groups = form.exec(text)?.groups;
    const entry = groups?.name === undefined ? undefined : findEntry(groups.name);
    if (groups?.name !== undefined && entry !== undefined && !isVague(groups.name, text))
      return { name: groups.name, entry, ...withContext(groups) };
  }
  const word = findKnownCode(text);
  // A sentence of a tool says more than a code, except when the text is nothing but the code.
  const phrase = text.trim() === word ? undefined : findPhrase(text);
  if (phrase !== undefined) return { ...phrase, ...withContext({}) };
  const entry = word === undefined ? undefined : findEntry(word);
  return word === undefined || entry === undefined ? undefined : { name: word, entry, ...withContext({}) };
}

/** Gives the words of a text that look like an error's name, for suggestions when no error was recognised. */
export function findErrorNames(text: string): readonly string[] {
  /** A name in one of the forms in which aws-cli, XML and JSON print it. */
  const printed = /An error occurred \(([\w.-]+)\)|<Code>([\w.]+)<|"__type"\s*:\s*"([\w.#]+)"/.exec(text);
  if (printed !== null) return [printed[1] ?? printed[2] ?? printed[3] ?? ''];
  const words = text.match(/[A-Za-z][\w.-]{3,60}/g) ?? [];
  const typical = words.filter((word) => /(Exception|Error|Fault|Denied)$|^E[A-Z]{3,}$/.test(word));
  if (typical.length > 0) return [...new Set(typical)];
  const isOneWord = /^\s*\S+\s*$/.test(text);
  return isOneWord ? [...new Set(words)] : [];
}

/** Finds the first entry with a phrase that the text contains. `name` is the part of the text that matches. */
function findPhrase(text: string): { name: string; entry: KnownError } | undefined {
  for (const entry of entries) {
    for (const phrase of entry.phrases ?? []) {
      const words = phrase.exec(text)?.[0];
      if (words !== undefined) return { name: words.replaceAll(/\s+/g, ' ').slice(0, 100), entry };
    }
  }
  return undefined;
}

/** Trims a sentence. Gives `undefined` when the service sent none: some clients then write a word such as `None`. */
function readSentence(message: string | undefined): string | undefined {
  const sentence = message?.trim() ?? '';
  return ['', 'null', 'None', 'UnknownError', 'Unknown'].includes(sentence) ? undefined : sentence;
}

/** True when a code says little, and the text contains a phrase of the table that says more. */
function isVague(name: string, text: string): boolean {
  return ['Error', 'ClientError', 'UnknownError', 'AccessDenied'].includes(name) && findPhrase(text) !== undefined;
}

const known = new Set(knownNames);

/**
 * Finds the first word of a text that is the name of a known error. Some names are also words of English, and some are numbers
 * such as 503. So a name among other words counts only when it has a capital letter. A name that is the only word of the text
 * always counts, and may lack its capital letters and the `Exception` at its end.
 */
function findKnownCode(text: string): string | undefined {
  // Words, and numbers of three digits.
  const matches = text.match(/[A-Za-z][\w.-]+|\b\d{3}\b/g) ?? [];
  const words = matches.map((match) => match.replace(/[.-]+$/, ''));
  const isOnlyWord = words.length === 1;
  const code = words.find(
    (word) =>
      (known.has(word) && (/[A-Z]/.test(word) || isOnlyWord)) ||
      // In this form, a name may differ from that in the table: S3 writes KMS.NotFoundException for NotFoundException.
      (/^[A-Z]\w*(Exception|Error|Denied)$|^KMS\.\w+$/.test(word) && findEntry(word) !== undefined),
  );
  if (code !== undefined) return code;
  const [first] = words;
  return isOnlyWord && first !== undefined && findEntry(first) !== undefined ? first : undefined;
}

/** Finds the API name of the operation, as aws-cli, the SDKs and the request header of KMS write it. */
function findOperation(text: string): string | undefined {
  return (
    /(?:when calling the|operation error [\w ]+:|x-amz-target: TrentService\.) ?(\w+)/i.exec(text)?.[1] ??
    /\b(\w+)Command\b/.exec(text)?.[1]
  );
}

/** Gives the whole text on one line, so that readings find AWS's sentence in it; `undefined` for a single word. */
function wholeMessage(text: string): string | undefined {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.includes(' ') ? line : undefined;
}
