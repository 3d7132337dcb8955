import { basename } from 'node:path';
import { type ExpiryRecord, expiryAsMarkdown } from '../../record/expiry-record.ts';
import { recordAsJson } from '../../record/head.ts';
import { journalSoFar, trailOf } from '../../record/trail.ts';
import { type Facts, need } from '../../steps/facts.ts';
import { recordNamesOf } from '../../steps/file-names.ts';
import type { Services } from '../../steps/services.ts';
import { recordHeadOf } from '../record-head.ts';

/** Gives the file names of the record of this change of an expiry. */
export const recordNames = ({ journal }: Services) => recordNamesOf(basename(journal.path));

/**
 * Writes the record of a change of an expiry. One that imported nothing gets no record.
 * @param isNew false when an earlier run finished the ceremony: then an existing record stays unchanged.
 */
export function writeExpiryRecord(facts: Facts, services: Services, isNew: boolean): void {
  const { folder } = services;
  const { markdown, json } = recordNames(services);
  if (need(facts, 'broughtBack').materials.length === 0 || (!isNew && folder.has(markdown))) return;
  const record = expiryRecordOf(facts, services);
  folder.replace(json, recordAsJson(record));
  folder.replace(markdown, expiryAsMarkdown(record));
}

function expiryRecordOf(facts: Facts, { journal, version }: Services): ExpiryRecord {
  const { keyId, keyArn, alias } = need(facts, 'key');
  const soFar = journalSoFar(journal);
  const { asOf, keyState, all } = need(facts, 'materials');
  const { materials } = need(facts, 'broughtBack');
  const changed = new Map(materials.map((material) => [material.keyMaterialId, material]));
  return {
    ...recordHeadOf(facts, soFar, version),
    ...trailOf(soFar),
    key: { keyId, keyArn, alias, keyState: need(facts, 'keyState') },
    before: { asOf, keyState },
    materials: all.map(({ keyMaterialId, state, expiry }) => {
      const now = changed.get(keyMaterialId);
      if (now === undefined) return { keyMaterialId, state, before: expiry };
      const { before = 'unknown', validTo, found = 'unknown', file, checkValue, importedAt } = now;
      return {
        keyMaterialId,
        state,
        before,
        change: { asked: validTo ?? 'never', after: found, checkValue, file: basename(file), importedAt },
      };
    }),
    ...(facts.proof === undefined ? {} : { proof: facts.proof }),
    ...(facts.notOpened === undefined ? {} : { notOpened: facts.notOpened }),
    ...(facts.readable === undefined ? {} : { readable: facts.readable }),
  };
}
