import type { Problem } from '../ceremony/problem.ts';
import { utc } from '../steps/dates.ts';
import { type Facts, need } from '../steps/facts.ts';
import { type KeyNow, notEnabledProblem } from '../steps/key-now.ts';
import type { Services } from '../steps/services.ts';

/** Gives the problem that the key has now. A key that the ceremony disabled again is Disabled on purpose: that is no problem. */
export function problemNow(facts: Facts, now: KeyNow, services: Services): Problem | undefined {
  if (now.state === undefined) return now.problem;
  const isAsBefore = now.state === 'Disabled' && need(facts, 'keyState') === 'Disabled';
  return now.state === 'Enabled' || isAsBefore ? undefined : notEnabledProblem(facts, now, services);
}

/** Says what was opened and read with the key after an import, or why nothing was. */
export function readableWords({ proof, readable, notOpened }: Facts): readonly string[] {
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
export function lostNameWords(facts: Facts, { recorded }: Services): readonly string[] {
  const before = recorded?.key?.alias;
  if (before === undefined || before === need(facts, 'key').alias) return [];
  return [`${before} is not a name of this key any more: who uses that name uses another key, or none.`];
}
