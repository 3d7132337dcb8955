/**
 * True when a text matches a pattern of an IAM policy: `*` stands for any characters, `?` for one. A pattern comes from
 * AWS or from strangers, so the time grows only with the product of both lengths. IAM user guide, "IAM JSON policy
 * element reference".
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let [patternIndex, textIndex] = [0, 0];
  /** Where to go on when the text no longer fits: after the last `*`, which then takes one more character. */
  let retry: { readonly patternIndex: number; readonly textIndex: number } | undefined;
  while (textIndex < text.length) {
    const wanted = pattern[patternIndex];
    if (wanted === '*') {
      patternIndex += 1;
      retry = { patternIndex, textIndex };
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[textIndex])) {
      patternIndex += 1;
      textIndex += 1;
    } else if (retry !== undefined) {
      textIndex = retry.textIndex + 1;
      ({ patternIndex } = retry);
      retry = { patternIndex, textIndex };
    } else return false;
  }
  return /^\**$/.test(pattern.slice(patternIndex));
}

/** The part of a pattern before its first wildcard or policy variable. Every text that matches begins with it. */
export function fixedStart(pattern: string): string {
  return /^(?:[^*?$]|\$(?!\{))*/.exec(pattern)?.[0] ?? '';
}
