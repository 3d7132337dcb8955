import { distance } from 'fastest-levenshtein';
import { knownNames } from './catalogue.ts';

/** At most three known names that a mistyped or unknown one is near to, by edit distance. */
export function nearestErrors(name: string): readonly string[] {
  const plain = (one: string) => one.toLowerCase().replace(/exception$/, '');
  // The ending that many names share counts for nothing, unless it is what was mistyped.
  const edits = (known: string) =>
    Math.min(distance(plain(name), plain(known)), distance(name.toLowerCase(), known.toLowerCase()));
  return knownNames
    .filter((known) => /[A-Z]/.test(known))
    .map((known) => ({ known, edits: edits(known) }))
    .filter(({ known, edits }) => edits <= Math.max(2, Math.floor(plain(known).length / 3)))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map(({ known }) => known);
}
