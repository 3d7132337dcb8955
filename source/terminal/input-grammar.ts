// What a terminal sends, by ECMA-48 5.3 to 5.6 and the list of xterm's control sequences
// (invisible-island.net/xterm/ctlseqs).

const esc = '\u001B';
export const pasteStart = `${esc}[200~`;
export const pasteEnd = `${esc}[201~`;
const anyPasteEnd = /(?:\u001B\[|\u009B)201~/g;

/** A longer paste counts as ended, because else all further typing would be lost when its end never comes. */
const longestPaste = 1024 * 1024;
/** A longer string counts as broken. No answer about colours, capabilities or a title is so long. */
const longestString = 64 * 1024;

// Parameter bytes, intermediate bytes, one final byte. The Linux console's function keys are ESC [ [ A, and rxvt ends
// shifted editing keys in $.
const csi = /^\u001B\[(?:\[[A-E]|[235678]\$|[0-?]*[ -/]*[@-Z\\-~])/;
const csiHead = /^\u001B\[(?:\[|[0-?]*[ -/]*)/;
// Only keys have these forms: cursor and function keys, those of rxvt, and keys that are sent by their number.
const csiKey = /^\u001B\[(?:\[[A-E]|[235678]\$|[\d:;]*[A-HPQSZa-d~u^@])$/;
const ss3 = /^\u001BO(?:\d;\d)?[A-HMP-Sa-ej-y]/;
const ss3Head = /^\u001BO(?:\d(?:;\d?)?)?$/;
const oldMouse = `${esc}[M`;
const oldMouseBytes = 3;
const stringStart = /^(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])/;
const control = /\p{Cc}/u;

/** The first part of the input: its length in UTF-16 units, and whether it is a key or a report of the terminal. */
export type Piece = { readonly length: number; readonly isKey: boolean };

/**
 * Finds the first complete piece of a text that is not empty.
 * @returns the piece; or `string` or `sequence`, when such a piece has begun and its rest has not arrived yet.
 *
 * Answers of the terminal are not keys: strings (OSC, DCS, SOS, PM, APC, ended by BEL or ST), reports (attributes, cursor,
 * modes, focus, window, mouse), and the 3 bytes after an old mouse report. A control character inside a string that does not
 * end it breaks the string and counts as a key, so that Enter and Ctrl+C always work.
 */
export function firstPiece(text: string): Piece | 'string' | 'sequence' {
  const start = stringStart.exec(text)?.[0];
  if (start !== undefined) return readString(text, start.length);
  if (!text.startsWith(esc)) {
    const length = String.fromCodePoint(text.codePointAt(0) ?? 0).length;
    return { length, isKey: !/^[\u0080-\u009F]/.test(text) };
  }
  if (text.startsWith(pasteStart)) return readPaste(text);
  if (text === esc) return 'sequence';
  if (text.startsWith(oldMouse)) return readOldMouseReport(text);
  const sequence = csi.exec(text)?.[0];
  if (sequence !== undefined) return { length: sequence.length, isKey: csiKey.test(sequence) && sequence !== pasteEnd };
  const head = csiHead.exec(text)?.[0];
  if (head !== undefined) return head === text ? 'sequence' : { length: head.length, isKey: false };
  const short = ss3.exec(text)?.[0];
  if (short !== undefined) return { length: short.length, isKey: true };
  if (ss3Head.test(text)) return 'sequence';
  // A single ST is the end of a string that was broken earlier.
  return text.startsWith(`${esc}\\`) ? { length: 2, isKey: false } : { length: 1, isKey: true };
}

/** Replaces an 8-bit CSI or SS3 at the beginning of a text by its 7-bit form (ECMA-48 5.3). Other text stays unchanged. */
export function toSevenBits(text: string): string {
  return text.replace(/^[\u008F\u009B]/, (wide) => (wide === '\u009B' ? `${esc}[` : `${esc}O`));
}

/**
 * True when the beginning of a string that never ended was really Esc and a letter, typed so fast that they came together. A
 * DCS of a terminal goes on with a digit or a sign, and no terminal answers with SOS.
 */
export function wasTyped(head: string): boolean {
  return /^\u001B[PX](?:\p{L}|$)/u.test(head);
}

/**
 * True when a read after a lone Esc can only be the rest of an answer. Then the answer was split after its Esc, and the rest
 * came so late that the Esc already counted as a key.
 */
export function goesOnAsAnswer(read: string): boolean {
  return /^(?:\][\dlL]|P[\d$+>!]|_G|\[[\d?<=>])/.test(read);
}

function readPaste(text: string): Piece | 'sequence' {
  anyPasteEnd.lastIndex = pasteStart.length;
  if (anyPasteEnd.test(text)) return { length: anyPasteEnd.lastIndex, isKey: true };
  return text.length > longestPaste ? { length: text.length, isKey: true } : 'sequence';
}

function readOldMouseReport(text: string): Piece | 'sequence' {
  const bytes = Array.from(text.slice(oldMouse.length, oldMouse.length + 2 * oldMouseBytes)).slice(0, oldMouseBytes);
  const broken = bytes.findIndex((byte) => byte < ' ');
  if (broken === -1 && bytes.length < oldMouseBytes) return 'sequence';
  const length = bytes.slice(0, broken === -1 ? undefined : broken).join('').length;
  return { length: oldMouse.length + length, isKey: false };
}

function readString(text: string, start: number): Piece | 'string' {
  const at = text.slice(start).search(control);
  if (at === -1) return text.length > longestString ? brokenString(text, text.length) : 'string';
  const end = start + at;
  if (/^[\u0007\u009C]/.test(text.slice(end))) return { length: end + 1, isKey: false };
  if (text.startsWith(esc, end)) {
    if (text.length === end + 1) return 'string';
    if (text.startsWith(`${esc}\\`, end)) return { length: end + 2, isKey: false };
  }
  return brokenString(text, end);
}

const brokenString = (text: string, length: number): Piece =>
  wasTyped(text.slice(0, length)) ? { length: 1, isKey: true } : { length, isKey: false };
