import { basename } from 'node:path';
import { type EncryptRecord, encryptAsMarkdown } from '../../record/encrypt-record.ts';
import { recordAsJson } from '../../record/head.ts';
import { journalSoFar, trailOf } from '../../record/trail.ts';
import { type Facts, need } from '../../steps/facts.ts';
import { recordNamesOf } from '../../steps/file-names.ts';
import type { Services } from '../../steps/services.ts';
import { recordHeadOf } from '../record-head.ts';

/** Gives the file names of the record of these objects. */
export const recordNames = ({ journal }: Services) => recordNamesOf(basename(journal.path));

/**
 * Writes the record of the objects.
 * @param isNew false when an earlier run finished the ceremony: then an existing record stays unchanged.
 */
export function writeEncryptRecord(facts: Facts, services: Services, isNew: boolean): void {
  const { folder } = services;
  const { markdown, json } = recordNames(services);
  if (!isNew && folder.has(markdown)) return;
  const record = encryptRecordOf(facts, services);
  folder.replace(json, recordAsJson(record));
  folder.replace(markdown, encryptAsMarkdown(record));
}

function encryptRecordOf(facts: Facts, { journal, version }: Services): EncryptRecord {
  const { keyId, keyArn, alias } = need(facts, 'key');
  const soFar = journalSoFar(journal);
  return {
    ...recordHeadOf(facts, soFar, version),
    ...trailOf(soFar),
    key: { keyId, keyArn, alias },
    objects: need(facts, 'objects').objects,
  };
}
