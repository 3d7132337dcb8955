import type { JournalLine } from '../ceremony/journal.ts';
import { rows } from './markdown.ts';

/** A call to AWS, or several that sent the parts of one object. */
export type RecordedCall = {
  /** Of the first, as is its request id. */
  readonly at: string;
  readonly operation: string;
  readonly requestId?: string;
  readonly error?: string;
  /** How many, where there was more than one; `until` and `lastRequestId` are those of the last. */
  readonly count?: number;
  readonly until?: string;
  readonly lastRequestId?: string;
};

/** Called once a part, up to 10,000 times an object. The journal has each of them. */
const ofParts: ReadonlySet<string> = new Set(['S3.UploadPart']);

/** Lists the calls in a journal, oldest first. Uploaded parts of one object are one entry with a count. */
export function callsOf(lines: readonly JournalLine[]): readonly RecordedCall[] {
  const calls: RecordedCall[] = [];
  /** The index of the entry that counts the parts being sent now. */
  let counting: number | undefined;
  for (const line of lines) {
    if (line.kind !== 'call') continue;
    const { at, operation, requestId, error } = line;
    const counted = counting === undefined ? undefined : calls[counting];
    if (counting !== undefined && counted?.operation === operation && error === undefined) {
      calls[counting] = {
        ...counted,
        count: (counted.count ?? 1) + 1,
        until: at,
        ...(requestId === undefined ? {} : { lastRequestId: requestId }),
      };
      continue;
    }
    calls.push({
      at,
      operation,
      ...(requestId === undefined ? {} : { requestId }),
      ...(error === undefined ? {} : { error }),
    });
    if (ofParts.has(operation) && error === undefined) counting = calls.length - 1;
    // A failed part gets its own entry; the count of the others continues.
    else if (operation !== counted?.operation) counting = undefined;
  }
  return calls;
}

/** Gives the calls as a table for people. */
export function callsTable(calls: readonly RecordedCall[]): string {
  return rows(
    ['Time', 'Operation', 'Request id', 'Error'],
    calls.map(({ at, operation, requestId = '', error = '', count, until, lastRequestId }) =>
      count === undefined
        ? [at, operation, requestId, error]
        : [`${at} to ${until}`, `${operation}, ${count} calls`, `${requestId} to ${lastRequestId ?? ''}`, error],
    ),
  );
}
