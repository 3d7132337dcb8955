import { basename } from 'node:path';
import { type ReimportRecord, reimportAsJson, reimportAsMarkdown } from '../../record/reimport-record.ts';
import { trailOf } from '../../record/trail.ts';
import { type Facts, isPractice, need } from '../../steps/facts.ts';
import { recordNamesOf } from '../../steps/file-names.ts';
import type { Services } from '../../steps/services.ts';

/** Gives the file names of the record of this reimport. */
export const recordNames = ({ journal }: Services) => recordNamesOf(basename(journal.path));

/** Writes the record of a reimport. An existing record stays unchanged. A reimport that imported nothing gets no record. */
export function writeReimportRecord(facts: Facts, services: Services, isNew: boolean): void {
  const { folder } = services;
  const { markdown, json } = recordNames(services);
  if (need(facts, 'broughtBack').materials.length === 0 || (!isNew && folder.has(markdown))) return;
  const record = reimportRecordOf(facts, services);
  folder.replace(json, reimportAsJson(record));
  folder.replace(markdown, reimportAsMarkdown(record));
}

function reimportRecordOf(facts: Facts, { journal, version }: Services): ReimportRecord {
  const connection = need(facts, 'connection');
  const { accountId, region, callerArn } = connection;
  const { keyId, keyArn, alias } = need(facts, 'key');
  return {
    keyferry: version,
    ceremony: {
      id: journal.state.id ?? '',
      begunAt: journal.state.begunAt ?? '',
      finishedAt: journal.lines.findLast(({ kind }) => kind === 'finished')?.at ?? '',
    },
    account: { accountId, region, callerArn, practice: isPractice(connection) },
    ...trailOf({ file: basename(journal.path), lines: journal.lines, lastHash: journal.lastHash }),
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
