import { basename } from 'node:path';
import { recordAsJson } from '../../record/head.ts';
import { type ReimportRecord, reimportAsMarkdown } from '../../record/reimport-record.ts';
import { journalSoFar, trailOf } from '../../record/trail.ts';
import { type Facts, need } from '../../steps/facts.ts';
import { recordNamesOf } from '../../steps/file-names.ts';
import type { Services } from '../../steps/services.ts';
import { recordHeadOf } from '../record-head.ts';

/** Gives the file names of the record of this reimport. */
export const recordNames = ({ journal }: Services) => recordNamesOf(basename(journal.path));

/**
 * Writes the record of a reimport. A reimport that imported nothing gets no record.
 * @param isNew false when an earlier run finished the ceremony: then an existing record stays unchanged.
 */
export function writeReimportRecord(facts: Facts, services: Services, isNew: boolean): void {
  const { folder } = services;
  const { markdown, json } = recordNames(services);
  if (need(facts, 'broughtBack').materials.length === 0 || (!isNew && folder.has(markdown))) return;
  const record = reimportRecordOf(facts, services);
  folder.replace(json, recordAsJson(record));
  folder.replace(markdown, reimportAsMarkdown(record));
}

function reimportRecordOf(facts: Facts, { journal, version }: Services): ReimportRecord {
  const { keyId, keyArn, alias } = need(facts, 'key');
  const soFar = journalSoFar(journal);
  return {
    ...recordHeadOf(facts, soFar, version),
    ...trailOf(soFar),
    key: { keyId, keyArn, alias, keyState: need(facts, 'keyState') },
    before: need(facts, 'materials'),
    materials: need(facts, 'broughtBack').materials.map(({ file, ...material }) => ({
      ...material,
      file: basename(file),
    })),
    ...(facts.proof === undefined ? {} : { proof: facts.proof }),
    ...(facts.notOpened === undefined ? {} : { notOpened: facts.notOpened }),
    ...(facts.readable === undefined ? {} : { readable: facts.readable }),
  };
}
