/**
 * True when a text matches a pattern of an IAM policy: `*` stands for any characters, `?` for one. A pattern comes from
 * AWS or from strangers, so the time grows only with the product of both lengths. IAM user guide, "IAM JSON policy
 * element reference".
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let [at, inText] = [0, 0];
  /** Where to go on when the text no longer fits: after the last `*`, which then takes one more character. */
  let retry: { readonly at: number; readonly inText: number } | undefined;
  while (inText < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      at += 1;
      retry = { at, inText };
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[inText])) {
      at += 1;
      inText += 1;
    } else if (retry !== undefined) {
      inText = retry.inText + 1;
      ({ at } = retry);
      retry = { at, inText };
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** The part of a pattern before its first wildcard or policy variable. Every text that matches begins with it. */
export function fixedStart(pattern: string): string {
  return /^(?:[^*?$]|\$(?!\{))*/.exec(pattern)?.[0] ?? '';
}
