import { statSync } from 'node:fs';
import { type Facts, need } from './facts.ts';
import { sampleFile } from './file-names.ts';
import type { Services } from './services.ts';

/** Gives the line in the sample. It depends only on the key, so that the printed commands make the same object. */
export const sampleLine = (facts: Facts) => `Made by Keyferry to try ${need(facts, 'key').alias}.`;

const sampleText = (facts: Facts) => `${sampleLine(facts)}\n`;

/** Writes the sample file, unless it is there already. */
export function writeSample(facts: Facts, { folder }: Services): void {
  if (!folder.has(sampleFile)) folder.write(sampleFile, sampleText(facts));
}

/** Gives the size of the sample in bytes, also before it is written. */
export function sampleSize(facts: Facts, { folder }: Services): number {
  const stats = statSync(folder.file(sampleFile), { throwIfNoEntry: false });
  return stats?.size ?? Buffer.byteLength(sampleText(facts));
}
