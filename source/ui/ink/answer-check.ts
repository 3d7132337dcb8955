import type { Answer, Question } from '../../ceremony/question.ts';
import { obstacle } from '../obstacle.ts';

/** Checks answers against AWS or the disk. Only the latest check counts, and only until it is left. */
export class AnswerCheck {
  #latest = 0;

  /** Makes the result of the running check invalid. */
  leave(): void {
    this.#latest += 1;
  }

  /**
   * Runs a question's own check.
   * @returns the problem that was found, if any, and whether the check still counts. What the check throws is a problem too.
   */
  async run(
    verify: NonNullable<Question['verify']>,
    answer: Answer,
  ): Promise<{ readonly counts: boolean; readonly problem: string | undefined }> {
    this.#latest += 1;
    const check = this.#latest;
    const problem = await verify(answer).catch((error: unknown) => obstacle(error));
    return { counts: check === this.#latest, problem };
  }
}
