import type { Conclusion } from './conclusion.ts';
import type { Problem } from './problem.ts';
import type { Step } from './step.ts';

/** A guided, recorded run of steps over one growing set of facts, from where it starts to what the person keeps. */
export type Ceremony<Facts, Services> = {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step<Facts, Services>[];
  readonly startsFrom: Start<Services>;
  /** An answers file for it, with every answer that it may hold and comments about them. */
  readonly example?: string;
  /** Asks AWS how everything is now that all steps are done, and says how the ceremony ended. */
  conclude(facts: Facts, services: Services): Promise<Conclusion>;
  /**
   * Writes what the person keeps, once the journal says that all steps are done.
   * @param isNew false where an earlier run has written it: then only what is missing is written.
   */
  record?(facts: Facts, services: Services, isNew: boolean): void;
};

/** The steps of a ceremony in their order: all that an interface needs of it. */
export type Course<Facts, Services> = Pick<Ceremony<Facts, Services>, 'steps'>;

/**
 * Where a ceremony starts: in a folder of its own, or from what another ceremony has recorded. `refuse` gives the problem
 * that prevents the start, if there is one.
 */
export type Start<Services> =
  | { readonly from: 'new folder' }
  | { readonly from: 'recorded'; refuse(services: Services): Problem | undefined };
