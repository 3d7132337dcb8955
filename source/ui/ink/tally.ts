import type { Answer, Question } from '../../ceremony/question.ts';

/** Shows what the chosen values of a list come to, such as the bytes of files. Counts again after each change. */
export class Tally {
  readonly #question: Question;
  readonly #leaving: AbortSignal;
  readonly #show: (words: string | undefined) => void;
  /** The values that are counted, as JSON. */
  #countedJson = '[]';
  #counting: AbortController | undefined;
  #words: string | undefined;

  /** @param leaving ends the counting. `show` gets the words when they are known, or `undefined` after an error of the count. */
  constructor(question: Question, leaving: AbortSignal, show: (words: string | undefined) => void) {
    this.#question = question;
    this.#leaving = leaving;
    this.#show = show;
  }

  /**
   * The words about the values that were chosen last: `Counting` until the count has ended. `undefined` when nothing is chosen,
   * after an error of the count, and for questions that count nothing.
   */
  get words(): string | undefined {
    return this.#words;
  }

  /**
   * Counts again when the chosen values have changed, unless none is left. The count of the earlier values stops, and its result is
   * dropped.
   */
  follow(answer: Answer): void {
    const question = this.#question;
    if (question.kind !== 'many' || question.tally === undefined || !Array.isArray(answer)) return;
    const json = JSON.stringify(answer);
    if (json === this.#countedJson) return;
    this.#countedJson = json;
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
    // An error of the count is not shown here: the check of the answer shows it.
    void question.tally(answer, AbortSignal.any([counting.signal, this.#leaving])).then(tell, () => tell(undefined));
  }
}
