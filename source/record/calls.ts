import type { JournalLine } from '../ceremony/journal.ts';
import { rows } from './markdown.ts';

/** A call to AWS, or several calls that sent the parts of one object. */
export type RecordedCall = {
  /** The time of the journal line, ISO 8601. For several calls, `at` and `requestId` are those of the first. */
  readonly at: string;
  readonly operation: string;
  readonly requestId?: string;
  readonly error?: string;
  /** The number of calls, when it is more than one. Then `until` and `lastRequestId` are those of the last call. */
  readonly count?: number;
  readonly until?: string;
  readonly lastRequestId?: string;
};

/** Operations that are called once for each part of an object, up to 10,000 times. */
const partOperations: ReadonlySet<string> = new Set(['S3.UploadPart']);

/** Lists the calls in a journal, oldest first. Uploaded parts of one object are one entry with a count. */
export function callsOf(lines: readonly JournalLine[]): readonly RecordedCall[] {
  const calls: RecordedCall[] = [];
  /** The index in `calls` of the entry that counts parts now; undefined between uploads of parts. */
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
    if (partOperations.has(operation) && error === undefined) counting = calls.length - 1;
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
