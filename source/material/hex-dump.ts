import { code, isBlank, isLineEnd, skipBlanks } from './characters.ts';
import { decodeKey, twiceWords } from './encoded-key.ts';
import type { Found } from './found-value.ts';
import { hexDigit } from './hex-text.ts';
import { explainLength } from './key-lengths.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';
import { isText } from './text-encoding.ts';

/** A line of a dump: where its offset is in the text, how many bytes it shows, and its kind. For `words`, `count` is 0. */
type DumpLine = {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly kind: 'xxd' | 'dump' | 'words';
};

const keyBytes = 32;
const bar = 0x7c;
/** An offset has six digits or more, and a shorter number may be a value. */
const shortestOffset = 6;

/**
 * Finds the key in a dump of a file with offsets, as xxd, `hexdump -C` and `od -t x1` print it. The dumped file is the 32 bytes
 * of the key, or the key as hex or base64 text. Every line must be a line of such a dump. Every offset must be the number of
 * bytes before it. The text that xxd and hexdump print beside the bytes must show these bytes. A dump of words of two bytes
 * (hexdump, `od -x`) is recognised but not decoded, because the order of the bytes depends on the computer.
 * @returns the key; or sentences that say why there is none; `undefined` when the text is no dump.
 */
export function readHexDump(characters: Buffer, scratch: ScratchBuffers): Found | undefined {
  const bytes = scratch.allocate(Math.ceil(characters.length / 2));
  const lines: DumpLine[] = [];
  let length = 0;
  for (let at = skipLineEnds(characters, 0); at < characters.length; ) {
    const line = readLine(characters, at, bytes.subarray(length));
    if (line === undefined) return undefined;
    lines.push(line);
    length += line.count;
    while (!isLineEnd(characters, at)) at++;
    at = skipLineEnds(characters, at);
  }
  const kind = lines[0]?.kind;
  if (kind === undefined || !hasRightOffsets(characters, lines)) return undefined;
  // A line that is only an offset, such as the last one of od, is in a dump of any kind.
  const isOtherKind = (line: DumpLine) => line.kind !== kind && (line.count > 0 || line.kind === 'words');
  if (lines.some(isOtherKind)) return undefined;
  if (kind === 'words') {
    return {
      says: [
        'This is a dump of words of several bytes, whose order depends on the computer.',
        'Dump the file byte by byte: xxd -p FILE.',
      ],
    };
  }
  const says = ['This is a dump of a file, with offsets beside the bytes.'];
  const dumped = bytes.subarray(0, length);
  const place = { from: 0, to: characters.length };
  if (length === keyBytes) return { value: { form: kind, bytes: dumped, ...place, says } };
  // A key that was encoded twice before it was dumped is not taken.
  const inner = isText(dumped) ? decodeKey(dumped, scratch) : undefined;
  if (inner === undefined || inner.inner !== undefined)
    return { says: [...says, ...explainLength('What it shows', length)] };
  const twice = twiceWords({ form: 'hex', inner: inner.form, bytes: inner.bytes });
  return { value: { form: kind, inner: inner.form, bytes: inner.bytes, ...place, says: [...says, ...twice] } };
}

/** A line of a dump has at least this many bytes after its offset. A line with fewer may be a date and other numbers. */
const fewestBytes = 8;

/** Tells whether a text has a line of a dump of single bytes, perhaps among other lines. */
export function hasDumpLine(characters: Buffer, scratch: ScratchBuffers): boolean {
  const bytes = scratch.allocate(Math.ceil(characters.length / 2));
  for (let at = skipLineEnds(characters, 0); at < characters.length; at = skipLineEnds(characters, at)) {
    if ((readLine(characters, at, bytes)?.count ?? 0) >= fewestBytes) return true;
    while (!isLineEnd(characters, at)) at++;
  }
  return false;
}

/** Gives the index of the next character that is no line end. */
function skipLineEnds(characters: Buffer, index: number): number {
  let at = index;
  while (at < characters.length && isLineEnd(characters, at)) at++;
  return at;
}

/** Where the offset of a line is in the text, and where the bytes after it begin. */
type Offset = { readonly from: number; readonly to: number; readonly bytesFrom: number; readonly isXxd: boolean };

/**
 * Reads the offset at the beginning of a line; `undefined` when there is none. After the offset, xxd prints a colon. hexdump and od
 * print a blank, or end the line.
 */
function readOffset(characters: Buffer, start: number): Offset | undefined {
  const from = skipBlanks(characters, start);
  let to = from;
  while (hexDigit(characters[to] ?? 0) !== undefined) to++;
  const isXxd = characters[to] === code.colon;
  const bytesFrom = skipBlanks(characters, isXxd ? to + 1 : to);
  const isSeparated = isXxd || bytesFrom > to || isLineEnd(characters, to);
  return to - from >= shortestOffset && isSeparated ? { from, to, bytesFrom, isXxd } : undefined;
}

