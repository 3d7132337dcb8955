import { basename } from 'node:path';
import { type RecordHead, recordAsJson } from '../record/head.ts';
import { journalSoFar, type Trail, trailOf } from '../record/trail.ts';
import { type Facts, need } from '../steps/facts.ts';
import { recordNamesOf } from '../steps/file-names.ts';
import type { Services } from '../steps/services.ts';
import { recordHeadOf } from './record-head.ts';

/** Gives the file names of the record of a later ceremony, which follow the name of its journal: see {@link recordNamesOf}. */
export const laterRecordNames = ({ journal }: Services) => recordNamesOf(basename(journal.path));

/** Gives the fields that all records of later ceremonies have: the head, who did what, and the key. */
export function laterRecordOf(facts: Facts, { journal, version }: Services) {
  const { keyId, keyArn, alias } = need(facts, 'key');
  const soFar = journalSoFar(journal);
  return { ...recordHeadOf(facts, soFar, version), ...trailOf(soFar), key: { keyId, keyArn, alias } };
}

/** Gives the fields of a record that show whether the key could decrypt after an import. Leaves out a fact that is not there. */
export function proofOf({ proof, notOpened, readable }: Facts) {
  return {
    ...(proof === undefined ? {} : { proof }),
    ...(notOpened === undefined ? {} : { notOpened }),
    ...(readable === undefined ? {} : { readable }),
  };
}

/**
 * Writes the record of a later ceremony as a JSON file and as a Markdown file.
 * @param isNew false when an earlier run finished the ceremony: then an existing record stays unchanged.
 */
export function writeLaterRecord<LaterRecord extends RecordHead & Trail>(
  services: Services,
  isNew: boolean,
  record: LaterRecord,
  asMarkdown: (record: LaterRecord) => string,
): void {
  const { folder } = services;
  const { markdown, json } = laterRecordNames(services);
  // The Markdown file is written last: when it exists, both files do.
  if (!isNew && folder.has(markdown)) return;
  folder.replace(json, recordAsJson(record));
  folder.replace(markdown, asMarkdown(record));
}
