/** So many bytes of a secret in a row are no accident. */
export const telling = 8;

/** What stands for a part of a secret in some form, wherever that part stands. */
export type Needle = { readonly form: string; readonly bytes: Buffer };

/**
 * A secret in windows of 8 bytes: raw, as hex in either case, and as base64 and base64url in each of the three alignments
 * that it can have in a longer text, by the characters that depend on the window alone.
 * @param step how far one window is from the next: 1 finds every run of 8 bytes.
 */
export function needlesOf(secret: Buffer, step: number): readonly Needle[] {
  const needles: Needle[] = [];
  for (let at = 0; at + telling <= secret.length; at += step) {
    const part = secret.subarray(at, at + telling);
    needles.push({ form: 'raw', bytes: part });
    needles.push({ form: 'hex', bytes: Buffer.from(part.toString('hex')) });
    needles.push({ form: 'HEX', bytes: Buffer.from(part.toString('hex').toUpperCase()) });
    for (const before of [0, 1, 2]) {
      // 6 bits a character: those before the window and behind it share its first and its last one.
      const first = Math.ceil((before * 8) / 6);
      const last = Math.floor(((before + telling) * 8) / 6);
      const known = Buffer.concat([Buffer.alloc(before), part])
        .toString('base64')
        .slice(first, last);
      needles.push({ form: 'base64', bytes: Buffer.from(known) });
      const url = known.replaceAll('+', '-').replaceAll('/', '_');
      if (url !== known) needles.push({ form: 'base64url', bytes: Buffer.from(url) });
    }
  }
  return needles;
}

/** Which forms of a secret stand in some bytes. */
export function formsIn(bytes: Buffer, needles: readonly Needle[]): readonly string[] {
  return [...new Set(needles.filter((needle) => bytes.includes(needle.bytes)).map(({ form }) => form))];
}
