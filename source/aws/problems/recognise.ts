import { entries, findEntry, knownNames } from './catalogue.ts';
import type { KnownError } from './entry.ts';
import { findOperation, findPrinted, type PrintedError, readSentence } from './forms.ts';
import { onOneLine, readPasted } from './pasted-text.ts';

/** An error that was recognised in a pasted text. */
export type Recognised = {
  /** The error code as the text spells it. When the text has no code, the words of the text that were recognised. */
  readonly name: string;
  readonly entry: KnownError;
  readonly operation: string | undefined;
  /** The sentence of the service or the program, when it can be separated from the rest of the text. */
  readonly sentence: string | undefined;
  /** True when the text shows that the sentence is the answer of a service. */
  readonly isAnswer: boolean;
  /** The text in which the patterns of readings look: the sentence, or else the whole pasted text on one line. */
  readonly message: string | undefined;
};

/** A known error, and the words of the text by which it was found. */
type Found = Pick<Recognised, 'name' | 'entry'> & { readonly message?: string };

/**
 * Finds the error in a text that a person pasted. The text may be an error code, the output of aws-cli, boto, an SDK,
 * Terraform or openssl, a sentence of AWS alone, or a raw answer of AWS. Gives `undefined` when the table knows no error in
 * the text. What a service or a tool says counts more than a word that only looks like a code.
 */
export function recogniseError(pasted: string): Recognised | undefined {
  const text = readPasted(pasted);
  const line = onOneLine(text);
  const operation = findOperation(text);
  const whole = line.includes(' ') ? line : undefined;
  let unknown = 0;
  for (const printed of findPrinted(text, isKnown)) {
    const sentence = readSentence(printed.message);
    const found = readPrinted({ ...printed, message: sentence }, line);
    if (found === undefined && printed.isAnswer) unknown += 1;
    if (unknown > mostUnknown) break;
    if (found === undefined) continue;
    return {
      message: sentence ?? whole,
      ...found,
      operation: printed.operation ?? operation,
      sentence,
      isAnswer: printed.isAnswer,
    };
  }
  const word = findKnownCode(line);
  const found = (line === word ? undefined : findSentence(line)) ?? entryOfWord(word);
  return found === undefined
    ? undefined
    : { message: whole, ...found, operation, sentence: undefined, isAnswer: false };
}

/** After so many answers of which the table knows neither code nor sentence, no more are read: that would take long. */
const mostUnknown = 30;

const isKnown = (name: string) => findEntry(name) !== undefined;

/** Finds the entry of an error in one of the known forms. The sentence may say more than the code. */
function readPrinted({ name, message, isAnswer }: PrintedError, line: string): Found | undefined {
  const entry = name === undefined ? undefined : findEntry(name);
  if (name === undefined || entry === undefined)
    return message === undefined || !isAnswer ? undefined : findSentence(message);
  // Such a code is put around the errors of others, which the text may name anywhere.
  const where = entry.isWrapper === true ? line : (message ?? line);
  const told = { name, entry, ...(entry.isWrapper === true ? { message: where } : {}) };
  const phrase = name === 'AccessDenied' ? findPhrase(where) : undefined;
  if (phrase !== undefined && phrase.entry !== entry) return phrase;
  if (entry.readings?.some(({ says }) => says?.test(where))) return told;
  // Without a sentence, the code alone counts: other words of the text may be about something else.
  const other = message === undefined && entry.isWrapper !== true ? undefined : findSentence(where);
  return other === undefined || other.entry === entry ? told : other;
}

/** Finds an error by a sentence of AWS, or by the words of a tool, anywhere in a text. */
function findSentence(text: string): Found | undefined {
  for (const entry of entries) {
    for (const { says, in: operations, onlyWithCode } of entry.readings ?? []) {
      if (says === undefined || operations !== undefined || onlyWithCode === true) continue;
      const words = says.exec(text)?.[0];
      if (words !== undefined) return { name: shortName(words), entry, message: text };
    }
  }
  return findPhrase(text);
}

/** Finds the first entry with a phrase that the text contains. What is put around other errors counts last. */
function findPhrase(text: string): Found | undefined {
  for (const isWrapper of [false, true]) {
    for (const entry of entries) {
      if ((entry.isWrapper === true) !== isWrapper) continue;
      for (const phrase of entry.phrases ?? []) {
        const words = phrase.exec(text)?.[0];
        if (words !== undefined) return { name: shortName(words), entry };
      }
    }
  }
  return undefined;
}

/** Gives the words of a text by which an error was found, as a heading. */
const shortName = (words: string) => onOneLine(words).slice(0, 100);

const known = new Set(knownNames);

/** Gives the entry of a word that {@link findKnownCode} found. */
function entryOfWord(word: string | undefined): Found | undefined {
  const entry = word === undefined ? undefined : findEntry(word);
  return word === undefined || entry === undefined ? undefined : { name: word, entry };
}

/**
 * Finds the first word of a text that is the name of a known error. Some names are also words of English, and some are numbers
 * such as 503. So a name among other words counts only when it has a capital letter; `Forbidden`, which web servers write, does
 * not. A name that is the only word of the text always counts, and may lack its capital letters and the `Exception` at its end.
 */
function findKnownCode(text: string): string | undefined {
  const isOnlyWord = !/\s/.test(text);
  // Words, and numbers of three digits. The name of a class stands behind its namespace.
  const words = (text.match(/[A-Za-z][\w.-]{1,200}|\b\d{3}\b/g) ?? []).map((match) => match.replace(/[.-]{1,3}$/, ''));
  for (const word of words) {
    const name = /^(?:[A-Za-z]\w*\.){2,}([A-Z]\w+)$/.exec(word)?.[1] ?? word;
    if (known.has(name) && (isOnlyWord || (/[A-Z]/.test(name) && name !== 'Forbidden'))) return name;
    // In this form, a name may differ from that in the table: S3 writes KMS.NotFoundException for NotFoundException.
    if (/^[A-Z]\w*(Exception|Error|Denied)$|^KMS\.\w+$/.test(name) && findEntry(name) !== undefined) return name;
  }
  const [first] = words;
  return isOnlyWord && words.length === 1 && first !== undefined && findEntry(first) !== undefined ? first : undefined;
}
