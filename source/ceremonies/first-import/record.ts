import { recordAsJson } from '../../record/head.ts';
import { recordAsMarkdown } from '../../record/record.ts';
import { journalSoFar } from '../../record/trail.ts';
import type { Facts } from '../../steps/facts.ts';
import { recordFile } from '../../steps/finish.ts';
import { findCopies } from '../../steps/known-copies.ts';
import type { Services } from '../../steps/services.ts';
import { recordOf } from './record-of.ts';

/**
 * Writes the record of a first import, `record.md` for people and `record.json` for programs.
 * @param isNew false when an earlier run finished the ceremony: then an existing record stays unchanged.
 */
export function writeRecord(facts: Facts, services: Services, isNew: boolean): void {
  const { folder, journal, version } = services;
  if (!isNew && folder.has(recordFile)) return;
  const copies = findCopies(facts, services);
  const record = recordOf(facts, { journal: journalSoFar(journal), version, copies });
  folder.replace('record.json', recordAsJson(record));
  folder.replace(recordFile, recordAsMarkdown(record));
}
