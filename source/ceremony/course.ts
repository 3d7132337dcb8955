import type { Conclusion } from './conclusion.ts';
import type { Problem } from './problem.ts';
import type { Step } from './step.ts';

/** A guided, recorded run of steps over one growing set of facts, from where it starts to what the person keeps. */
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

/** The steps of a ceremony in their order. An interface needs nothing else of a ceremony. */
export type Course<Facts, Services> = Pick<Ceremony<Facts, Services>, 'steps'>;

/**
 * Where a ceremony starts: in a folder of its own, or from what another ceremony has recorded. `refuse` gives the problem
 * that prevents the start, if there is one.
 */
export type Start<Services> =
  | { readonly from: 'new folder' }
  | { readonly from: 'recorded'; refuse(services: Services): Problem | undefined };
