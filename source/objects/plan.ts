import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FilePatterns } from './file-pattern.ts';
import type { Manifest, PlanHead } from './manifest.ts';
import { findNameProblem, objectNameOf } from './object-name.ts';
import { requestsOf } from './part-size.ts';
import type { FileGuard } from './transfer-context.ts';
import { findFiles, type Met } from './walk.ts';

/** What would be sent: how many files, of how many bytes, with how many requests. And what is not sent. */
export type PlanTotals = {
  readonly count: number;
  readonly bytes: number;
  readonly requests: number;
  readonly leftOut: number;
  /** Why things in folders are left out; the first few of them. */
  readonly leftOutWhy: readonly string[];
  /** Why named paths, or files in folders, cannot be sent; the first few of them. */
  readonly wrong: readonly string[];
};

/** What a plan depends on: what was named, how its files are chosen, and the prefix of their objects. */
type FileChoice = FilePatterns & { readonly inputs: readonly string[]; readonly prefix: string };

/** Decides by the place of a file or folder whether it may be sent. */
type PlaceGuard = Pick<FileGuard, 'placeProblem' | 'folderProblem'>;

/** How a plan is made. `onLeftOut` gets a sentence about each thing that is left out. */
type Planning = {
  readonly guard: PlaceGuard;
  readonly signal: AbortSignal;
  readonly onLeftOut?: (why: string) => void;
};

/** Writes the plan into an empty manifest, file by file. */
export async function writePlan(
  manifest: Manifest,
  head: PlanHead,
  at: Date,
  { guard, signal, onLeftOut }: Planning,
): Promise<void> {
  manifest.begin(head, at);
  for await (const met of meetOnce(head, guard)) {
    signal.throwIfAborted();
    if ('file' in met) {
      const { path, name, size, changedMs } = met.file;
      manifest.add({ is: 'object', path, key: objectNameOf(name, head.prefix), size, changedMs });
    } else if ('wrong' in met) manifest.add({ is: 'left out', ...met.wrong, wrong: true });
    else {
      manifest.add({ is: 'left out', ...met.leftOut });
      onLeftOut?.(met.leftOut.why);
    }
  }
  manifest.endPlan();
}

/** For how many paths that are wrong, and how many that are left out, the reason is given. */
const mostTold = 5;

/** Counts what a plan would have, and writes nothing. */
export async function countPlan(choice: FileChoice, guard: PlaceGuard, signal?: AbortSignal): Promise<PlanTotals> {
  const totals = { count: 0, bytes: 0, requests: 0, leftOut: 0, leftOutWhy: [] as string[], wrong: [] as string[] };
  for await (const met of meetOnce(choice, guard)) {
    signal?.throwIfAborted();
    if ('file' in met) {
      totals.count += 1;
      totals.bytes += met.file.size;
      totals.requests += requestsOf(met.file.size);
    } else if ('leftOut' in met) {
      totals.leftOut += 1;
      if (totals.leftOut <= mostTold) totals.leftOutWhy.push(met.leftOut.why);
    } else if (totals.wrong.length < mostTold) totals.wrong.push(met.wrong.why);
  }
  return totals;
}

/**
 * Yields what the walk meets, each file once for each name of an object. A second file for the same object is wrong. So is a file
 * that may not be sent, or whose object would have too long a name.
 */
async function* meetOnce({ inputs, prefix, ...patterns }: FileChoice, guard: PlaceGuard): AsyncGenerator<Met> {
  // All names in one folder differ, so only with several inputs must Keyferry remember the names.
  const names = new Map<string, string>();
  const isOneFolder = inputs.length === 1 && (await isFolder(inputs[0] ?? ''));
  for await (const met of findFiles(inputs, { patterns, folderProblem: guard.folderProblem.bind(guard) })) {
    if (!('file' in met)) {
      yield met;
      continue;
    }
    const { path, name } = met.file;
    const other = names.get(name);
    const why = findNameProblem(name, prefix) ?? guard.placeProblem(path) ?? explainSameName(path, name, other);
    if (!isOneFolder && other === undefined) names.set(name, path);
    // A file that is met twice by the same name, also in a folder, is one object.
    if (other === path) continue;
    yield why === undefined ? met : { wrong: { path, why } };
  }
}

/** Tells whether a person named a folder. */
const isFolder = async (input: string) => (await stat(resolve(input)).catch(() => undefined))?.isDirectory() === true;

/** Says that two files would be the same object; `undefined` when no other file has the name. */
function explainSameName(path: string, name: string, other: string | undefined): string | undefined {
  if (other === undefined || other === path) return undefined;
  return `Two of the files are called ${name}; they would overwrite each other in the bucket. The second one is ${path}.`;
}
