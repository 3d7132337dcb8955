import type { Problem } from '../ceremony/problem.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';
import { utc } from '../steps/dates.ts';
import { type Facts, need } from '../steps/facts.ts';
import { classicalTlsWarning, readImportTls } from '../steps/import-tls.ts';
import { type KeyNow, keyStateWords, problemOfState } from '../steps/key-now.ts';
import type { Services } from '../steps/services.ts';
import { yoursToDo } from './emphasis.ts';
import type { Closing } from './later-conclusion.ts';
import { laterRecordNames } from './later-record.ts';

/** The parts of the last page that differ between a reimport and a change of the expiry. */
type OwnParts = {
  /** The lines of the page when nothing was imported. */
  readonly nothingImported: readonly string[];
  /** Gives the line about one material that was imported. */
  readonly materialLine: (material: BroughtMaterial) => string;
  /** The page tells this problem when the key itself has no problem. */
  readonly problem?: Problem | undefined;
};

/**
 * Gives the lines of the last page of a ceremony that imports materials again: the state of the key now, the materials, which
 * data the key could decrypt, warnings, what the person must do, and the record, if there is one. The problem that is left is
 * given with them.
 * @param now the state that KMS told just now.
 */
export function closingAfterImport(facts: Facts, now: KeyNow, services: Services, own: OwnParts): Closing {
  const { materials } = need(facts, 'broughtBack');
  const problem = problemNow(facts, now, services) ?? own.problem;
  const lines = [
    keyStateWords(facts, now),
    '',
    need(facts, 'key').keyArn,
    '',
    ...(materials.length === 0 ? own.nothingImported : materials.map(own.materialLine)),
    ...decryptedLines(facts),
    ...formerAliasWarning(facts, services),
    ...(materials.length === 0 ? [] : classicalTlsWarning(readImportTls(services))),
    ...(problem === undefined
      ? []
      : ['', problem.why ?? problem.what, '', yoursToDo, ...problem.next.map((line) => `- ${line}`)]),
    ...(materials.length === 0 ? [] : ['', `Record: ${services.folder.shown}/${laterRecordNames(services).markdown}`]),
  ];
  return { lines, ...(problem === undefined ? {} : { problem }) };
}

/** Gives the problem that the key has now. A key that the ceremony left Disabled is so on purpose, and has no problem. */
function problemNow(facts: Facts, now: KeyNow, services: Services): Problem | undefined {
  const isDisabledOnPurpose = now.state === 'Disabled' && need(facts, 'keyState') === 'Disabled';
  return isDisabledOnPurpose ? undefined : problemOfState(facts, now, services);
}

/**
 * Says when a data key was opened, and by which material; or why none was: see {@link notOpenedLines}. Then says which object was
 * read, if one was, and whether its bytes are those on record.
 */
function decryptedLines({ proof, readable, notOpened }: Facts): readonly string[] {
  const opened = proof === undefined ? notOpenedLines(notOpened) : [openedWords(proof)];
  if (readable === undefined) return opened;
  const { bucket, key, isSame } = readable;
  const bytes = isSame ? 'with the bytes on record' : 'but its bytes are NOT those on record: it was replaced since';
  return [...opened, `s3://${bucket}/${key} can be read, ${bytes}.`];
}

/** Says when a data key was opened, and by which material when KMS gave its id. */
function openedWords({ keyMaterialId, provedAt }: NonNullable<Facts['proof']>): string {
  const by = keyMaterialId === '' ? '' : ` by material ${keyMaterialId.slice(0, 8)}`;
  return `A data key was opened${by}, at ${utc(new Date(provedAt))}.`;
}

/**
 * Says that nothing was opened because the person may not use the key. Gives no line in any other case: of a Disabled key, the
 * first line of the page tells the state.
 */
function notOpenedLines(why: Facts['notOpened']): readonly string[] {
  return why === 'refused'
    ? ['Nothing was opened with the key, because you may not use it. Let somebody who may read an old object.']
    : [];
}

/** Warns when the recorded alias is no longer an alias of this key: programs that use it now use another key or none. */
function formerAliasWarning(facts: Facts, { recorded }: Services): readonly string[] {
  const recordedAlias = recorded?.key?.alias;
  if (recordedAlias === undefined || recordedAlias === need(facts, 'key').alias) return [];
  return [`${recordedAlias} is not a name of this key any more: who uses that name uses another key, or none.`];
}
