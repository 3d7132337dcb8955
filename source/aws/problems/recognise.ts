import { entries, findEntry, knownNames } from './catalogue.ts';
import type { KnownError } from './entry.ts';

/** The error in a pasted text. */
export type Recognised = {
  /** The error code as the text spells it. When the text has no code, the words of the text that were recognised. */
  readonly name: string;
  readonly entry: KnownError;
  readonly operation: string | undefined;
  /** The sentence of the service, when the text has one that can be told from the rest. */
  readonly sentence: string | undefined;
  /** The text for the patterns of readings: the sentence, or else the whole pasted text on one line. */
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
  const operation = operationIn(text);
  const beside = (found: { readonly [group: string]: string | undefined }) => ({
    operation: found.operation ?? operation,
    sentence: sentenceIn(found.message),
    message: sentenceIn(found.message) ?? wholeMessage(text),
  });
  for (const form of forms) {
    const groups = form.exec(text)?.groups;
    const entry = groups?.name === undefined ? undefined : findEntry(groups.name);
    if (groups?.name !== undefined && entry !== undefined && !isVague(groups.name, text))
      return { name: groups.name, entry, ...beside(groups) };
  }
  const word = wordIn(text);
  // A sentence of a tool tells more than a code in the text, except when the text is nothing but the code.
  const phrase = text.trim() === word ? undefined : phraseIn(text);
  if (phrase !== undefined) return { ...phrase, ...beside({}) };
  const entry = word === undefined ? undefined : findEntry(word);
  return word === undefined || entry === undefined ? undefined : { name: word, entry, ...beside({}) };
}

/** Gives the words of a text that look like an error's name. From them come suggestions when no error was recognised. */
export function findErrorNames(text: string): readonly string[] {
  const said = /An error occurred \(([\w.-]+)\)|<Code>([\w.]+)<|"__type"\s*:\s*"([\w.#]+)"/.exec(text);
  if (said !== null) return [said[1] ?? said[2] ?? said[3] ?? ''];
  const words = text.match(/[A-Za-z][\w.-]{3,60}/g) ?? [];
  const typical = words.filter((word) => /(Exception|Error|Fault|Denied)$|^E[A-Z]{3,}$/.test(word));
  return [...new Set(typical.length > 0 ? typical : /^\s*\S+\s*$/.test(text) ? words : [])];
}

/** Finds the first entry with a phrase that the text contains; the result carries the words that were found. */
function phraseIn(text: string): { name: string; entry: KnownError } | undefined {
  for (const entry of entries) {
    for (const phrase of entry.phrases ?? []) {
      const words = phrase.exec(text)?.[0];
      if (words !== undefined) return { name: words.replaceAll(/\s+/g, ' ').slice(0, 100), entry };
    }
  }
  return undefined;
}

/** Trims a sentence. Gives `undefined` when the service sent no sentence: some clients write a word such as `None` then. */
function sentenceIn(message: string | undefined): string | undefined {
  const sentence = message?.trim() ?? '';
  return ['', 'null', 'None', 'UnknownError', 'Unknown'].includes(sentence) ? undefined : sentence;
}

/** True when the code alone says little and a phrase of the table, which says more, is in the text. */
function isVague(name: string, text: string): boolean {
  return ['Error', 'ClientError', 'UnknownError', 'AccessDenied'].includes(name) && phraseIn(text) !== undefined;
}

const known = new Set(knownNames);

/** Finds the first word of the text that is a known code. A word without capitals counts only when it is the whole text. */
function wordIn(text: string): string | undefined {
  const words = text.match(/[A-Za-z][\w.-]+|\b\d{3}\b/g) ?? [];
  const full = words.map((word) => word.replace(/[.-]+$/, ''));
  return (
    full.find(
      (word) =>
        (known.has(word) && (/[A-Z]/.test(word) || full.length === 1)) ||
        (/^[A-Z]\w*(Exception|Error|Denied)$|^KMS\.\w+$/.test(word) && findEntry(word) !== undefined),
    ) ?? (full.length === 1 && full[0] !== undefined && findEntry(full[0]) !== undefined ? full[0] : undefined)
  );
}

function operationIn(text: string): string | undefined {
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
