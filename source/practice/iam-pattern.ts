/**
 * True when a text matches a pattern of IAM with `*` and `?`. The number of steps is at most the product of both lengths,
 * also for a malicious pattern.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  // `at` and `position` are the places in pattern and text. After a mismatch, both go back to the last star.
  let [at, behindStar, resume] = [0, -1, 0];
  for (let position = 0; position < text.length; ) {
    const wanted = pattern[at];
    if (wanted === '*') {
      at += 1;
      [behindStar, resume] = [at, position];
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[position])) {
      at += 1;
      position += 1;
    } else if (behindStar >= 0) {
      // The last star takes one more character, and the pattern after it is tried again.
      resume += 1;
      [at, position] = [behindStar, resume];
    } else {
      return false;
    }
  }
  return pattern.slice(at).replaceAll('*', '') === '';
}

/** True when an action such as `kms:Encrypt` matches a pattern of IAM. Letter case does not count. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesPattern(pattern.toLowerCase(), action.toLowerCase());
}
