import type { Conclusion } from './conclusion.ts';
import type { Problem } from './problem.ts';
import type { Step } from './step.ts';

/**
 * A guided, recorded run of steps, from where it starts to what the person keeps. All steps share one set of facts, to which
 * each step adds its own.
 */
export type Ceremony<Facts, Services> = {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step<Facts, Services>[];
  readonly startsFrom: Start<Services>;
  /** The text of an answers file for this ceremony, with every possible answer and comments. */
  readonly example?: string;
  /** Called when all steps are done: asks AWS how things are now, and says how the ceremony ended. */
  conclude(facts: Facts, services: Services): Promise<Conclusion>;
  /**
   * Writes the files that the person keeps, once all steps are done.
   * @param isNew false when an earlier run finished the ceremony: then only missing files are written.
   */
  record?(facts: Facts, services: Services, isNew: boolean): void;
};

/** The part of a ceremony that an interface needs: its steps, in their order. */
export type Course<Facts, Services> = Pick<Ceremony<Facts, Services>, 'steps'>;

/**
 * Where a ceremony starts: in a new folder, or in a folder where another ceremony has recorded a key. `refuse` gives the
 * problem that prevents the start, or `undefined` when nothing prevents it.
 */
export type Start<Services> =
  | { readonly from: 'new folder' }
  | { readonly from: 'recorded'; refuse(services: Services): Problem | undefined };
