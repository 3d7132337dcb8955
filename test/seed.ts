import { relative } from 'node:path';
import fc from 'fast-check';

/**
 * The number from which random tests draw. Each process of a run draws another one and prints it; SEED=1234 repeats what printed
 * 1234. Properties of fast-check draw from it where this file is imported.
 */
export const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
if (!Number.isSafeInteger(seed)) throw new Error(`SEED is a whole number, and not "${process.env.SEED}".`);
fc.configureGlobal({ seed, verbose: 1 });
// Each process of a run has its own: the file says whose it is.
console.log(`SEED=${seed} (${relative('', process.argv[1] ?? '')})`);

/** Whether long series run to their end, as in `npm run test:long`; every day they are a sample, drawn by the seed. */
export const isLong = process.env.ALL_POINTS !== undefined;

/** One in so many of a long series, and at least one; or all where that is asked for. */
export function sampleOf<Item>(series: readonly Item[], oneIn: number): readonly Item[] {
  const every = Math.min(oneIn, series.length);
  return isLong ? series : series.filter((_, index) => (index + seed) % every === 0);
}
