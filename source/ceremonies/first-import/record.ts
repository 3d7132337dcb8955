import { basename } from 'node:path';
import { recordAsJson, recordAsMarkdown } from '../../record/record.ts';
import type { Facts } from '../../steps/facts.ts';
import { recordFile } from '../../steps/finish.ts';
import { findCopies } from '../../steps/known-copies.ts';
import type { Services } from '../../steps/services.ts';
import { recordOf } from './record-of.ts';

/** Writes the record of a first import, for people and for programs; one that is there stays as it is. */
export function writeRecord(facts: Facts, services: Services, isNew: boolean): void {
  const { folder, journal, version } = services;
  if (!isNew && folder.has(recordFile)) return;
  const { path, lines, lastHash } = journal;
  const copies = findCopies(facts, services);
  const record = recordOf(facts, { journal: { file: basename(path), lines, lastHash }, version, copies });
  folder.replace('record.json', recordAsJson(record));
  folder.replace(recordFile, recordAsMarkdown(record));
}
