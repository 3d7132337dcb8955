import type { ClosingPage } from '../ceremony/conclusion.ts';
import type { Interviewer } from '../ceremony/interviewer.ts';
import type { ChoiceQuestion } from '../ceremony/question.ts';
import type { Facts } from '../steps/facts.ts';

/** An interface that talks to a person: the screen, or the plain lines. */
export type Screen<Services> = {
  readonly interviewer: Interviewer<Facts, Services>;
  /**
   * Asks a question that belongs to no step.
   * @param backAnswer the result when the person goes back. Without it, the person cannot go back.
   * @returns the value of the chosen option.
   */
  ask(question: ChoiceQuestion, backAnswer?: string): Promise<string>;
  /** Shows the last page until the person leaves it. */
  closing(page: ClosingPage): Promise<void>;
  /** Puts the terminal back into its usual state and prints some last lines. */
  close(lastWords?: readonly string[]): Promise<void>;
};
