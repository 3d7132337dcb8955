import { chooseReading, entries, findEntry, knownNames } from './catalogue.ts';
import type { KnownError } from './entry.ts';
import { findAnswers, findOperation, findProgramErrors, type PrintedError, readSentence } from './forms.ts';
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
 * Finds the errors in a text that a person pasted. The text may be an error code, the output of aws-cli, boto, an SDK,
 * Terraform or openssl, a sentence of AWS alone, a raw answer of AWS, or a log with all of these. Gives each different answer of
 * a service that the table knows, the last in the text first. When there is none, gives one other error, or nothing when the
 * table knows no error in the text. What a service or a tool says counts more than a word that only looks like a code.
 */
export function recogniseErrors(pasted: string): readonly Recognised[] {
  const text = readPasted(pasted);
  const line = onOneLine(text);
  const answers = recogniseAnswers(text, line);
  if (answers.length > 0) return answers;
  const other = recogniseOther(text, line);
  return other === undefined ? [] : [other];
}

/** The most answers that are read although the table knows neither their code nor their sentence. More would take long. */
const mostUnknown = 30;

/** The most answers that are read, from the end of a text. */
const mostAnswers = 100;

/** Recognises the answers of services, the last first, each kind once. */
function recogniseAnswers(text: string, line: string): readonly Recognised[] {
  const places = findAnswers(text).slice(-mostAnswers);
  // With several answers, an operation somewhere in the text may be that of another answer.
  const operationOfAll = places.length > 1 ? undefined : findOperation(text);
  const found: Recognised[] = [];
  let unknown = 0;
  for (const { start, end, read } of places.reverse()) {
    const recognised = firstOf(read(), (printed) => recognisePrinted(printed, line));
    if (recognised === undefined) unknown += 1;
    if (unknown > mostUnknown) break;
    if (recognised === undefined) continue;
    const operation = recognised.operation ?? operationOfAll ?? findOperation(lineAround(text, start, end));
    addUnlessSame(found, { ...recognised, operation });
  }
  return found;
}

