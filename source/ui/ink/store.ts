import type { Journey } from './journey.ts';
import { beginning, type JourneyEvent, reduceJourney } from './journey-events.ts';

/** Contains the journey for React, and knows which of its states is on the screen. */
export class JourneyStore {
  #journey: Journey = beginning;
  #committed: Journey | undefined;
  readonly #listeners = new Set<() => void>();
  #whenCommitted: () => void = () => {};

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly journey = (): Journey => this.#journey;

  dispatch(event: JourneyEvent): void {
    this.#journey = reduceJourney(this.#journey, event);
    for (const listener of this.#listeners) listener();
  }

  /** Called by the last effect of the root: this state is on the screen, and its fields listen for keys. */
  readonly committed = (journey: Journey): void => {
    this.#committed = journey;
    this.#whenCommitted();
  };

  /** True when the latest state is on the screen. */
  get isOnScreen(): boolean {
    return this.#committed === this.#journey;
  }

  onCommitted(listener: () => void): void {
    this.#whenCommitted = listener;
  }
}
