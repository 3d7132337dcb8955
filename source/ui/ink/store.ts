import type { Journey } from './journey.ts';
import { beginning, type JourneyEvent, reduceJourney } from './journey-events.ts';

/** Holds the journey for React, and knows which state of it has reached the screen. */
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

  /** The root's last effect: this state is rendered, and the handlers of its fields are in place. */
  readonly committed = (journey: Journey): void => {
    this.#committed = journey;
    this.#whenCommitted();
  };

  /** True when the screen shows the latest state. */
  get settled(): boolean {
    return this.#committed === this.#journey;
  }

  onCommitted(listener: () => void): void {
    this.#whenCommitted = listener;
  }
}
