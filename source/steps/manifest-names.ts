import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { sha256Of } from '../disk/sha256.ts';
import type { PlanHead } from '../objects/manifest.ts';

/** Gives the beginning of the names of the manifests of a ceremony, from the path of its journal. */
const startOf = (journalPath: string) => `${basename(journalPath, '.jsonl').replace(/^journal/, 'manifest')}-`;

/**
 * Gives the file name of the manifest for a choice of files: the journal's name with `manifest` in the place of `journal`, then the
 * beginning of the hash of the choice.
 */
export function manifestNameOf(
  journalPath: string,
  { bucket, prefix, keyArn, inputs, include, exclude, replace }: PlanHead,
): string {
  const choice = JSON.stringify([bucket, prefix, keyArn, inputs, include, exclude, replace]);
  const hash = sha256Of(choice).slice(0, 12);
  return `${startOf(journalPath)}${hash}.jsonl`;
}

/** Lists the file names of the manifests of a ceremony; none when its folder does not exist. */
export function manifestsOf(journalPath: string): readonly string[] {
  const folder = dirname(journalPath);
  if (!existsSync(folder)) return [];
  const start = startOf(journalPath);
  return readdirSync(folder).filter(
    (name) => name.startsWith(start) && /^[\da-f]{12}\.jsonl$/.test(name.slice(start.length)),
  );
}
