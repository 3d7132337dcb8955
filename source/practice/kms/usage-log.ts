import { randomUUID } from 'node:crypto';
import type { Store } from '../store.ts';
import type { KeyRecord } from './key-record.ts';

/** The last successful cryptographic operation of a key. `at` is its time in milliseconds since 1970. */
export type LastUse = {
  readonly operation: string;
  readonly at: number;
  readonly requestId: string;
  readonly eventId: string;
};

/** Records the last cryptographic operation of each key, for GetKeyLastUsage. */
export type UsageLog = {
  /** Records that a request used the key. */
  note(key: KeyRecord, operation: string, call: { readonly requestId: string }): void;
  /** Gives the last recorded operation of the key, or `undefined` when there is none. */
  last(key: KeyRecord): LastUse | undefined;
  /** Writes the operations that are only in memory to the store. */
  flush(): void;
};

type Row = { readonly doc: string };

/**
 * Opens the log of a state folder. The log writes to the disk only before somebody reads it, and at the end. A write for each
 * data key would take longer than the cryptography. AWS records the operations with a delay too.
 */
export function openUsageLog({ store, now }: { readonly store: Store; readonly now: () => Date }): UsageLog {
  const unwritten = new Map<string, { readonly region: string; readonly keyId: string; readonly use: LastUse }>();
  const flush = () => {
    if (unwritten.size === 0) return;
    store.change(() => {
      for (const { region, keyId, use } of unwritten.values())
        store.run('INSERT OR REPLACE INTO kms_last_use VALUES (?, ?, ?)', region, keyId, JSON.stringify(use));
    });
    unwritten.clear();
  };
  return {
    note({ region, keyId }, operation, { requestId }) {
      const use = { operation, at: now().getTime(), requestId, eventId: randomUUID() };
      unwritten.set(`${region} ${keyId}`, { region, keyId, use });
    },
    last({ region, keyId }) {
      flush();
      const row = store.first<Row>('SELECT doc FROM kms_last_use WHERE region = ? AND key_id = ?', region, keyId);
      return row && (JSON.parse(row.doc) as LastUse);
    },
    flush,
  };
}
