/** In characters. The names stand on few lines, so that one key press writes little to the terminal. */
const longestList = 110;

/** Names the files with which a typed path can go on. Says how many more there are when not all fit, and when there is none. */
export function completionWords(names: readonly string[]): string {
  if (names.length === 0) return 'No file begins with this.';
  const shown: string[] = [];
  let length = 0;
  for (const name of names) {
    length += name.length + 2;
    if (shown.length > 0 && length > longestList) break;
    shown.push(name);
  }
  const rest = names.length - shown.length;
  return rest === 0 ? shown.join('  ') : `${shown.join('  ')}  and ${rest} more`;
}
