import type { ObservedCall } from '../aws/note-calls.ts';
import type { Journal } from '../ceremony/journal.ts';

/** So many calls of one operation have a line each in the journal while calls are counted. Further ones are only counted. */
const mostLines = 50;

/** A call, and when it was answered. */
type TimedCall = { readonly call: ObservedCall; readonly at: string };

/** Calls of one operation, with one outcome: how many have a line, and which of them have none. */
type Counted = { lines: number; count: number; first?: TimedCall; last?: TimedCall };

/**
 * Notes calls to AWS in the journal. Each call has a line, except during an upload, which may have any number of calls: then the
 * first ones of an operation have a line each, and the others one line together. The manifest has the request id of each object.
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

  /** From now on, only the first calls of an operation have a line each, until {@link settle}. */
  startToCount(): void {
    this.#counted = new Map();
  }

  readonly note = (call: ObservedCall): void => {
    const name = `${call.operation} ${call.error ?? ''}`;
    const counted = this.#counted?.get(name) ?? { lines: 0, count: 0 };
    this.#counted?.set(name, counted);
    if (counted.lines < mostLines) {
      counted.lines += 1;
      this.#journal.append({ kind: 'call', ...call });
    } else {
      counted.count += 1;
      counted.last = { call, at: this.#clock().toISOString() };
      counted.first ??= counted.last;
    }
  };

  /** Notes the calls that have no line of their own. From now on, each call has a line again. */
  settle(): void {
    for (const { count, first, last } of this.#counted?.values() ?? []) {
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
