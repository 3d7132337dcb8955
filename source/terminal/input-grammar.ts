// The forms of what a terminal sends, by ECMA-48 5.3 to 5.6 and the list of xterm's control sequences
// (invisible-island.net/xterm/ctlseqs). CSI and SS3 begin keys and reports; OSC, DCS, SOS, PM and APC begin strings, which
// BEL or ST ends.

const esc = '\u001B';
export const pasteStart = `${esc}[200~`;
export const pasteEnd = `${esc}[201~`;
/** The end of a paste, with a CSI of 7 or 8 bits. */
const anyPasteEnd = /(?:\u001B\[|\u009B)201~/g;

/**
 * The most UTF-16 units of a paste. A longer paste counts as ended. Otherwise, when its end never comes, all further typing
 * would be lost.
 */
const longestPaste = 1024 * 1024;
/**
 * The most UTF-16 units of a string. A longer one counts as broken: no response about colours, capabilities or a title is so
 * long.
 */
const longestString = 64 * 1024;

/**
 * A complete CSI sequence: parameter bytes, intermediate bytes, one final byte. The Linux console's function keys are ESC [
 * [ A, and rxvt ends shifted editing keys in $.
 */
const csi = /^\u001B\[(?:\[[A-E]|[235678]\$|[0-?]*[ -/]*[@-Z\\-~])/;
/** The beginning of a CSI sequence whose final byte is missing. */
const csiHead = /^\u001B\[(?:\[|[0-?]*[ -/]*)/;
/** A CSI sequence that is a key: a cursor or function key, a key of rxvt, or a key that is sent by its number. */
const csiKey = /^\u001B\[(?:\[[A-E]|[235678]\$|[\d:;]*[A-HPQSZa-d~u^@])$/;
/** A complete SS3 sequence, which is a key. */
const ss3 = /^\u001BO(?:\d;\d)?[A-HMP-Sa-ej-y]/;
/** The beginning of an SS3 sequence. */
const ss3Head = /^\u001BO(?:\d(?:;\d?)?)?$/;
/** The beginning of a mouse report in the old form, with three bytes after it. */
const oldMouse = `${esc}[M`;
const oldMouseBytes = 3;
/** The beginning of a string, with an introducer of 7 or 8 bits. */
const stringStart = /^(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])/;
const control = /\p{Cc}/u;

/** The first part of the input: its length in UTF-16 units, and whether it is a key or a report of the terminal. */
export type Piece = { readonly length: number; readonly isKey: boolean };

/**
 * Finds the first complete piece of a text that is not empty.
 * @returns the piece. When it is not complete yet, the kind of its beginning: `string`, or `sequence` for any other.
 *
 * Responses of the terminal are not keys: strings (OSC, DCS, SOS, PM, APC, ended by BEL or ST), reports (attributes, cursor,
 * modes, focus, window, mouse), and the 3 bytes after an old mouse report. When a control character inside of a string does
 * not end the string, it breaks the string and counts as a key. Therefore Enter and Ctrl+C always work.
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
  // A character that cannot continue a CSI sequence breaks it, and only the beginning is dropped.
  const head = csiHead.exec(text)?.[0];
  if (head !== undefined) return head === text ? 'sequence' : { length: head.length, isKey: false };
  const ss3Sequence = ss3.exec(text)?.[0];
  if (ss3Sequence !== undefined) return { length: ss3Sequence.length, isKey: true };
  if (ss3Head.test(text)) return 'sequence';
  // An ST without a string is the end of a string that was broken earlier.
  return text.startsWith(`${esc}\\`) ? { length: 2, isKey: false } : { length: 1, isKey: true };
}

/** Replaces an 8-bit CSI or SS3 at the beginning of a text by its 7-bit form (ECMA-48 5.3). Other text stays unchanged. */
export function toSevenBits(text: string): string {
  return text.replace(/^[\u008F\u009B]/, (wide) => (wide === '\u009B' ? `${esc}[` : `${esc}O`));
}

/**
 * True when a text that looks like the beginning of a string was really Esc and P or X, typed so fast that they came
 * together. A real DCS (Esc P) goes on with a digit or a sign, and no terminal sends an SOS (Esc X).
 */
export function wasTyped(head: string): boolean {
  return /^\u001B[PX](?:\p{L}|$)/u.test(head);
}

/**
 * True when a read that comes after a lone Esc can only be the rest of a response. Then the response was split after its
 * Esc, and its rest came so late that the Esc already counted as a key.
 */
export function isRestOfResponse(read: string): boolean {
  return /^(?:\][\dlL]|P[\d$+>!]|_G|\[[\d?<=>])/.test(read);
}

/**
 * Finds the end of a bracketed paste; the whole paste counts as one key. Gives `sequence` while the end has not come yet. A
 * paste that is too long counts as ended, so that it cannot swallow all further typing.
 */
function readPaste(text: string): Piece | 'sequence' {
  anyPasteEnd.lastIndex = pasteStart.length;
  if (anyPasteEnd.test(text)) return { length: anyPasteEnd.lastIndex, isKey: true };
  return text.length > longestPaste ? { length: text.length, isKey: true } : 'sequence';
}

/** Reads a mouse report in the old form. A control character among its three bytes breaks it. */
function readOldMouseReport(text: string): Piece | 'sequence' {
  const bytes = Array.from(text.slice(oldMouse.length, oldMouse.length + 2 * oldMouseBytes)).slice(0, oldMouseBytes);
  const controlIndex = bytes.findIndex((byte) => byte < ' ');
  if (controlIndex === -1 && bytes.length < oldMouseBytes) return 'sequence';
  const length = bytes.slice(0, controlIndex === -1 ? undefined : controlIndex).join('').length;
  return { length: oldMouse.length + length, isKey: false };
}

/** Reads a string. @param start the length of its introducer. */
function readString(text: string, start: number): Piece | 'string' {
  const controlIndex = text.slice(start).search(control);
  if (controlIndex === -1) return text.length > longestString ? brokenString(text, text.length) : 'string';
  const end = start + controlIndex;
  // BEL, or an ST of 8 bits.
  if (/^[\u0007\u009C]/.test(text.slice(end))) return { length: end + 1, isKey: false };
  if (text.startsWith(esc, end)) {
    if (text.length === end + 1) return 'string';
    if (text.startsWith(`${esc}\\`, end)) return { length: end + 2, isKey: false };
  }
  return brokenString(text, end);
}

/**
 * Gives the piece for a string that never ended: the Esc key when a person typed it, else the whole string, which is no key.
 */
const brokenString = (text: string, length: number): Piece =>
  wasTyped(text.slice(0, length)) ? { length: 1, isKey: true } : { length, isKey: false };
