/**
 * True when a text matches a pattern of IAM with `*` and `?`. The number of steps is at most the product of both lengths,
 * also for a malicious pattern.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let patternIndex = 0;
  // `afterStar` is the index in the pattern after the last `*`, or -1. `endOfStar` is the index in the text where the
  // characters of this `*` end.
  let [afterStar, endOfStar] = [-1, 0];
  for (let textIndex = 0; textIndex < text.length; ) {
    const wanted = pattern[patternIndex];
    if (wanted === '*') {
      patternIndex += 1;
      [afterStar, endOfStar] = [patternIndex, textIndex];
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[textIndex])) {
      patternIndex += 1;
      textIndex += 1;
    } else if (afterStar >= 0) {
      // The last `*` takes one more character, and the pattern after it is tried again.
      endOfStar += 1;
      [patternIndex, textIndex] = [afterStar, endOfStar];
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
