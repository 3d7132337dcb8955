import { distance } from 'fastest-levenshtein';

/** The known name that a mistyped one most likely meant, by edit distance; nothing when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  return known
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate) }))
    .filter(({ candidate, edits }) => edits <= Math.max(2, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.edits - b.edits)
    .at(0)?.candidate;
}
