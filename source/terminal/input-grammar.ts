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
 * The most UTF-16 units of a string. A longer string is cut off: no response about colours, capabilities or a title is so long.
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

/** How an incomplete piece begins: as a string of the terminal (OSC, DCS, SOS, PM, APC), or as anything else. */
export type Beginning = 'response' | 'sequence';

/** Tells whether the rest of a piece has not come yet. */
export function isIncomplete(piece: Piece | Beginning): piece is Beginning {
  return typeof piece === 'string';
}

/**
 * Finds the first piece of a text. The text must not be empty.
 *
 * What the terminal sends as a response is no key: a string, or a report (attributes, cursor, modes, focus, window, mouse),
 * also with the 3 bytes after an old mouse report. BEL or ST ends a string. Any other control character inside a string cuts it
 * off, and is the next piece. Therefore Enter and Ctrl+C always work. When what was cut off is really the Esc key and typing, the
 * Esc is the piece: see {@link wasTyped}.
 * @returns the piece when it is complete, or how it begins when it is incomplete.
 */
export function firstPiece(text: string): Piece | Beginning {
  const start = stringStart.exec(text)?.[0];
  if (start !== undefined) return readString(text, start.length);
  if (!text.startsWith(esc)) {
    const length = String.fromCodePoint(text.codePointAt(0) ?? 0).length;
    // No key sends a single 8-bit control character.
    return { length, isKey: !/^[\u0080-\u009F]/.test(text) };
  }
  if (text.startsWith(pasteStart)) return readPaste(text);
  if (text === esc) return 'sequence';
  if (text.startsWith(oldMouse)) return readOldMouseReport(text);
  const sequence = readCsi(text) ?? readSs3(text);
  if (sequence !== undefined) return sequence;
  // An ST without a string is the end of a string that was cut off earlier.
  return text.startsWith(`${esc}\\`) ? { length: 2, isKey: false } : { length: 1, isKey: true };
}

/**
 * Reads a CSI sequence. Gives `sequence` when only the beginning of one has come, and `undefined` when the text begins with no CSI.
 */
function readCsi(text: string): Piece | 'sequence' | undefined {
  const sequence = csi.exec(text)?.[0];
  if (sequence !== undefined) return { length: sequence.length, isKey: csiKey.test(sequence) && sequence !== pasteEnd };
  const head = csiHead.exec(text)?.[0];
  if (head === undefined) return undefined;
  if (head === text) return 'sequence';
  // The next character cannot continue the sequence. The beginning is one piece that is no key; the character is the next piece.
  return { length: head.length, isKey: false };
}

/**
 * Reads an SS3 sequence, which means one key. Gives `sequence` when only the beginning of one has come, and `undefined` for any
 * other text, also for an SS3 that no key has.
 */
function readSs3(text: string): Piece | 'sequence' | undefined {
  const sequence = ss3.exec(text)?.[0];
  if (sequence !== undefined) return { length: sequence.length, isKey: true };
  return ss3Head.test(text) ? 'sequence' : undefined;
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

/**
 * Reads a mouse report in the old form. Gives `sequence` while some of its three bytes have not come. A control character among
 * them ends the report, and is not part of it.
 */
function readOldMouseReport(text: string): Piece | 'sequence' {
  // These bytes are no text, but they were decoded as UTF-8: each may be any character, also one of two UTF-16 units.
  const bytes = Array.from(text.slice(oldMouse.length, oldMouse.length + 2 * oldMouseBytes)).slice(0, oldMouseBytes);
  const controlIndex = bytes.findIndex((byte) => byte < ' ');
  if (controlIndex === -1 && bytes.length < oldMouseBytes) return 'sequence';
  const length = bytes.slice(0, controlIndex === -1 ? undefined : controlIndex).join('').length;
  return { length: oldMouse.length + length, isKey: false };
}

/**
 * Reads a string of the terminal; gives `response` while its end has not come. A string that is too long counts as cut off, and
 * so does one that a control character other than its end interrupts.
 * @param contentStart the index after its introducer.
 */
function readString(text: string, contentStart: number): Piece | 'response' {
  const controlIndex = text.slice(contentStart).search(control);
  if (controlIndex === -1) return text.length > longestString ? unendedString(text, text.length) : 'response';
  const end = contentStart + controlIndex;
  // BEL, or an ST of 8 bits.
  if (/^[\u0007\u009C]/.test(text.slice(end))) return { length: end + 1, isKey: false };
  if (text.startsWith(esc, end)) {
    // The Esc may be the first byte of ST.
    if (text.length === end + 1) return 'response';
    if (text.startsWith(`${esc}\\`, end)) return { length: end + 2, isKey: false };
  }
  return unendedString(text, end);
}

/**
 * Gives the piece for a string that was cut off. When a person typed its beginning, the piece is the Esc key. Otherwise it is
 * the whole string, which is no key.
 */
const unendedString = (text: string, length: number): Piece =>
  wasTyped(text.slice(0, length)) ? { length: 1, isKey: true } : { length, isKey: false };
