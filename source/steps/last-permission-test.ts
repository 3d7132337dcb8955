import type { PermissionTest } from '../aws/permission-check.ts';

/** The last test of the caller's permissions in a run, so that the same is not asked twice in a row. */
export class LastTest {
  #about: string | undefined;
  #test: PermissionTest | undefined;

  /** Keeps a result. @param about a text that differs when the tested questions differ. */
  keep(about: string, test: PermissionTest): PermissionTest {
    this.#about = about;
    this.#test = test;
    return test;
  }

  /** Gives the last result when it was about the same; else `undefined`. */
  of(about: string): PermissionTest | undefined {
    return this.#about === about ? this.#test : undefined;
  }
}
