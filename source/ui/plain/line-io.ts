import { ProblemError } from '../../ceremony/problem.ts';
import type { SecretText } from '../../ceremony/secret-text.ts';
import type { Linker } from '../../terminal/hyperlinks.ts';
import { hasControls, printable } from '../../terminal/printable.ts';
import { type Symbols, symbolsFor } from '../../terminal/symbols.ts';
import type { Terminal } from '../../terminal/terminal-facts.ts';
import { wrapForCopying } from '../../terminal/wrap-for-copying.ts';
import { StoppedByPerson } from '../reply.ts';
import type { LineInput, UnfitSecret } from './line-input.ts';

/** What is saved if the input ends here, and what the next start asks. Both are sentences. */
export type Restart = { readonly state: string; readonly next: string };

const beforeSteps: Restart = {
  state: 'Nothing was changed.',
  next: 'It asks this again.',
};

type Parts = {
  readonly input: LineInput;
  readonly stdout: NodeJS.WritableStream;
  readonly terminal: Terminal;
};

/** Writes and reads the lines of the plain interface, without cursor movement, colours or repainting. */
export class LineIo {
  readonly symbols: Symbols;
  /** Turns words of a row into links. The last page sets this function; until then, rows stay unchanged. */
  link: Linker = (row) => row;
  /** What the person must know to give the answers again. Each step sets this. */
  restart = (): Restart => beforeSteps;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.symbols = symbolsFor(parts.terminal);
  }

  /** Prints lines of text. On a terminal, wraps them between words at its width, and indents each row as its line. */
  say(...lines: readonly string[]): void {
    const { terminal, stdout } = this.#parts;
    for (const line of lines) {
      const text = printable(line, terminal);
      const indent = /^ */.exec(text)?.[0] ?? '';
      const rows = terminal.isTty
        ? wrapForCopying(text.trimStart(), terminal.columns() - indent.length)
        : [text.trimStart()];
      for (const row of rows) stdout.write(`${this.link(indent + row)}\n`);
    }
  }

  /** Prints lines without wrapping them, so that a person can copy them unchanged. Commands are printed so. */
  sayWhole(...lines: readonly string[]): void {
    const { terminal, stdout } = this.#parts;
    for (const line of lines) stdout.write(`${printable(line, terminal)}\n`);
  }

  /**
   * Prints a prompt and gives the line that the person types. Refuses lines with control characters and asks again.
   * @param ask the question, which the problem at the end of the input contains.
   * @throws ProblemError at the end of the input, and as {@link refuse} for a line with control characters.
   */
  async line(prompt: string, ask: string): Promise<string> {
    const { terminal, stdout, input } = this.#parts;
    for (;;) {
      stdout.write(printable(`${prompt} `, terminal));
      const line = await input.next();
      if (line === undefined) {
        stdout.write('\n');
        throw new ProblemError(inputEndedProblem(ask, this.restart()));
      }
      // A terminal echoes the line. For a pipe, it is printed here, so that the transcript contains it.
      if (!terminal.isTty) stdout.write(`${printable(line, terminal)}\n`);
      if (!hasControls(line)) return line;
      this.refuse('The line holds a control character, such as an arrow key. It was left out.', ask);
    }
  }

  /**
   * Asks for a text that is not echoed. The caller must destroy the text, and must call {@link echo} after the last try.
   * @returns the text, or why the line cannot be a secret.
   * @throws ProblemError at the end of the input.
   * @throws StoppedByPerson at Ctrl+C, once `onStop` has given true.
   */
  async secret(prompt: string, ask: string, onStop: () => boolean): Promise<SecretText | UnfitSecret> {
    const { terminal, stdout, input } = this.#parts;
    // Lines that were typed before this were echoed, so that they are no longer secret.
    this.dropTypedAhead();
    for (;;) {
      // The echo is off before the prompt is printed, so that nothing typed at the prompt can be echoed.
      const typed = input.secret();
      stdout.write(printable(`${prompt} `, terminal));
      const text = await typed;
      stdout.write('\n');
      if (text === undefined) throw new ProblemError(inputEndedProblem(ask, this.restart()));
      if (text !== 'interrupted') return text;
      if (onStop()) throw new StoppedByPerson();
    }
  }

  /** Switches the echo of the terminal on again. */
  echo(): void {
    this.#parts.input.restore();
  }

  /**
   * Tells the person what is wrong with a line. More lines may wait already: whoever wrote them did not know that this line is
   * wrong. Lines that wait at a terminal are dropped. Lines that wait in a pipe would become answers to the wrong questions.
   * @throws ProblemError when more lines wait in a pipe.
   */
  refuse(problem: string, ask: string): void {
    const { terminal, input } = this.#parts;
    if (!terminal.isTty && input.linesAhead > 0)
      throw new ProblemError(outOfOrderProblem(ask, problem, this.restart()));
    this.say(`${this.symbols.problem} ${problem}`);
    this.#dropLinesAhead();
  }

  /**
   * Prepares for a question that nobody could foresee, such as one about a problem: drops lines that were typed ahead.
   * @returns false when the question cannot be asked, because the next lines of a pipe are answers to other questions.
   */
  prepareUnexpected(): boolean {
    const { terminal, input } = this.#parts;
    if (!terminal.isTty && input.linesAhead > 0) return false;
    this.#dropLinesAhead();
    return true;
  }

  /** Drops lines that were typed before the next question is shown. Keeps lines of a pipe, which are there on purpose. */
  dropTypedAhead(): void {
    if (this.#parts.terminal.isTty) this.#dropLinesAhead();
  }

  /** Drops the lines that have arrived and were not read, and tells the person. */
  #dropLinesAhead(): void {
    const { input } = this.#parts;
    if (input.linesAhead === 0) return;
    const one = 'A line typed ahead of this was left out.';
    const words = input.linesAhead === 1 ? one : 'Lines typed ahead of this were left out.';
    this.say(`${this.symbols.caution} ${words}`);
    input.discard();
  }
}

/** Makes the problem of an input that ends before a question is answered. */
function inputEndedProblem(ask: string, { state, next }: Restart) {
  return {
    kind: 'fixable',
    what: `Standard input ended before this was answered: ${ask}`,
    state,
    next: [`Start Keyferry again. ${next}`],
  } as const;
}

/** Makes the problem of a refused line after which a pipe has further lines. */
function outOfOrderProblem(ask: string, problem: string, { state, next }: Restart) {
  return {
    kind: 'fixable',
    what: `Can't take the answer to: ${ask}`,
    why: problem,
    state: `${state} The further lines of standard input were not read.`,
    next: [`Correct that line, and start Keyferry again. ${next}`],
  } as const;
}
