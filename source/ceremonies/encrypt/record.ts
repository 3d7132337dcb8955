import { encryptAsMarkdown } from '../../record/encrypt-record.ts';
import { type Facts, need } from '../../steps/facts.ts';
import { totalsOf } from '../../steps/object-totals.ts';
import type { Services } from '../../steps/services.ts';
import { laterRecordOf, writeLaterRecord } from '../later-record.ts';

/**
 * Writes the record of an encryption. It lists the objects or, when they are many, names the manifest that lists them.
 * @param isNew see {@link writeLaterRecord}.
 */
export function writeEncryptRecord(facts: Facts, services: Services, isNew: boolean): void {
  const uploads = need(facts, 'objects');
  const sums = totalsOf(uploads);
  const { objects } = uploads;
  const record = { ...laterRecordOf(facts, services), objects, ...(sums === undefined ? {} : { sums }) };
  writeLaterRecord(services, isNew, record, encryptAsMarkdown);
}
