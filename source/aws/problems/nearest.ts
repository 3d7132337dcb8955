import { distance } from 'fastest-levenshtein';
import { knownNames } from './catalogue.ts';

/** At most three known names that a mistyped or unknown one is near to, by edit distance. */
export function nearestErrors(name: string): readonly string[] {
  const plain = (one: string) => one.toLowerCase().replace(/exception$/, '');
  return knownNames
    .filter((known) => /[A-Z]/.test(known))
    .map((known) => ({ known, edits: distance(plain(name), plain(known)) }))
    .filter(({ known, edits }) => edits <= Math.max(2, Math.floor(plain(known).length / 3)))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map(({ known }) => known);
}
