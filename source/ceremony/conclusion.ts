import type { Problem } from './problem.ts';
import type { PanelContent } from './question.ts';

/** Something that a person can do on the last page. */
export type ClosingWay = {
  /** The letter that does it, where letters are keys. */
  readonly key: string;
  /** Verb and object, for the footer. */
  readonly does: string;
  /** Does it. @returns a page to read, or a line that says what was done. */
  readonly act: () => PanelContent | string;
};

/** The last page: what exists now, and what can still be done with it. */
export type ClosingPage = {
  readonly title: string;
  readonly lines: readonly string[];
  readonly ways?: readonly ClosingWay[];
  /**
   * Words that lead somewhere, and the address they lead to, where the terminal takes links: used for the lines that stay
   * in the terminal.
   */
  readonly links?: ReadonlyMap<string, string>;
};

/** What is said of a ceremony whose steps are all done, true of the moment when AWS was asked. */
export type Conclusion = {
  /** The exit status: 0 all is well, 1 the answer is no, 3 something is left to act on. */
  readonly status: 0 | 1 | 3;
  readonly page: ClosingPage;
  /** For programs: what `--json` prints beside how the run ended. Never secret. */
  readonly result: object;
  /** The problem that prevents using the result of the ceremony. */
  readonly problem?: Problem;
};
