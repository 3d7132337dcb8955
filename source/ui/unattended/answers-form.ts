import type { LineCounter, YAMLParseError } from 'yaml';
import type { AnswersFinding } from './given-answers.ts';

/** What to say to a person in place of an error of the YAML library. The error has this code and, when set, these words. */
type Words = {
  readonly code: YAMLParseError['code'];
  readonly when?: RegExp;
  readonly says: string;
};

const missingColon = 'a colon and a space are missing behind the name.';

const words: readonly Words[] = [
  { code: 'RESOURCE_EXHAUSTION', says: 'values are nested much deeper than in any answers file.' },
  { code: 'BAD_INDENT', when: /^Flow/, says: 'a bracket is not closed.' },
  { code: 'BAD_INDENT', says: 'this line begins in another column than the lines that it belongs to.' },
  { code: 'TAB_AS_INDENT', says: 'a tab cannot indent a line. Write spaces.' },
  { code: 'MISSING_CHAR', when: /quote/, says: 'the quote that begins here is not closed.' },
  { code: 'MISSING_CHAR', when: /^Implicit/, says: missingColon },
  { code: 'MISSING_CHAR', says: 'a comma or a space is missing.' },
  { code: 'MULTILINE_IMPLICIT_KEY', says: missingColon },
  { code: 'BLOCK_AS_IMPLICIT_KEY', says: 'a value with a colon and a space in it needs quotes around it.' },
  { code: 'BAD_SCALAR_START', says: 'a value that begins with such a sign needs quotes around it.' },
  { code: 'BAD_DQ_ESCAPE', says: 'in double quotes, a backslash is written twice. Or use single quotes.' },
  { code: 'DUPLICATE_KEY', says: 'this name stands there twice. Keep one of the two.' },
  { code: 'MULTIPLE_DOCS', says: 'the file has more than one document. Remove the line ---.' },
  {
    code: 'UNEXPECTED_TOKEN',
    when: /scalar/,
    says: 'something follows a value that has ended, such as a second quote.',
  },
];

/** Says what is wrong with the form, in the words of this program: the words of the library are about its own parts. */
function formWords({ code, message }: YAMLParseError): string {
  const known = words.find((each) => each.code === code && (each.when?.test(message) ?? true));
  return `This is not YAML: ${known?.says ?? 'this cannot stand here.'}`;
}

/** After these errors, the library reads on in the right place. After any other, it finds errors where there are none. */
const harmless: ReadonlySet<string> = new Set(['BAD_SCALAR_START', 'BAD_DQ_ESCAPE', 'DUPLICATE_KEY']);

/**
 * Gives the mistakes of form in a text, one for each line, up to the first that hides what follows. For a quote that is not
 * closed, the line is the one in which it begins.
 */
export function formFindings(text: string, errors: readonly YAMLParseError[], counter: LineCounter): AnswersFinding[] {
  const findings = new Map<number, AnswersFinding>();
  const inOrder = [...errors].sort((one, other) => placeOf(text, one) - placeOf(text, other));
  // Values that are nested too deep give an error for each level. One finding says it.
  const deep = inOrder.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  for (const error of deep === undefined ? inOrder : [deep]) {
    const line = counter.linePos(placeOf(text, error)).line;
    if (!findings.has(line)) findings.set(line, { line, says: formWords(error) });
    if (!harmless.has(error.code)) break;
  }
  return [...findings.values()];
}

/**
 * Gives the index of the character that is wrong: for a quote that is not closed, the index of that quote. It is never after the
 * last line that has text.
 */
function placeOf(text: string, { code, message, pos }: YAMLParseError): number {
  const end = Math.min(pos[0], text.trimEnd().length - 1);
  const quote = code === 'MISSING_CHAR' ? /(?<=^Missing closing )["']/.exec(message)?.[0] : undefined;
  return Math.max(0, quote === undefined ? end : lastQuoteIn(text.slice(0, end + 1), quote));
}

/**
 * Gives the index of the last quote that begins a value: it stands after a sign that a value may follow, such as a colon. When no
 * quote does, gives the index of the last character.
 */
function lastQuoteIn(text: string, quote: string): number {
  const quotes = [...text.matchAll(/(?<=[:[{,-]\s*)["']/g)].filter(([found]) => found === quote);
  return quotes.at(-1)?.index ?? text.length - 1;
}
