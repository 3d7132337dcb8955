import type { Problem } from './problem.ts';
import type { PanelContent } from './question.ts';

/** An action that the last page offers, such as showing the record. */
export type ClosingAction = {
  /** The letter that a person presses to start the action. */
  readonly key: string;
  /** What the action does, for the footer: a verb and its object. */
  readonly does: string;
  /** Carries out the action. @returns a page to read, or a line that says what was done. */
  readonly act: () => PanelContent | string;
};

/** Why a text of the last page stands out: it is the heading of a part, the person must keep it, or it says that all is well. */
export type Emphasis = 'heading' | 'keep' | 'good';

/** The last page: what exists now, and what can still be done with it. */
export type ClosingPage = {
  readonly title: string;
  readonly lines: readonly string[];
  /** Those of the lines that are commands, so that they can be pasted wherever the screen breaks them. */
  readonly commands?: readonly string[];
  readonly actions?: readonly ClosingAction[];
  /** What stands out on the screen, by its text: a line, or words in one. */
  readonly emphasis?: ReadonlyMap<string, Emphasis>;
  /**
   * Web addresses, by the words that become links to them. The links are in the lines that stay in the terminal after the
   * end, when the terminal can show links.
   */
  readonly links?: ReadonlyMap<string, string>;
};

/** How a ceremony ended. All its steps are done, and AWS was asked how things are now. */
export type Conclusion = {
  /** The exit status. 0: all is well. 1: the ceremony answers a question, and the answer is no. 3: a person must still act. */
  readonly status: 0 | 1 | 3;
  readonly page: ClosingPage;
  /** For programs: what `--json` prints beside how the run ended. Never secret. */
  readonly result: object;
  /** The problem that prevents using the result of the ceremony. */
  readonly problem?: Problem;
};
