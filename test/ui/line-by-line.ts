import type { Answer, Question } from '../../source/ceremony/question.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import type { Asked } from '../../source/ui/interviewing.ts';
import { askQuestion } from '../../source/ui/plain/ask.ts';
import { LineInput } from '../../source/ui/plain/line-input.ts';
import { LineIo } from '../../source/ui/plain/line-io.ts';
import type { Reply } from '../../source/ui/reply.ts';
import { FakeInput } from '../terminal/fake-tty.ts';
import { textStream } from '../text-stream.ts';

type How = {
  readonly draft?: Answer;
  readonly back?: Asked['back'];
  readonly onStop?: () => boolean;
  readonly columns?: number;
  /** What is typed before the question is shown. */
  readonly ahead?: string;
};

/**
 * Asks one question line by line at a terminal, and types each of the lines as soon as a prompt with the words before it is
 * written. After the last line the input ends.
 * @throws Error when there was no prompt for a line.
 */
export async function askedByLines(
  question: Question,
  typed: readonly (readonly [shows: string, line: string])[],
  { draft, back, onStop = () => true, columns = 200, ahead }: How = {},
) {
  const stdin = new FakeInput();
  const toType = [...typed];
  let since = '';
  let written = '';
  let missing: Error | undefined;
  /** The answers for which the page of commands was shown. */
  const commandsFor: Answer[] = [];
  let whys = 0;
  const why = () => {
    whys += 1;
  };
  const stdout = textStream((text) => {
    since += text;
    written += text;
    if (since.endsWith('\n')) return;
    const [shows = '', line] = toType.shift() ?? [];
    // An error that is thrown here would only become the reply.
    if (!since.includes(shows)) missing ??= new Error(`"${shows}" was not shown:\n${since}`);
    since = '';
    // As from a terminal, bytes come in a turn of their own.
    setImmediate(() => (line === undefined ? stdin.end() : stdin.write(`${line}${stdin.isRaw ? '\r' : '\n'}`)));
  });
  const terminal = readTerminal({ env: { LANG: 'C.UTF-8', TERM: 'xterm' }, stdin, stdout: { isTTY: true, columns } });
  const input = new LineInput(stdin);
  if (ahead !== undefined) {
    stdin.write(ahead);
    await new Promise(setImmediate);
  }
  const reply = await askQuestion({
    lineIo: new LineIo({ input, stdout, terminal }),
    asked: { question, draft, isFirst: true, back, commands: () => [] },
    onStop,
    pages: { why, commands: (answer) => void commandsFor.push(answer) },
  }).catch((error: unknown): Reply | Error => error as Error);
  const isEchoed = !stdin.isRaw;
  input.close();
  if (missing !== undefined) throw missing;
  if (toType.length > 0) throw new Error(`"${toType[0]?.[0]}" did not come:\n${written}`);
  return { reply, written, commandsFor, whys, isEchoed };
}