/** Reads one line, and writes its bytes to `target`; `undefined` when it is no line of a dump. */
function readLine(characters: Buffer, start: number, target: Buffer): DumpLine | undefined {
  const offset = readOffset(characters, start);
  if (offset === undefined) return undefined;
  const { from, to, bytesFrom, isXxd } = offset;
  let at = bytesFrom;
  let count = 0;
  let hasWords = false;
  while (hexDigit(characters[at] ?? 0) !== undefined) {
    const groupStart = at;
    while (hexDigit(characters[at] ?? 0) !== undefined) at++;
    const digits = at - groupStart;
    // xxd prints groups of whole bytes. hexdump and od print each byte as a group, or else words.
    if (isXxd && digits % 2 === 1) return undefined;
    if (!isXxd && digits !== 2) hasWords = true;
    count += writePairs(characters.subarray(groupStart, at), target.subarray(count));
    const next = skipBlanks(characters, at);
    if (next === at && !isLineEnd(characters, at)) return undefined;
    // Two blanks end the bytes of xxd. The text beside them may have hex digits too.
    if (isXxd && next - at >= 2 && !isLineEnd(characters, next))
      return showsSame(characters, at, target.subarray(0, count)) ? { from, to, count, kind: 'xxd' } : undefined;
    at = next;
  }
  // How long the words are is not known, so no bytes are counted.
  if (hasWords) return isLineEnd(characters, at) ? { from, to, count: 0, kind: 'words' } : undefined;
  if (characters[at] === bar && !isXxd)
    return showsSame(characters, at + 1, target.subarray(0, count)) ? { from, to, count, kind: 'dump' } : undefined;
  return isLineEnd(characters, at) ? { from, to, count, kind: isXxd ? 'xxd' : 'dump' } : undefined;
}

/** Writes each two hex digits as a byte. @returns the number of bytes. */
function writePairs(digits: Buffer, target: Buffer): number {
  const count = digits.length >> 1;
  for (let index = 0; index < count; index++) {
    const [high = 0, low = 0] = [hexDigit(digits[2 * index] ?? 0), hexDigit(digits[2 * index + 1] ?? 0)];
    target[index] = (high << 4) | low;
  }
  return count;
}

/** The most blanks that are skipped before the text beside the bytes. xxd pads very long lines (`-c`) with more. */
const mostPadding = 200;

/**
 * Tells whether the text beside the bytes of a line shows these bytes, with a dot for each that cannot be printed. An editor may
 * have cut blanks off the end of the line.
 */
function showsSame(characters: Buffer, index: number, shown: Buffer): boolean {
  let lineEnd = index;
  while (!isLineEnd(characters, lineEnd)) lineEnd++;
  const printed = (byte: number) => (byte >= 0x20 && byte < 0x7f ? byte : code.dot);
  const isShownAt = (start: number) =>
    shown.every((byte, offset) => {
      const at = start + offset;
      return at >= lineEnd ? byte === 0x20 : characters[at] === printed(byte);
    });
  // xxd pads a short line. The text can begin after any of these blanks, because it may begin with blanks of its own.
  for (let start = index; start <= index + mostPadding; start++) {
    if (isShownAt(start)) return true;
    if (!isBlank(characters[start])) return false;
  }
  return false;
}

/** The digits of an octal offset. Of the programs known here, only od writes octal offsets. */
const octalDigits = 7;

/**
 * Tells whether every offset is the number of bytes before it. All offsets are in one number system: 16 (xxd, hexdump), 8 (od) or
 * 10. One line alone is enough only for xxd, because the colon after its offset shows that it is a dump. In a dump of words, the
 * offsets begin at 0, and each is larger than the one before it.
 */
function hasRightOffsets(characters: Buffer, lines: readonly DumpLine[]): boolean {
  const areWords = lines.some(({ kind }) => kind === 'words');
  if (lines.length < 2 && lines[0]?.kind !== 'xxd') return false;
  const mayBeOctal = lines.every(({ from, to }) => to - from === octalDigits);
  return [16, 10, ...(mayBeOctal ? [8] : [])].some((radix) => {
    let expected = 0;
    return lines.every(({ from, to, count }, index) => {
      const offset = readNumber(characters.subarray(from, to), radix);
      const isRight = areWords ? offset !== undefined && offset >= expected : offset === expected;
      expected = areWords ? (offset ?? 0) + 1 : expected + count;
      return isRight && (index > 0 || offset === 0);
    });
  });
}

/** Reads digits as a whole number; `undefined` when a character is no digit in this radix. */
function readNumber(digits: Buffer, radix: number): number | undefined {
  let number = 0;
  for (const character of digits) {
    const digit = hexDigit(character) ?? radix;
    if (digit >= radix) return undefined;
    number = number * radix + digit;
  }
  return number;
}
