/** In characters. The names stand on few lines, so that one key press writes little to the terminal. */
const longestList = 110;

/** What stands between two names. */
const gap = '  ';

/**
 * Names the files with which a typed path can go on: the first one, and as many more as fit. Says how many more there are when
 * not all fit, and when there is none.
 */
export function completionWords(names: readonly string[]): string {
  if (names.length === 0) return 'No file begins with this.';
  const shown: string[] = [];
  let length = 0;
  for (const name of names) {
    length += name.length + gap.length;
    if (shown.length > 0 && length > longestList) break;
    shown.push(name);
  }
  const rest = names.length - shown.length;
  const words = shown.join(gap);
  return rest === 0 ? words : `${words}${gap}and ${rest} more`;
}
