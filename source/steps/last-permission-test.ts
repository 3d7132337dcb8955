import type { PermissionTest } from '../aws/permission-check.ts';

/** Remembers the last test of the caller's permissions, so that a run does not ask IAM the same questions twice in a row. */
export class LastTest {
  #about: string | undefined;
  #test: PermissionTest | undefined;

  /** Keeps a result and returns it. @param about a text that is different for other questions. */
  keep(about: string, test: PermissionTest): PermissionTest {
    this.#about = about;
    this.#test = test;
    return test;
  }

  /** Gives the last result when it was about the same questions; else `undefined`. */
  recall(about: string): PermissionTest | undefined {
    return this.#about === about ? this.#test : undefined;
  }
}
