import { distance } from 'fastest-levenshtein';

/** Gives how many letters of a name of this length may be mistyped: a third of them, but always at least two. */
const mostEdits = (length: number) => Math.max(2, Math.floor(length / 3));

/**
 * Gives the known names that a typed name may mean, the nearest first. Names are compared by their edit distance (how many
 * letters to insert, delete or replace), in any letter case.
 * @param name the name that the person typed.
 * @param ending an ending that many known names share. Each name is compared with and without this ending, and the smaller
 * distance counts.
 */
export function nearestNames(name: string, known: readonly string[], ending = ''): readonly string[] {
  const typed = name.toLowerCase();
  const withoutEnding = (text: string) =>
    ending !== '' && text.endsWith(ending) ? text.slice(0, -ending.length) : text;
  return known
    .map((candidate) => {
      const whole = candidate.toLowerCase();
      const edits = Math.min(distance(typed, whole), distance(withoutEnding(typed), withoutEnding(whole)));
      return { candidate, edits, most: mostEdits(withoutEnding(whole).length) };
    })
    .filter(({ edits, most }) => edits <= most)
    .sort((a, b) => a.edits - b.edits)
    .map(({ candidate }) => candidate);
}
