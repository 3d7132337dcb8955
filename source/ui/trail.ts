import type { Answers } from '../ceremony/question.ts';

/** A question of a step, by their ids. */
export type Place = { readonly step: string; readonly question: string };

const isSame = (one: Place, other: Place) => one.step === other.step && one.question === other.question;

/**
 * What the person was asked, in the order of the steps; within a step, in the order of the answers. Going back leads to the last of
 * these questions.
 */
export class Trail {
  readonly #stepIds: readonly string[];
  #places: readonly Place[] = [];
  /** The questions that the person has left by going back. */
  #left: readonly Place[] = [];

  /** @param stepIds the ids of all steps, in order. */
  constructor(stepIds: readonly string[]) {
    this.#stepIds = stepIds;
  }

  /** True when there is no question to which the person can go back. */
  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Puts a question behind those of its step and of earlier steps. A question that is in the trail already moves there. */
  add(place: Place): void {
    const others = this.#places.filter((other) => !isSame(other, place));
    const count = others.filter(({ step }) => this.#isUpTo(step, place.step)).length;
    this.#places = others.toSpliced(count, 0, place);
  }

  /** Removes a question when it is the last one. */
  removeIfLast(place: Place): void {
    const last = this.#places.at(-1);
    if (last !== undefined && isSame(last, place)) this.#places = this.#places.slice(0, -1);
  }

  /**
   * Goes back from a question to the last one before it. Removes that one and all later ones from the trail. The question `from`
   * and those after it must be asked again on the way forward: see {@link wasLeft}. A question that is not in the trail counts as
   * the last one of its step.
   * @returns the question to which the person goes; `undefined` when there is none before. Then nothing changes.
   */
  goBack(from: Place): Place | undefined {
    const at = this.#places.findIndex((place) => isSame(place, from));
    const earlier =
      at === -1 ? this.#places.filter(({ step }) => this.#isUpTo(step, from.step)) : this.#places.slice(0, at);
    const last = earlier.at(-1);
    if (last === undefined) return undefined;
    this.#left = [...this.#left, from, ...this.#places.slice(earlier.length)];
    this.#places = earlier.slice(0, -1);
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
   * Removes what is asked again: all questions of later steps than `id`, and the questions of the step `id` that have no answer in
   * `start`.
   */
  forgetFrom(id: string, start: Answers): void {
    this.#places = this.#places.filter(
      ({ step, question }) => this.#isUpTo(step, id) && (step !== id || question in start),
    );
  }

  /** Removes all questions: nobody can go back over what was done. */
  clear(): void {
    this.#places = [];
  }

  /** Tells whether a step is the other one, or comes before it. */
  #isUpTo(step: string, other: string): boolean {
    return this.#stepIds.indexOf(step) <= this.#stepIds.indexOf(other);
  }
}
