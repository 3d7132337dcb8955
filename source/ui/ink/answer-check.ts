import type { Answer, Question } from '../../ceremony/question.ts';
import { describeObstacle } from '../obstacle.ts';

/** Checks answers against AWS or the disk. Only the result of the latest check counts, and only until {@link leave}. */
export class AnswerCheck {
  /** The number of the check whose result counts. */
  #latest = 0;

  /** From now on the result of the running check does not count. */
  leave(): void {
    this.#latest += 1;
  }

  /**
   * Runs a question's own check. An error of the check becomes a problem too.
   * @returns `counts`: true when the result still counts; `problem`: what is wrong, or `undefined`.
   */
  async run(
    verify: NonNullable<Question['verify']>,
    answer: Answer,
  ): Promise<{ readonly isLatest: boolean; readonly problem: string | undefined }> {
    this.#latest += 1;
    const check = this.#latest;
    const problem = await verify(answer).catch((error: unknown) => describeObstacle(error));
    return { isLatest: check === this.#latest, problem };
  }
}
