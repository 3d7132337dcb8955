/** In characters. With few names, one key press writes little to the terminal. */
const longestList = 110;

/** What stands between two names. */
const gap = '  ';

/**
 * Names the files with which a typed path can go on: the first one, and as many more as fit. Then says how many others there are,
 * if any. For an empty list, says that there is no such file.
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
