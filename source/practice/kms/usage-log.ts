import { randomUUID } from 'node:crypto';
import type { Store } from '../store.ts';
import type { KeyRecord } from './key-record.ts';

/** The last successful cryptographic operation of a key, `at` in milliseconds since 1970. */
export type LastUse = {
  readonly operation: string;
  readonly at: number;
  readonly requestId: string;
  readonly eventId: string;
};

/** Records the last cryptographic operation of each key, for GetKeyLastUsage. */
export type UsageLog = {
  note(key: KeyRecord, operation: string, call: { readonly requestId: string }): void;
  last(key: KeyRecord): LastUse | undefined;
  /** Writes the operations that are only in memory to the store. */
  flush(): void;
};

type Row = { readonly doc: string };

/**
 * Opens the log of a state folder. It writes to the disk only before it is read, and at the end. One write for each data key
 * would take longer than the cryptography. AWS records the operations with a delay too.
 */
export function openUsageLog({ store, now }: { readonly store: Store; readonly now: () => Date }): UsageLog {
  const held = new Map<string, { readonly region: string; readonly keyId: string; readonly use: LastUse }>();
  const flush = () => {
    if (held.size === 0) return;
    store.change(() => {
      for (const { region, keyId, use } of held.values())
        store.run('INSERT OR REPLACE INTO kms_last_use VALUES (?, ?, ?)', region, keyId, JSON.stringify(use));
    });
    held.clear();
  };
  return {
    note({ region, keyId }, operation, { requestId }) {
      const use = { operation, at: now().getTime(), requestId, eventId: randomUUID() };
      held.set(`${region} ${keyId}`, { region, keyId, use });
    },
    last({ region, keyId }) {
      flush();
      const row = store.first<Row>('SELECT doc FROM kms_last_use WHERE region = ? AND key_id = ?', region, keyId);
      return row && (JSON.parse(row.doc) as LastUse);
    },
    flush,
  };
}
