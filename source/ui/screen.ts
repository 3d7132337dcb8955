import type { Interviewer } from '../ceremony/interviewer.ts';
import type { ChoiceQuestion, PanelContent } from '../ceremony/question.ts';
import type { Facts } from '../steps/facts.ts';
import type { Links } from '../terminal/hyperlinks.ts';

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
  /** What some of its words lead to, where the terminal takes links: used for the lines that stay in the terminal. */
  readonly links?: Links;
};

/** How the assistant meets a person, whether on a screen or line by line. */
export type Screen<Services> = {
  readonly interviewer: Interviewer<Facts, Services>;
  /** Asks one question that belongs to no step. */
  ask(question: ChoiceQuestion): Promise<string>;
  /** Shows the last page until it is left. */
  closing(page: ClosingPage): Promise<void>;
  /** Puts the terminal back and leaves some lines behind. */
  close(lastWords?: readonly string[]): Promise<void>;
};
