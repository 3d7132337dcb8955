import { basename } from 'node:path';
import { type ExpiryRecord, expiryAsMarkdown } from '../../record/expiry-record.ts';
import { type Facts, need } from '../../steps/facts.ts';
import type { Services } from '../../steps/services.ts';
import { laterRecordOf, proofOf, writeLaterRecord } from '../later-record.ts';

/**
 * Writes the record of a change of an expiry. A ceremony that imported nothing gets no record.
 * @param isNew see {@link writeLaterRecord}.
 */
export function writeExpiryRecord(facts: Facts, services: Services, isNew: boolean): void {
  const { materials } = need(facts, 'broughtBack');
  if (materials.length === 0) return;
  const head = laterRecordOf(facts, services);
  const { asOf, keyState, all } = need(facts, 'materials');
  const changed = new Map(materials.map((material) => [material.keyMaterialId, material]));
  const record: ExpiryRecord = {
    ...head,
    key: { ...head.key, keyState: need(facts, 'keyState') },
    before: { asOf, keyState },
    materials: all.map(({ keyMaterialId, state, expiry }) => {
      const change = changed.get(keyMaterialId);
      if (change === undefined) return { keyMaterialId, state, before: expiry };
      const { before = 'unknown', validTo, found = 'unknown', file, checkValue, importedAt } = change;
      return {
        keyMaterialId,
        state,
        before,
        change: { asked: validTo ?? 'never', after: found, checkValue, file: basename(file), importedAt },
      };
    }),
    ...proofOf(facts),
  };
  writeLaterRecord(services, isNew, record, expiryAsMarkdown);
}
