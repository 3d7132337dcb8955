import type { Problem } from './problem.ts';
import type { PanelContent } from './question.ts';

/** An action that the last page offers. */
export type ClosingWay = {
  /** The letter that a person presses for it. */
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
  /** Addresses by the words that link to them, for the lines that stay in a terminal that shows links. */
  readonly links?: ReadonlyMap<string, string>;
};

/** How a ceremony ended whose steps are all done, as it was when AWS was asked. */
export type Conclusion = {
  /** The exit status: 0 all is well, 1 the answer is no, 3 something is left to act on. */
  readonly status: 0 | 1 | 3;
  readonly page: ClosingPage;
  /** For programs: what `--json` prints beside how the run ended. Never secret. */
  readonly result: object;
  /** The problem that prevents using the result of the ceremony. */
  readonly problem?: Problem;
};
