import { ProblemError } from '../../ceremony/problem.ts';
import type { Answer, Question } from '../../ceremony/question.ts';
import { orStopped } from '../../ceremony/waiting.ts';
import type { Terminal } from '../../terminal/terminal-facts.ts';
import { StoppedByPerson } from '../reply.ts';
import { askQuestion } from './ask.ts';
import { LineInput } from './line-input.ts';
import { LineIo } from './line-io.ts';

type Asking = {
  readonly stdin: NodeJS.ReadableStream;
  /** The question is written here and not to standard output, so that standard output contains only the result. */
  readonly output: NodeJS.WritableStream;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
};

/**
 * Asks one question line by line, for a command that asks nothing else.
 * @returns the answer; for a secret, only that it was given.
 * @throws StoppedByPerson when the person stops with `:stop`, or with Ctrl+C in a secret. Also when the input ends, and when a pipe
 * has more lines after a refused one.
 * @throws the reason of `signal` once that signal has aborted.
 */
export async function askAlone(question: Question, { stdin, output, terminal, signal }: Asking): Promise<Answer> {
  const input = new LineInput(stdin);
  const lineIo = new LineIo({ input, stdout: output, terminal });
  const sayNothingMore = () => lineIo.say('There is nothing more to say about this.');
  const asked = { question, draft: undefined, isFirst: false, back: undefined, commands: () => [] };
  const context = { lineIo, asked, onStop: () => true, pages: { why: sayNothingMore, commands: sayNothingMore } };
  try {
    const reply = await orStopped(askQuestion(context), signal);
    if (reply.kind !== 'answer') throw new StoppedByPerson();
    return reply.answer;
  } catch (error) {
    signal.throwIfAborted();
    // A ProblemError says that the input has ended, or that a pipe has more lines after a refused one.
    throw error instanceof ProblemError ? new StoppedByPerson() : error;
  } finally {
    input.close();
  }
}
