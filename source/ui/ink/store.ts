import type { Journey } from './journey.ts';
import { beginning, type JourneyEvent, reduceJourney } from './journey-events.ts';

/** Contains the journey for React, and knows which state of the journey React has drawn last. */
export class JourneyStore {
  #journey: Journey = beginning;
  /** The state that is on the screen. */
  #committed: Journey | undefined;
  readonly #listeners = new Set<() => void>();
  #whenCommitted: () => void = () => {};

  /** Calls `listener` after each change, until the returned function is called: the form of React's `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly journey = (): Journey => this.#journey;

  /** Changes the journey by an event, and tells all listeners. */
  dispatch(event: JourneyEvent): void {
    this.#journey = reduceJourney(this.#journey, event);
    for (const listener of this.#listeners) listener();
  }

  /** Notes that React has drawn this state, so that its fields listen for keys. The root component calls this. */
  readonly noteCommitted = (journey: Journey): void => {
    this.#committed = journey;
    this.#whenCommitted();
  };

  /** True when the latest state is on the screen. */
  get isOnScreen(): boolean {
    return this.#committed === this.#journey;
  }

  /** Calls `listener` each time that a state is on the screen. There is one such listener. */
  onCommitted(listener: () => void): void {
    this.#whenCommitted = listener;
  }
}
