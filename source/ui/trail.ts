import type { Answers } from '../ceremony/question.ts';

/** A question of a step, by their ids. */
export type Place = { readonly step: string; readonly question: string };

const isSame = (one: Place, other: Place) => one.step === other.step && one.question === other.question;

/** What the person was asked, in order. Going back leads to the last of these questions. */
export class Trail {
  #places: readonly Place[] = [];
  /** The questions that the person has left by going back. */
  #left: readonly Place[] = [];

  /** True when there is no question to which the person can go back. */
  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Puts a question at the end. A question that is in the trail already moves there. */
  add(place: Place): void {
    this.#places = [...this.#places.filter((other) => !isSame(other, place)), place];
  }

  /** Removes a question when it is the last one. */
  removeIfLast(place: Place): void {
    const last = this.#places.at(-1);
    if (last !== undefined && isSame(last, place)) this.#places = this.#places.slice(0, -1);
  }

  /**
   * Goes back from a question to the last one in the trail, which is removed. The question that is left must then be asked again
   * on the way forward: see {@link wasLeft}.
   * @returns the last question; `undefined` when the trail is empty.
   */
  goBack(from: Place): Place | undefined {
    const last = this.#places.at(-1);
    if (last === undefined) return undefined;
    this.#places = this.#places.slice(0, -1);
    this.#left = [...this.#left, from];
    return last;
  }

  /** True when the person has left this question by going back, and has not answered it since. */
  wasLeft(place: Place): boolean {
    return this.#left.some((other) => isSame(other, place));
  }

  /** Notes that the person has answered a question. */
  noteAnswered(place: Place): void {
    this.#left = this.#left.filter((other) => !isSame(other, place));
  }

  /**
   * Removes what is asked again: the questions of the step `id`, except those that have their answer in `start`, and all
   * questions of later steps.
   * @param stepIds the ids of all steps, in order.
   */
  forgetFrom(id: string, start: Answers, stepIds: readonly string[]): void {
    const before = stepIds.slice(0, stepIds.indexOf(id));
    this.#places = this.#places.filter(
      ({ step, question }) => before.includes(step) || (step === id && question in start),
    );
  }

  /** Removes all questions: nobody can go back over what was done. */
  clear(): void {
    this.#places = [];
  }
}
