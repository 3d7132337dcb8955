import { ProblemError } from '../../ceremony/problem.ts';
import type { SecretQuestion } from '../../ceremony/question.ts';
import { orStopped } from '../../ceremony/waiting.ts';
import type { Terminal } from '../../terminal/terminal-facts.ts';
import { StoppedByPerson } from '../outcome.ts';
import { askSecret } from './ask-secret.ts';
import { LineInput } from './line-input.ts';
import { LineIo } from './line-io.ts';

type Asking = {
  readonly stdin: NodeJS.ReadableStream;
  /** Where the question is written, so that a result on standard output stays alone. */
  readonly output: NodeJS.WritableStream;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
};

/**
 * Asks for one secret text on behalf of a command that otherwise asks nothing.
 * @throws StoppedByPerson at Ctrl+C and at the end of the input, the reason of the signal once it has aborted.
 */
export async function askAlone(question: SecretQuestion, { stdin, output, terminal, signal }: Asking): Promise<void> {
  const input = new LineInput(stdin);
  const lineIo = new LineIo({ input, stdout: output, terminal });
  const nothing = () => lineIo.say('There is nothing more to say about this.');
  const asked = { question, draft: undefined, opening: false, back: undefined, commands: () => [] };
  try {
    await orStopped(askSecret({ lineIo, asked, onStop: () => {}, pages: { why: nothing, commands: nothing } }), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ProblemError ? new StoppedByPerson() : error;
  } finally {
    input.close();
  }
}