/** Gives the first result of `find` that is not `undefined`. */
function firstOf<From, To>(all: Iterable<From>, find: (each: From) => To | undefined): To | undefined {
  for (const each of all) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Gives an answer with what is before it on its line, as one text: at most the last 2000 characters. */
const lineAround = (text: string, start: number, end: number) =>
  text.slice(text.lastIndexOf('\n', start) + 1, end).slice(-2000);

/**
 * Adds an error unless the list has the same one: an error of the same table entry, for the same reason. The sentence shows the
 * reason; an error without a sentence counts as the same, and is replaced by one that has a sentence.
 */
function addUnlessSame(found: Recognised[], one: Recognised): void {
  const same = found.find(
    (other) =>
      other.entry === one.entry &&
      (one.sentence === undefined || other.sentence === undefined || reasonOf(other) === reasonOf(one)),
  );
  if (same === undefined) found.push(one);
  else if (same.sentence === undefined && one.sentence !== undefined) found[found.indexOf(same)] = one;
}

const reasonOf = (error: Recognised) => chooseReading(error.entry, error).why;

/**
 * Recognises an error in the form in which a tool printed it. Gives `undefined` when its name is not known, unless it is a
 * service's answer with a known sentence.
 * @param line the whole text on one line.
 */
function recognisePrinted(printed: PrintedError, line: string): Recognised | undefined {
  const { operation, isAnswer } = printed;
  const sentence = readSentence(printed.message);
  const found = readPrinted({ ...printed, message: sentence }, line);
  if (found === undefined) return undefined;
  // A single word is only the code of the error. It has no message.
  const wholeText = line.includes(' ') ? line : undefined;
  // Of the three texts, the first that is there: the one in which the entry was found, the sentence, the whole text.
  return { ...found, message: found.message ?? sentence ?? wholeText, operation, sentence, isAnswer };
}

/**
 * Recognises what is no answer of a service: what a program prints, a sentence alone, or a word; `undefined` for all else.
 * @param text the pasted text.
 * @param line the same text on one line.
 */
function recogniseOther(text: string, line: string): Recognised | undefined {
  const operation = findOperation(text);
  for (const printed of findProgramErrors(text, isKnown)) {
    const recognised = recognisePrinted(printed, line);
    if (recognised !== undefined) return { ...recognised, operation: recognised.operation ?? operation };
  }
  const word = findKnownCode(line);
  // A text that is only a code has no sentence.
  const found = (line === word ? undefined : findSentence(line)) ?? entryOfWord(word);
  if (found === undefined) return undefined;
  // A single word is only a code: it has no message.
  const wholeText = line.includes(' ') ? line : undefined;
  // Nothing shows where in the text the sentence begins and ends.
  return { ...found, message: found.message ?? wholeText, operation, sentence: undefined, isAnswer: false };
}

const isKnown = (name: string) => findEntry(name) !== undefined;

/**
 * Finds the entry of an error in one of the known forms. In this order: for AccessDenied, another entry with a phrase that the text
 * has; the entry of the code, when one of its readings fits; the entry that the sentence shows; the entry of the code. When the
 * table does not know the code, only the sentence of a service's answer can show an entry: `undefined` when it shows none.
 */
function readPrinted({ name, message, isAnswer }: PrintedError, line: string): Found | undefined {
  const entry = name === undefined ? undefined : findEntry(name);
  if (name === undefined || entry === undefined)
    return message === undefined || !isAnswer ? undefined : findSentence(message);
  // A wrapper is a code around the error of another program, which may be anywhere in the text.
  const where = entry.isWrapper === true ? line : (message ?? line);
  const byCode = { name, entry, ...(entry.isWrapper === true ? { message: where } : {}) };
  // STS says AccessDenied for a wrong MFA code too, and the entry about MFA helps more.
  const byPhrase = name === 'AccessDenied' ? findPhrase(where) : undefined;
  if (byPhrase !== undefined && byPhrase.entry !== entry) return byPhrase;
  if (entry.readings?.some(({ says }) => says?.test(where))) return byCode;
  // Without a sentence, the code alone counts: other words of the text may be about something else.
  const bySentence = message === undefined && entry.isWrapper !== true ? undefined : findSentence(where);
  return bySentence === undefined || bySentence.entry === entry ? byCode : bySentence;
}

/**
 * Finds an error by a sentence of AWS, or by the words of a tool, anywhere in a text; `undefined` when there is none. A reading
 * that also needs an operation or a code does not count.
 */
function findSentence(text: string): Found | undefined {
  for (const entry of entries) {
    for (const { says, in: operations, onlyWithCode } of entry.readings ?? []) {
      if (says === undefined || operations !== undefined || onlyWithCode === true) continue;
      const words = says.exec(text)?.[0];
      if (words !== undefined) return { name: onOneLine(words), entry, message: text };
    }
  }
  return findPhrase(text);
}

/** Finds the first entry with a phrase of the text; `undefined` when there is none. Entries of wrappers come last. */
function findPhrase(text: string): Found | undefined {
  for (const isWrapper of [false, true]) {
    for (const entry of entries) {
      if ((entry.isWrapper === true) !== isWrapper) continue;
      for (const phrase of entry.phrases ?? []) {
        const words = phrase.exec(text)?.[0];
        if (words !== undefined) return { name: onOneLine(words), entry };
      }
    }
  }
  return undefined;
}

const known = new Set(knownNames);

/** Gives the entry of a word that {@link findKnownCode} found; `undefined` when it found none. */
function entryOfWord(word: string | undefined): Found | undefined {
  const entry = word === undefined ? undefined : findEntry(word);
  return word === undefined || entry === undefined ? undefined : { name: word, entry };
}

/**
 * Finds the first word of a text that is the name of a known error; `undefined` when there is none. Some names are also words of
 * English, and some are numbers such as 503. So a name among other words counts only when it has a capital letter; `Forbidden`,
 * which web servers write, does not. A name that is the only word of the text always counts, and may lack its capital letters and
 * the `Exception` at its end.
 */
function findKnownCode(text: string): string | undefined {
  const isOnlyWord = !/\s/.test(text);
  // Words, and numbers of three digits. The name of a class comes after its namespace.
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
