/**
 * True when a text matches a pattern of IAM with `*` and `?`. The number of steps is at most the product of both lengths,
 * also for a malicious pattern.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let [patternIndex, textIndex] = [0, 0];
  /** The last `*` so far: the index after it in the pattern, and the index in the text where its characters end. */
  let star: { readonly next: number; end: number } | undefined;
  while (textIndex < text.length) {
    const wanted = pattern[patternIndex];
    if (wanted === '*') {
      patternIndex += 1;
      star = { next: patternIndex, end: textIndex };
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[textIndex])) {
      patternIndex += 1;
      textIndex += 1;
    } else if (star !== undefined) {
      // The last `*` takes one more character, and the pattern after it is tried again.
      star.end += 1;
      [patternIndex, textIndex] = [star.next, star.end];
    } else {
      return false;
    }
  }
  // At the end of the text, only stars may be left in the pattern.
  return pattern.slice(patternIndex).replaceAll('*', '') === '';
}

/** True when an action such as `kms:Encrypt` matches a pattern of IAM. Letter case does not count. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesPattern(pattern.toLowerCase(), action.toLowerCase());
}
