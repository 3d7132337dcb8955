import type { JournalLine } from '../ceremony/journal.ts';
import { tableWithHead } from './markdown.ts';

/** A call to AWS, or several calls that sent the parts of one object. */
export type RecordedCall = {
  /** When the journal noted the call, ISO 8601. For several calls, `at` and `requestId` are those of the first call. */
  readonly at: string;
  /** Such as `KMS.CreateKey`. */
  readonly operation: string;
  readonly requestId?: string;
  /** The name of the error, when the call failed. */
  readonly error?: string;
  /**
   * The encryption of the connection, for a call that fetched a wrapping key or sent material; `none` for plain HTTP. Absent
   * for other calls, and in older journals.
   */
  readonly tls?:
    | 'none'
    | { readonly protocol: string; readonly cipher: string; readonly group?: string; readonly issuer?: string };
  /** The number of calls, when it is more than one. Then `until` and `lastRequestId` are those of the last call. */
  readonly count?: number;
  readonly until?: string;
  readonly lastRequestId?: string;
};

/** Operations that are called once for each part of an object, up to 10,000 times. */
const partOperations: ReadonlySet<string> = new Set(['S3.UploadPart']);

/**
 * Lists the calls in a journal, the oldest first. The calls that uploaded the parts of one object are one entry with a
 * count; each that failed has an entry of its own.
 */
export function callsOf(lines: readonly JournalLine[]): readonly RecordedCall[] {
  const calls: RecordedCall[] = [];
  /** The entry that counts the parts of one object, and its index in `calls`; `undefined` between two objects. */
  let parts: { readonly entry: RecordedCall; readonly index: number } | undefined;
  for (const line of lines) {
    if (line.kind !== 'call') continue;
    const { operation, error, count = 1 } = line;
    // A call of another operation ends the parts of one object.
    if (parts?.entry.operation !== operation) parts = undefined;
    if (error !== undefined) {
      // The count of the other parts goes on.
      calls.push(entryOf(line));
    } else if (parts !== undefined) {
      const { entry, index } = parts;
      parts = { entry: { ...entry, count: (entry.count ?? 1) + count, ...lastCallOf(line) }, index };
      calls[index] = parts.entry;
    } else {
      const entry = entryOf(line);
      const index = calls.push(entry) - 1;
      if (partOperations.has(operation)) parts = { entry, index };
    }
  }
  return calls;
}

type CallLine = Extract<JournalLine, { readonly kind: 'call' }>;

/**
 * Gives the entry for one line, which can report several calls. In such a line, `at` and `requestId` are those of the last call; in
 * the entry, they are those of the first.
 */
function entryOf(line: CallLine): RecordedCall {
  const { operation, error, tls, count } = line;
  const { at, requestId } = count === undefined ? line : { at: line.since ?? line.at, requestId: line.firstRequestId };
  return {
    at,
    operation,
    ...(requestId === undefined ? {} : { requestId }),
    ...(error === undefined ? {} : { error }),
    ...(tls === undefined ? {} : { tls }),
    ...(count === undefined ? {} : { count, ...lastCallOf(line) }),
  };
}

/** Gives the members of an entry that say when the last of several calls was, and its request id. */
function lastCallOf(line: CallLine): Pick<RecordedCall, 'until' | 'lastRequestId'> {
  return {
    until: line.until ?? line.at,
    ...(line.requestId === undefined ? {} : { lastRequestId: line.requestId }),
  };
}

/** Gives a row that says how the connections of all successful imports were encrypted; no row when that was noted of none. */
export function importTlsRows(calls: readonly RecordedCall[]): readonly (readonly string[])[] {
  const descriptions = calls.flatMap(({ operation, tls, error }) => {
    if (operation !== 'KMS.ImportKeyMaterial' || tls === undefined || error !== undefined) return [];
    if (tls === 'none') return ['plain HTTP, without TLS'];
    return [`${tls.protocol}, ${tls.group ?? 'a key exchange that Node did not name'}, ${tls.cipher}`];
  });
  return descriptions.length === 0 ? [] : [['Import sent over', [...new Set(descriptions)].join('<br>')]];
}

/** Gives the calls as a Markdown table for people. */
export function callsTable(calls: readonly RecordedCall[]): string {
  return tableWithHead(
    ['Time', 'Operation', 'Request id', 'Error'],
    calls.map(({ at, operation, requestId = '', error = '', count, until, lastRequestId }) =>
      count === undefined
        ? [at, operation, requestId, error]
        : [`${at} to ${until}`, `${operation}, ${count} calls`, `${requestId} to ${lastRequestId ?? ''}`, error],
    ),
  );
}
