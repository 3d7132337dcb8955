import { basename } from 'node:path';
import { type ReimportRecord, reimportAsMarkdown } from '../../record/reimport-record.ts';
import { type Facts, need } from '../../steps/facts.ts';
import type { Services } from '../../steps/services.ts';
import { laterRecordOf, proofOf, writeLaterRecord } from '../later-record.ts';

/** Writes the record of a reimport. A reimport that imported nothing gets no record. @param isNew see {@link writeLaterRecord}. */
export function writeReimportRecord(facts: Facts, services: Services, isNew: boolean): void {
  const { materials } = need(facts, 'broughtBack');
  if (materials.length === 0) return;
  const head = laterRecordOf(facts, services);
  const record: ReimportRecord = {
    ...head,
    key: { ...head.key, keyState: need(facts, 'keyState') },
    before: need(facts, 'materials'),
    materials: materials.map(({ file, ...material }) => ({ ...material, file: basename(file) })),
    ...proofOf(facts),
  };
  writeLaterRecord(services, isNew, record, reimportAsMarkdown);
}
