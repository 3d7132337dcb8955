import { type Answer, type Correction, problemWords, type Question } from '../../ceremony/question.ts';
import { describeObstacle } from '../obstacle.ts';

/** Checks answers against AWS or the disk. Only the result of the latest check counts, and only until a call of `leave`. */
export class AnswerCheck {
  /** The number of the check whose result counts. */
  #latest = 0;

  /** Makes the result of the running check count no more, because the person has left the field or changed it. */
  leave(): void {
    this.#latest += 1;
  }

  /**
   * Runs the `verify` of a question. When `verify` itself fails, the error becomes a problem too.
   * @returns `isLatest`: true when the result still counts. `problem`: what is wrong, or `undefined` for a valid answer.
   * `instead`: the right values of a list, when the check knows them.
   */
  async run(
    verify: NonNullable<Question['verify']>,
    answer: Answer,
  ): Promise<{
    readonly isLatest: boolean;
    readonly problem: string | undefined;
    readonly instead: Correction['instead'] | undefined;
  }> {
    this.#latest += 1;
    const check = this.#latest;
    const found = await verify(answer).catch((error: unknown) => describeObstacle(error));
    const instead = typeof found === 'object' ? found.instead : undefined;
    return { isLatest: check === this.#latest, problem: problemWords(found), instead };
  }
}
