import type { PermissionTest } from '../aws/preflight.ts';

/** The last test of the caller's permissions in a run, so that the same is not asked twice in a row. */
export class LastTest {
  #about: string | undefined;
  #test: PermissionTest | undefined;

  /** @param about what was tested, in any text that differs where that does. */
  keep(about: string, test: PermissionTest): PermissionTest {
    this.#about = about;
    this.#test = test;
    return test;
  }

  /** What was found, where the last test was about the same. */
  of(about: string): PermissionTest | undefined {
    return this.#about === about ? this.#test : undefined;
  }
}
