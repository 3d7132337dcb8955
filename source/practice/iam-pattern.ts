/**
 * Tells whether a pattern of IAM, with `*` and `?`, covers a text. Takes at most the product of both lengths, whatever
 * the pattern.
 */
export function matchesPattern(pattern: string, text: string): boolean {
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

/** Tells whether a pattern of IAM covers an action such as `kms:Encrypt`, in any letter case. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesPattern(pattern.toLowerCase(), action.toLowerCase());
}
