const beginLine = '-----BEGIN AGE ENCRYPTED FILE-----';
const endLine = '-----END AGE ENCRYPTED FILE-----';

/** How much white space age skips before the armour and after it. */
const mostWhiteSpace = 1024;

/**
 * Gives the binary form of an age file. `age --armor` writes the file as text, like PEM: C2SP, age.md, "ASCII armor". A text
 * is armour only when armouring its bytes gives the same text again, but for CRLF, and white space before and after it. Every
 * other text is refused, because age does not open it.
 * @returns the same bytes when they do not begin as armour; `cut off` when its last line is missing.
 */
export function removeAgeArmour(file: Buffer): Buffer | 'cut off' | 'damaged' {
  const text = file.toString('latin1').replaceAll('\r\n', '\n');
  const start = /^(?:[\t\v\f\r ]*\n)*/.exec(text)?.[0].length ?? 0;
  if (!text.startsWith(beginLine, start)) return file;
  const end = text.indexOf(`\n${endLine}`, start);
  if (end === -1) return 'cut off';
  const base64 = text.slice(start + beginLine.length, end);
  const after = text.slice(end + 1 + endLine.length);
  const bytes = Buffer.from(base64, 'base64');
  const isArmour = base64 === inLines(bytes) && /^(?:\n[\t\n\v\f\r ]*)?$/.test(after);
  return isArmour && start <= mostWhiteSpace && after.length <= mostWhiteSpace ? bytes : 'damaged';
}

/** Encodes bytes as base64, with padding, in lines of 64 letters. A line break stands before each line. */
function inLines(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{1,64}/g, '\n$&');
}
