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
  /** Where the question is written, so that a result on standard output stays alone. */
  readonly output: NodeJS.WritableStream;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
};

/**
 * Asks one question on behalf of a command that otherwise asks nothing.
 * @returns the answer; of a secret, that it was given.
 * @throws StoppedByPerson at Ctrl+C, at the end of the input and where the person goes back, the reason of the signal once it
 * has aborted.
 */
export async function askAlone(question: Question, { stdin, output, terminal, signal }: Asking): Promise<Answer> {
  const input = new LineInput(stdin);
  const lineIo = new LineIo({ input, stdout: output, terminal });
  const nothing = () => lineIo.say('There is nothing more to say about this.');
  const asked = { question, draft: undefined, opening: false, back: undefined, commands: () => [] };
  const putting = { lineIo, asked, onStop: () => {}, pages: { why: nothing, commands: nothing } };
  try {
    const outcome = await orStopped(askQuestion(putting), signal);
    if (outcome.kind !== 'answer') throw new StoppedByPerson();
    return outcome.answer;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ProblemError ? new StoppedByPerson() : error;
  } finally {
    input.close();
  }
}
