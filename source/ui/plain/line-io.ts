import { ProblemError } from '../../ceremony/problem.ts';
import type { SecretText } from '../../ceremony/secret-text.ts';
import { wrapToCopy } from '../../terminal/cells.ts';
import type { Linker } from '../../terminal/hyperlinks.ts';
import { holdsControls, printable } from '../../terminal/printable.ts';
import { type Symbols, symbolsFor } from '../../terminal/symbols.ts';
import type { Terminal } from '../../terminal/terminal-facts.ts';
import { StoppedByPerson } from '../reply.ts';
import type { LineInput } from './line-input.ts';

type Parts = {
  readonly input: LineInput;
  readonly stdout: NodeJS.WritableStream;
  readonly terminal: Terminal;
};

/** Where the plain interface writes lines and reads lines: no cursor movement, no colour, nothing repainted. */
export class LineIo {
  readonly symbols: Symbols;
  /** Makes links of words, once there are some that lead somewhere. */
  link: Linker = (row) => row;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.symbols = symbolsFor(parts.terminal);
  }

  /** Lines of text, broken between words at the terminal's width. */
  say(...lines: readonly string[]): void {
    const { terminal, stdout } = this.#parts;
    for (const line of lines) {
      const text = printable(line, terminal);
      const indent = /^ */.exec(text)?.[0] ?? '';
      const rows = terminal.isTty
        ? wrapToCopy(text.trimStart(), terminal.columns() - indent.length)
        : [text.trimStart()];
      for (const row of rows) stdout.write(`${this.link(indent + row)}\n`);
    }
  }

  /** Lines that are to be copied as they are, such as commands. */
  sayWhole(...lines: readonly string[]): void {
    const { terminal, stdout } = this.#parts;
    for (const line of lines) stdout.write(`${printable(line, terminal)}\n`);
  }

  /**
   * Asks for a line and waits for it.
   * @param ask the question that a person is at, for what is said when the input has ended.
   * @throws ProblemError at the end of the input.
   */
  async line(prompt: string, ask: string): Promise<string> {
    const { terminal, stdout, input } = this.#parts;
    for (;;) {
      stdout.write(printable(`${prompt} `, terminal));
      const line = await input.next();
      if (line === undefined) {
        stdout.write('\n');
        throw new ProblemError(inputEnded(ask));
      }
      // A terminal has shown what was typed; a pipe has not, and the transcript should.
      if (!terminal.isTty) stdout.write(`${printable(line, terminal)}\n`);
      if (!holdsControls(line)) return line;
      this.refused('The line holds a control character, such as an arrow key. It was left out.', ask);
    }
  }

  /**
   * Asks for a text that is not echoed. The caller destroys it, and calls {@link echo} when no other try follows.
   * @throws ProblemError at the end of the input, StoppedByPerson at Ctrl+C.
   */
  async secret(prompt: string, ask: string, onStop: () => void): Promise<SecretText> {
    const { terminal, stdout, input } = this.#parts;
    // Lines typed ahead were echoed, so that none of them is a secret any more.
    this.onPurpose();
    // The echo is off before the prompt is printed, so that nothing typed at the prompt can be echoed.
    const typed = input.secret();
    stdout.write(printable(`${prompt} `, terminal));
    const text = await typed;
    stdout.write('\n');
    if (text === 'interrupted') {
      onStop();
      throw new StoppedByPerson();
    }
    if (text === undefined) throw new ProblemError(inputEnded(ask));
    return text;
  }

  /** Lets the terminal show again what is typed. */
  echo(): void {
    this.#parts.input.restore();
  }

  /**
   * Says what was wrong with a line. Lines that came before a person could know it are not answers to this: a terminal's
   * are let go, and in a pipe they show that the order no longer holds.
   * @throws ProblemError for a pipe with such lines.
   */
  refused(problem: string, ask: string): void {
    const { terminal, input } = this.#parts;
    if (!terminal.isTty && input.ahead > 0) throw new ProblemError(outOfOrder(ask, problem));
    this.say(`${this.symbols.problem} ${problem}`);
    this.#letGo();
  }

  /** Something came that nobody could expect when they typed ahead. @returns false where a pipe cannot answer it. */
  interrupted(): boolean {
    const { terminal, input } = this.#parts;
    if (!terminal.isTty && input.ahead > 0) return false;
    this.#letGo();
    return true;
  }

  /** What comes now must not be answered by what was typed before it stood there. A pipe was written on purpose. */
  onPurpose(): void {
    if (this.#parts.terminal.isTty) this.#letGo();
  }

  #letGo(): void {
    const { input } = this.#parts;
    if (input.ahead === 0) return;
    this.say(`${this.symbols.caution} ${input.ahead === 1 ? 'A line' : 'Lines'} typed ahead of this were left out.`);
    input.discard();
  }
}

function inputEnded(ask: string) {
  return {
    kind: 'fixable',
    what: `Standard input ended before this was answered: ${ask}`,
    state: 'Every step before it is saved.',
    next: ['Start Keyferry again to go on from there.'],
  } as const;
}

function outOfOrder(ask: string, problem: string) {
  return {
    kind: 'fixable',
    what: `Can't take the answer to: ${ask}`,
    why: problem,
    state: 'Every step before it is saved. The lines of standard input behind it were not read.',
    next: ['Mend that line, and give the answers from there on.'],
  } as const;
}
