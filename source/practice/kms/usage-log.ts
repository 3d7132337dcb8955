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

/** Which operation used each key last. */
export type UsageLog = {
  note(key: KeyRecord, operation: string, call: { readonly requestId: string }): void;
  last(key: KeyRecord): LastUse | undefined;
  /** Writes down what is held in memory. */
  flush(): void;
};

type Row = { readonly doc: string };

/**
 * Opens the log of a state folder. Uses are written down when somebody asks, and at the end: a write to the disk for
 * each data key would cost more than the cryptography does, and AWS too records them with a delay.
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
      const row = store.one<Row>('SELECT doc FROM kms_last_use WHERE region = ? AND key_id = ?', region, keyId);
      return row && (JSON.parse(row.doc) as LastUse);
    },
    flush,
  };
}
