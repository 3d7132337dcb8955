import { basename } from 'node:path';
import { type ExpiryRecord, expiryAsMarkdown } from '../../record/expiry-record.ts';
import { type Facts, need } from '../../steps/facts.ts';
import type { Services } from '../../steps/services.ts';
import { laterRecordOf, proofOf, writeLaterRecord } from '../later-record.ts';

/**
 * Writes the record of a change of an expiry. A ceremony that imported nothing gets no record. An expiry is `unknown` where
 * neither KMS nor a journal tells it.
 * @param isNew false when an earlier run finished the ceremony: then an existing record stays unchanged.
 */
export function writeExpiryRecord(facts: Facts, services: Services, isNew: boolean): void {
  const { materials: imported } = need(facts, 'broughtBack');
  if (imported.length === 0) return;
  const head = laterRecordOf(facts, services);
  const { asOf, keyState, all } = need(facts, 'materials');
  const changes = new Map(imported.map((material) => [material.keyMaterialId, material]));
  const record: ExpiryRecord = {
    ...head,
    key: { ...head.key, keyState: need(facts, 'keyState') },
    before: { asOf, keyState },
    materials: all.map(({ keyMaterialId, state, expiry }) => {
      const change = changes.get(keyMaterialId);
      if (change === undefined) return { keyMaterialId, state, before: expiry };
      const { before = 'unknown', validTo, found: expiryAfter = 'unknown', file, checkValue = '', importedAt } = change;
      return {
        keyMaterialId,
        state,
        before,
        change: { asked: validTo ?? 'never', after: expiryAfter, checkValue, file: basename(file), importedAt },
      };
    }),
    ...proofOf(facts),
  };
  writeLaterRecord(services, isNew, record, expiryAsMarkdown);
}
