import { stripVTControlCharacters } from 'node:util';
import { chooseReading } from '../aws/problems/catalogue.ts';
import type { Help } from '../aws/problems/entry.ts';
import { nearestErrors } from '../aws/problems/nearest.ts';
import { describeOperation } from '../aws/problems/operations.ts';
import { findErrorNames, type Recognised, recogniseError } from '../aws/problems/recognise.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { wrap } from '../terminal/cells.ts';
import { printable } from '../terminal/printable.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import { permissionsJson, permissionsWords } from './explain-permissions.ts';

/** The streams of the command, and how its terminal shows text. */
type Io = {
  readonly stdin: AsyncIterable<Buffer | string> & { readonly isTTY?: boolean };
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly terminal: Pick<Terminal, 'columns' | 'unicode'>;
};

/** How many characters of a long pasted log are read. */
const mostCharacters = 200_000;

/**
 * Explains an error that a person met outside of Keyferry. The error is a code, or the text that a tool printed. It comes from
 * the arguments or from standard input. For the word `permissions` it prints an IAM policy instead.
 * @param words the arguments.
 * @returns the exit status: 0 when the error is known, 1 when it is not, 2 when there is nothing to explain.
 */
export async function explainPasted(
  words: readonly string[],
  { stdin, stdout, stderr, terminal }: Io,
): Promise<number> {
  // One write for all lines, so that a reader that closes early, such as head, causes no second write.
  const tell = (lines: readonly string[]) =>
    stdout.write(lines.flatMap((line) => printedLines(line, terminal)).join(''));
  const pasted = words.length > 0 ? words.join(' ') : await readAll(stdin);
  // Text that is copied from a terminal may contain colour codes.
  const text = stripVTControlCharacters(pasted);
  if (text.trim() === '') {
    stderr.write(
      `keyferry: nothing to explain. Give a code or paste the error: ${ownCommand('explain', 'InvalidCiphertextException')}\n`,
    );
    return 2;
  }
  if (/^permissions$/i.test(text.trim())) {
    stderr.write(permissionsWords.flatMap((line) => printedLines(line, terminal)).join(''));
    stdout.write(permissionsJson());
    return 0;
  }
  const recognised = recogniseError(text);
  if (recognised === undefined) {
    tell(unknownLines(text));
    return 1;
  }
  tell(helpLines(recognised, chooseReading(recognised.entry, recognised)));
  return 0;
}

/**
 * Gives a line as it is printed: without control characters, and wrapped so that the next lines begin under its first word. A
 * command (`$ ...`) stays on one line.
 */
function printedLines(line: string, { columns, unicode }: Io['terminal']): readonly string[] {
  const text = printable(line, { unicode });
  // The spaces at the beginning, with the number, the dash or the dollar sign that may follow them.
  const [indent = ''] = /^ *(?:\d\. |- |\$ |)/.exec(text) ?? [];
  if (indent.endsWith('$ ')) return [`${text}\n`];
  // A line is at most 100 cells wide. On a very narrow terminal, the text still gets 20 cells.
  const width = Math.max(20, Math.min(100, columns()) - indent.length);
  return wrap(text.slice(indent.length), width).map(
    (part, index) => `${index === 0 ? indent : ' '.repeat(indent.length)}${part}\n`,
  );
}

/** Reads standard input to its end, but at most {@link mostCharacters}. From a terminal it reads nothing, and does not wait. */
async function readAll(stdin: Io['stdin']): Promise<string> {
  if (stdin.isTTY === true) return '';
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > mostCharacters) break;
  }
  return text.slice(0, mostCharacters);
}

/** Gives the explanation of a known error. `sentence` is the message of AWS in the text, if it has one. */
function helpLines({ name, operation, sentence }: Recognised, help: Help): readonly string[] {
  const effect = operation === undefined ? undefined : describeOperation(operation);
  const { why, causes = [], look = [], next, commands = [] } = help;
  return [
    effect === undefined ? name : `${name}, from ${operation}`,
    ...(effect === undefined ? [] : ['', effect.what, effect.state]),
    '',
    'What it means',
    `  ${why}`,
    ...(sentence === undefined ? [] : [`  AWS says: ${sentence}`]),
    ...section(
      'Likely causes, the first most likely',
      causes.map((cause, index) => `  ${index + 1}. ${cause}`),
    ),
    ...section(
      'How to look',
      look.map((command) => `  $ ${command}`),
    ),
    ...section(
      'What to do',
      next.map((step) => `  - ${step}`),
    ),
    ...section(
      'By hand',
      commands.map((command) => `  $ ${command}`),
    ),
  ];
}

/** Gives the lines of a section under its title; nothing for a section without lines. */
function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

/** Gives the lines for a text in which no known error was found: the name in it that looks like an error, and similar names. */
function unknownLines(text: string): readonly string[] {
  const [name] = findErrorNames(text);
  const nearest = nearestErrors(name ?? text.trim().slice(0, 60));
  return [
    name === undefined ? 'Keyferry finds no error in this text that it knows.' : `Keyferry does not know ${name}.`,
    ...(nearest.length === 0 ? [] : [`Nearest names that it knows: ${nearest.join(', ')}`]),
    'Give the code alone, or the whole line that the tool printed:',
    `  $ ${ownCommand('explain', 'AccessDeniedException')}`,
  ];
}
