import { stripVTControlCharacters } from 'node:util';
import { chooseReading } from '../aws/problems/catalogue.ts';
import { shortenPasted } from '../aws/problems/pasted-text.ts';
import { recogniseErrors } from '../aws/problems/recognise.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { wrap } from '../terminal/cells.ts';
import { printable } from '../terminal/printable.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import { permissionsJson, permissionsWords } from './explain-permissions.ts';
import { helpLines, otherLines, unknownLines } from './explained.ts';

/** The streams of the command, and how its terminal shows text. */
type Io = {
  readonly stdin: AsyncIterable<Buffer | string> & { readonly isTTY?: boolean };
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly terminal: Pick<Terminal, 'columns' | 'unicode'>;
};

/** How many characters are taken from standard input. An endless input ends there. */
const mostCharacters = 20_000_000;

/**
 * Explains an error that a person met outside of Keyferry. The error is a code, or the text that a tool printed. It comes from
 * the arguments or from standard input. Of several errors, it explains the last and names some of the others. For the word
 * `permissions` it prints an IAM policy instead.
 * @param words the arguments.
 * @returns the exit status: 0 when the error is known, and for `permissions`; 1 when it is not, 2 when there is nothing to explain.
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
  const read = shortenPasted(pasted);
  const text = stripVTControlCharacters(read);
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
  const [last, ...others] = recogniseErrors(text);
  if (last === undefined) {
    tell(unknownLines(text, { isShortened: read !== pasted }));
    return 1;
  }
  tell([...helpLines(last, chooseReading(last.entry, last)), ...otherLines(others)]);
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
