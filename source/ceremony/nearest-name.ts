import { distance } from 'fastest-levenshtein';

/** How many letters of a name may be mistyped: a third of the name, and at least two. */
const mostEdits = (length: number) => Math.max(2, Math.floor(length / 3));

/**
 * Gives the known names that the typed name most likely means, the nearest first, by edit distance without regard to case.
 * @param ending an ending that many known names share. It is left out of the comparison, unless the person mistyped it.
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
