import type { ClosingPage } from '../ceremony/conclusion.ts';
import type { Interviewer } from '../ceremony/interviewer.ts';
import type { ChoiceQuestion } from '../ceremony/question.ts';
import type { Facts } from '../steps/facts.ts';

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
