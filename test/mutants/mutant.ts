import { readFileSync } from 'node:fs';
import { findMutations, type Mutation } from './mutations.ts';

/** A change of one file. */
export type Mutant = Mutation & {
  readonly file: string;
  /** The file as it is without the change. */
  readonly source: string;
};

export function mutantsIn(files: readonly string[]): readonly Mutant[] {
  return files.flatMap((file) => {
    const source = readFileSync(file, 'utf8');
    return findMutations(source).map((mutation) => ({ ...mutation, file, source }));
  });
}

/** So many of them, drawn by the seed. The same seed draws the same ones while the files stay as they are. */
export function sampleOf(mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] {
  let state = seed;
  // The numbers of Numerical Recipes' linear congruential generator, enough for a draw.
  const draw = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return mutants
    .map((mutant) => ({ mutant, order: draw() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ mutant }) => mutant);
}

export function changedText({ source, start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

/** For a person: where it is and what is changed. */
export function describeMutant({ file, source, start, end, kind, replacement }: Mutant): string {
  const line = source.slice(0, start).split('\n').length;
  const short = (text: string) => text.replaceAll(/\s+/g, ' ').slice(0, 80);
  return `${file}:${line}: ${kind}: ${short(source.slice(start, end))} -> ${short(replacement)}`;
}

/** A change made by hand, and the tests that should notice it. */
type Listed = {
  readonly file: string;
  /** Text that stands once in the file, and what comes in its place. */
  readonly find: string;
  readonly replace: string;
  /** The promise that it breaks. */
  readonly says: string;
  /** Globs, each a stage. */
  readonly tests: readonly string[];
};

/**
 * Changes made by hand, from a JSON file with a list of them.
 * @throws Error when a text does not stand exactly once in its file.
 */
export function readListed(path: string): readonly { readonly mutant: Mutant; readonly tests: readonly string[] }[] {
  const listed = JSON.parse(readFileSync(path, 'utf8')) as readonly Listed[];
  return listed.map(({ file, find, replace, says, tests }) => {
    const source = readFileSync(file, 'utf8');
    const start = source.indexOf(find);
    if (start === -1 || source.includes(find, start + 1))
      throw new Error(`This text must stand once in ${file}: ${find}`);
    return { mutant: { kind: says, start, end: start + find.length, replacement: replace, file, source }, tests };
  });
}
