import type { ObservedCall } from '../aws/note-calls.ts';
import type { Journal } from '../ceremony/journal.ts';

/** So many calls of one operation have a line each in the journal. Further ones are counted. */
const mostLines = 50;

/** Calls of one operation, with one outcome, that have no line of their own. */
type Counted = { lines: number; count: number; last: ObservedCall | undefined };

/**
 * Notes calls to AWS in the journal: each of the first ones of an operation, and the number of the others, because an upload
 * may have any number of them. The manifest has the request id of each object.
 */
export class CallNotes {
  readonly #journal: Journal;
  readonly #counted = new Map<string, Counted>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  readonly note = (call: ObservedCall): void => {
    const name = `${call.operation} ${call.error ?? ''}`;
    const counted = this.#counted.get(name) ?? { lines: 0, count: 0, last: undefined };
    this.#counted.set(name, counted);
    if (counted.lines < mostLines) {
      counted.lines += 1;
      this.#journal.append({ kind: 'call', ...call });
    } else {
      counted.count += 1;
      counted.last = call;
    }
  };

  /** Notes how many calls have no line of their own. */
  settle(): void {
    for (const [name, { count, last }] of this.#counted) {
      if (last === undefined) continue;
      this.#journal.append({ kind: 'call', ...last, ...(count === 1 ? {} : { count }) });
      this.#counted.set(name, { lines: mostLines, count: 0, last: undefined });
    }
  }
}
