// What a terminal sends, by ECMA-48 5.3 to 5.6 and the list of xterm's control sequences (invisible-island.net/xterm/ctlseqs).

const esc = '\u001B';
export const pasteStart = `${esc}[200~`;
export const pasteEnd = `${esc}[201~`;
const anyPasteEnd = /(?:\u001B\[|\u009B)201~/g;

/** A paste whose end never comes must not swallow all typing for good. */
const longestPaste = 1024 * 1024;
/** Longer than any answer to a question about colours, capabilities or a title. */
const longestString = 64 * 1024;

// Parameter bytes, intermediate bytes, one final byte. The Linux console's function keys are ESC [ [ A, and rxvt ends
// shifted editing keys in $.
const csi = /^\u001B\[(?:\[[A-E]|[235678]\$|[0-?]*[ -/]*[@-Z\\-~])/;
const csiHead = /^\u001B\[(?:\[|[0-?]*[ -/]*)/;
// Of all these only keys end so: cursor and function keys, rxvt's, and keys that are sent by their number.
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
 * @returns the piece, or `string` or `sequence`: the kind of the incomplete piece whose rest has not arrived yet.
 *
 * Answers of the terminal are no keys: strings (OSC, DCS, SOS, PM, APC, ended by BEL or ST), reports (attributes, cursor,
 * modes, focus, window, mouse), and the 3 bytes behind an old mouse report. A control character inside a string, other than
 * those that end it, breaks it off and counts by itself, so that Enter and Ctrl+C are always heard.
 */
export function firstPiece(text: string): Piece | 'string' | 'sequence' {
  const start = stringStart.exec(text)?.[0];
  if (start !== undefined) return stringOf(text, start.length);
  if (!text.startsWith(esc)) {
    const length = String.fromCodePoint(text.codePointAt(0) ?? 0).length;
    return { length, isKey: !/^[\u0080-\u009F]/.test(text) };
  }
  if (text.startsWith(pasteStart)) return pasteOf(text);
  if (text === esc) return 'sequence';
  if (text.startsWith(oldMouse)) return oldMouseReport(text);
  const sequence = csi.exec(text)?.[0];
  if (sequence !== undefined) return { length: sequence.length, isKey: csiKey.test(sequence) && sequence !== pasteEnd };
  const head = csiHead.exec(text)?.[0];
  if (head !== undefined) return head === text ? 'sequence' : { length: head.length, isKey: false };
  const short = ss3.exec(text)?.[0];
  if (short !== undefined) return { length: short.length, isKey: true };
  if (ss3Head.test(text)) return 'sequence';
  // ST by itself is the end of a string that broke off.
  return text.startsWith(`${esc}\\`) ? { length: 2, isKey: false } : { length: 1, isKey: true };
}

/** Replaces an 8-bit CSI or SS3 at the beginning of a text by its 7-bit form (ECMA-48 5.3). Other text stays unchanged. */
export function toSevenBits(text: string): string {
  return text.replace(/^[\u008F\u009B]/, (wide) => (wide === '\u009B' ? `${esc}[` : `${esc}O`));
}

/**
 * True where the head of a string that never ended was an Esc and text, typed so fast that they came together: a terminal's
 * DCS goes on with a digit or a sign, and none answers with SOS.
 */
export function wasTyped(head: string): boolean {
  return /^\u001B[PX](?:\p{L}|$)/u.test(head);
}

/**
 * True where a read that comes behind a lone Esc goes on as only an answer does: the line was cut behind its first byte for
 * so long that the Esc has counted as a key.
 */
export function goesOnAsAnswer(read: string): boolean {
  return /^(?:\][\dlL]|P[\d$+>!]|_G|\[[\d?<=>])/.test(read);
}

function pasteOf(text: string): Piece | 'sequence' {
  anyPasteEnd.lastIndex = pasteStart.length;
  if (anyPasteEnd.test(text)) return { length: anyPasteEnd.lastIndex, isKey: true };
  return text.length > longestPaste ? { length: text.length, isKey: true } : 'sequence';
}

function oldMouseReport(text: string): Piece | 'sequence' {
  const bytes = Array.from(text.slice(oldMouse.length, oldMouse.length + 2 * oldMouseBytes)).slice(0, oldMouseBytes);
  const broken = bytes.findIndex((byte) => byte < ' ');
  if (broken === -1 && bytes.length < oldMouseBytes) return 'sequence';
  const length = bytes.slice(0, broken === -1 ? undefined : broken).join('').length;
  return { length: oldMouse.length + length, isKey: false };
}

function stringOf(text: string, start: number): Piece | 'string' {
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
