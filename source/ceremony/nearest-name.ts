import { distance } from 'fastest-levenshtein';

/** A third of a name may be mistyped, and two letters of a short one. */
const mostEdits = (length: number) => Math.max(2, Math.floor(length / 3));

/**
 * Gives the known names that a mistyped one most likely meant, the nearest first, by edit distance without regard to case.
 * @param ending what many of the names end in: it counts for nothing, unless it is what was mistyped.
 */
export function nearestNames(name: string, known: readonly string[], ending = ''): readonly string[] {
  const typed = name.toLowerCase();
  const bare = (text: string) => (ending !== '' && text.endsWith(ending) ? text.slice(0, -ending.length) : text);
  return known
    .map((candidate) => {
      const whole = candidate.toLowerCase();
      const edits = Math.min(distance(typed, whole), distance(bare(typed), bare(whole)));
      return { candidate, edits, most: mostEdits(bare(whole).length) };
    })
    .filter(({ edits, most }) => edits <= most)
    .sort((a, b) => a.edits - b.edits)
    .map(({ candidate }) => candidate);
}
