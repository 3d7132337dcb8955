/** Of a long text, this many characters are read of its beginning, of its end, and of the lines between the two. */
const mostAtEachPlace = 60_000;

/** How many characters are read of each line between the beginning and the end. */
const mostOfLine = 2000;

/** Matches a word that a line about an error has. */
const wordOfError = /error|exception|denied|fail|expired|invalid|not found|does not exist|<code>|unable|could not/i;

/**
 * Shortens a long text, such as a log, so that looking through it takes no time that a person notices. Keeps the beginning,
 * the end, and between them the lines that have a word of an error.
 */
export function shortenPasted(text: string): string {
  if (text.length <= mostAtEachPlace * 3) return text;
  const kept: string[] = [];
  let length = 0;
  for (const line of text.slice(mostAtEachPlace, -mostAtEachPlace).split('\n')) {
    if (length > mostAtEachPlace) break;
    const part = line.slice(0, mostOfLine);
    if (!wordOfError.test(part)) continue;
    kept.push(part);
    length += part.length + 1;
  }
  return [text.slice(0, mostAtEachPlace), ...kept, text.slice(-mostAtEachPlace)].join('\n');
}

/** The beginning of a line in a box or a quotation, as Terraform and sops print them: `│ Error: ...`, `  | Error ...`. */
const edge = /^[ \t]*(?:- )?[│|╷╵][ \t]?/;

/**
 * A line of a stack: `at f (file.js:1:2)` of JavaScript and Java, `File "x.py", line 1, in f` of Python. Between the name and
 * the place of a function is a blank or a bracket: a pattern that leaves both out tries each place of a long line.
 */
const lineOfStack =
  /^[ \t]*(?:at (?:async |new )?[^\s(]*(?:(?: \[as \w+\] ?\(?| \(?|\()[^\s()]*)?(?::\d+|Native Method|Unknown Source)\)?|File "[^"]*", line \d+(?:, in [\w<>.]+)?|\.\.\. \d+ more)$/;

/**
 * Takes away what stands around an error in the output of tools: the lines of a stack, and the edge of a box. The lines in
 * a box are broken where the terminal ends, so each paragraph in it becomes one line.
 */
export function readPasted(text: string): string {
  /** True when the line before was text in a box. */
  let isParagraphOpen = false;
  let result = '';
  for (const line of text.split(/\r?\n/)) {
    if (line.length < mostOfLine && lineOfStack.test(line)) continue;
    const bare = line.replace(edge, '');
    const isTextInBox = bare !== line && bare.trim() !== '';
    result += isTextInBox && isParagraphOpen ? ` ${bare.trim()}` : `\n${bare}`;
    isParagraphOpen = isTextInBox;
  }
  return result.slice(1);
}

/** Gives a text on one line. */
export const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
