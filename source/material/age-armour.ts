const beginLine = '-----BEGIN AGE ENCRYPTED FILE-----';
const endLine = '-----END AGE ENCRYPTED FILE-----';

/** How many characters of white space age skips before the armour, and how many after it. */
const mostWhiteSpace = 1024;

/**
 * Gives the binary form of an age file that `age --armor` has written as text, like PEM. The text must be exactly what age would
 * write for these bytes, because age opens no other text. Only two things may differ: the line ends (CRLF), and up to
 * {@link mostWhiteSpace} characters of white space in lines of their own before and after the text. Source: C2SP, age.md, "ASCII
 * armor".
 * @returns the binary file. A file that does not begin like armour comes back as it is. `cut off`: the last line is missing.
 * `damaged`: age would not write this text.
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
  const isAsAgeWrites = base64 === inLines(bytes) && /^(?:\n[\t\n\v\f\r ]*)?$/.test(after);
  const hasTooMuchSpace = start > mostWhiteSpace || after.length > mostWhiteSpace;
  return isAsAgeWrites && !hasTooMuchSpace ? bytes : 'damaged';
}

/** Encodes bytes as base64, with padding, in lines of 64 letters. Each line begins with a line break. */
function inLines(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{1,64}/g, '\n$&');
}
