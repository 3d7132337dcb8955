import type { Answer, Question } from '../../ceremony/question.ts';

/** Says what the chosen values of a list come to, such as the bytes of files, again after each change. */
export class Tally {
  readonly #question: Question;
  readonly #leaving: AbortSignal;
  readonly #show: (words: string | undefined) => void;
  #chosen = '[]';
  #counting: AbortController | undefined;
  #words: string | undefined;

  /** @param leaving ends the counting. `show` gets the words when they are known. */
  constructor(question: Question, leaving: AbortSignal, show: (words: string | undefined) => void) {
    this.#question = question;
    this.#leaving = leaving;
    this.#show = show;
  }

  /** The words about the values that were chosen last; `undefined` for questions that have none. */
  get words(): string | undefined {
    return this.#words;
  }

  /** Begins to count when other values are chosen than before. What was counted for those does not count any more. */
  follow(answer: Answer): void {
    const question = this.#question;
    if (question.kind !== 'many' || question.tally === undefined || !Array.isArray(answer)) return;
    const chosen = JSON.stringify(answer);
    if (chosen === this.#chosen) return;
    this.#chosen = chosen;
    this.#counting?.abort();
    const counting = new AbortController();
    this.#counting = counting;
    const isCurrent = () => !counting.signal.aborted && !this.#leaving.aborted;
    const tell = (words: string | undefined) => {
      if (!isCurrent()) return;
      this.#words = words;
      this.#show(words);
    };
    this.#words = answer.length === 0 ? undefined : 'Counting';
    if (answer.length === 0) return;
    // Whatever keeps it from counting is told when the answer is given.
    void question.tally(answer, AbortSignal.any([counting.signal, this.#leaving])).then(tell, () => tell(undefined));
  }
}
