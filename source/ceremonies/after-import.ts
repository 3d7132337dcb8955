import type { Problem } from '../ceremony/problem.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';
import { utc } from '../steps/dates.ts';
import { type Facts, need } from '../steps/facts.ts';
import { type KeyNow, keyStateWords, problemOfState } from '../steps/key-now.ts';
import type { Services } from '../steps/services.ts';
import type { Closing } from './later-conclusion.ts';
import { laterRecordNames } from './later-record.ts';

/** What the last pages of ceremonies that import materials again say in words of their own. */
type Words = {
  /** Where nothing was imported. */
  readonly nothing: readonly string[];
  /** Of a material that was imported. */
  readonly of: (material: BroughtMaterial) => string;
  /** A problem that is told where the key itself has none. */
  readonly problem?: Problem | undefined;
};

/**
 * Gives the lines of the last page of a ceremony that imports materials again: the state of the key now, the materials, what
 * could be read with the key, and what the person must do.
 * @param now the state that KMS told just now.
 */
export function closingAfterImport(facts: Facts, now: KeyNow, services: Services, words: Words): Closing {
  const { materials } = need(facts, 'broughtBack');
  const problem = problemNow(facts, now, services) ?? words.problem;
  const lines = [
    keyStateWords(facts, now),
    '',
    need(facts, 'key').keyArn,
    '',
    ...(materials.length === 0 ? words.nothing : materials.map(words.of)),
    ...readableWords(facts),
    ...lostNameWords(facts, services),
    ...(problem === undefined
      ? []
      : ['', problem.why ?? problem.what, '', 'Yours to do', ...problem.next.map((line) => `- ${line}`)]),
    ...(materials.length === 0 ? [] : ['', `Record: ${services.folder.shown}/${laterRecordNames(services).markdown}`]),
  ];
  return { lines, ...(problem === undefined ? {} : { problem }) };
}

/** Gives the problem that the key has now. A key that the ceremony disabled again is Disabled on purpose: that is no problem. */
function problemNow(facts: Facts, now: KeyNow, services: Services): Problem | undefined {
  const isAsBefore = now.state === 'Disabled' && need(facts, 'keyState') === 'Disabled';
  return isAsBefore ? undefined : problemOfState(facts, now, services);
}

/** Says what was opened and read with the key after an import, or why nothing was. */
function readableWords({ proof, readable, notOpened }: Facts): readonly string[] {
  const opened =
    proof === undefined
      ? notOpenedWords(notOpened)
      : [`A data key was opened by material ${proof.keyMaterialId.slice(0, 8)}, at ${utc(new Date(proof.provedAt))}.`];
  if (readable === undefined) return opened;
  const { bucket, key, isSame } = readable;
  const bytes = isSame ? 'with the bytes on record' : 'but its bytes are NOT those on record: it was replaced since';
  return [...opened, `s3://${bucket}/${key} can be read, ${bytes}.`];
}

function notOpenedWords(why: Facts['notOpened']): readonly string[] {
  return why === 'refused'
    ? ['Nothing was opened with the key, because you may not use it. Let somebody who may read an old object.']
    : [];
}

/** Warns when the recorded alias is no longer an alias of this key: programs that use it now use another key or none. */
function lostNameWords(facts: Facts, { recorded }: Services): readonly string[] {
  const before = recorded?.key?.alias;
  if (before === undefined || before === need(facts, 'key').alias) return [];
  return [`${before} is not a name of this key any more: who uses that name uses another key, or none.`];
}
