import type { ObservedCall } from '../aws/note-calls.ts';
import type { Journal } from '../ceremony/journal.ts';

/** While calls are counted, at most this many calls with the same operation and the same error have a line each. */
const mostLines = 50;

/** A call, and when it was answered. */
type TimedCall = { readonly call: ObservedCall; readonly at: string };

/** Calls with the same operation and the same error: how many have a line, and how many have none, with their first and last. */
type Counted = { withLine: number; withoutLine: number; first?: TimedCall; last?: TimedCall };

/**
 * Notes calls to AWS in the journal. Each call has a line, except during an upload, which may have any number of calls: then the
 * first calls with the same operation and the same error have a line each, and the others have one line together. The manifest
 * has the request id of each object.
 */
export class CallNotes {
  readonly #journal: Journal;
  readonly #clock: () => Date;
  /** By operation and error; `undefined` while calls are not counted. */
  #counted: Map<string, Counted> | undefined;

  constructor(journal: Journal, clock = () => new Date()) {
    this.#journal = journal;
    this.#clock = clock;
  }

  /** Counts calls until {@link settle}: only the first ones with the same operation and the same error have a line each. */
  startToCount(): void {
    this.#counted = new Map();
  }

  readonly note = (call: ObservedCall): void => {
    const name = `${call.operation} ${call.error ?? ''}`;
    // While calls are not counted, this starts anew with each call, so that the call has a line.
    const counted = this.#counted?.get(name) ?? { withLine: 0, withoutLine: 0 };
    this.#counted?.set(name, counted);
    if (counted.withLine < mostLines) {
      counted.withLine += 1;
      this.#journal.append({ kind: 'call', ...call });
    } else {
      counted.withoutLine += 1;
      counted.last = { call, at: this.#clock().toISOString() };
      counted.first ??= counted.last;
    }
  };

  /**
   * Notes the calls that have no line of their own, in one line for each operation and error: that of the last such call. From now
   * on, each call has a line again.
   */
  settle(): void {
    for (const { withoutLine: count, first, last } of this.#counted?.values() ?? []) {
      if (first === undefined || last === undefined) continue;
      const { requestId } = first.call;
      const more = {
        count,
        since: first.at,
        until: last.at,
        ...(requestId === undefined ? {} : { firstRequestId: requestId }),
      };
      this.#journal.append({ kind: 'call', ...last.call, ...(count === 1 ? {} : more) });
    }
    this.#counted = undefined;
  }
}
