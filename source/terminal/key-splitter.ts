import { StringDecoder } from 'node:string_decoder';

const esc = '\u001B';
const pasteStart = `${esc}[200~`;
const pasteEnd = `${esc}[201~`;
/** A paste whose end never comes must not swallow all typing for good. */
const longestPaste = 1024 * 1024;

// ECMA-48 5.4: parameter bytes, intermediate bytes, one final byte. The Linux console's function keys are ESC [ [ A,
// and rxvt ends shifted editing keys in $.
const csi = /^\u001B\[(?:\[[A-E]|[235678]\$|[0-?]*[ -/]*[@-Z\\-~])/;
const csiSoFar = /^\u001B\[(?:\[|[0-?]*[ -/]*)?$/;
const ss3 = /^\u001BO(?:\d;\d)?[A-HMP-Sa-ej-y]/;

/** What a splitter waits for: nothing, whether an Esc was a key of its own, or the rest of a longer sequence. */
export type Waiting = 'nothing' | 'escape' | 'sequence';

/**
 * Cuts the bytes of a terminal into single keys, whatever way they were split and merged on the line. A bracketed paste
 * is one key. Alt combinations are not used in this program, so that Esc and a letter in one read stay two keys.
 */
export class KeySplitter {
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';

  push(bytes: Buffer | string): string[] {
    this.#pending += typeof bytes === 'string' ? bytes : this.#decoder.write(bytes);
    const keys: string[] = [];
    for (;;) {
      const length = firstKey(this.#pending);
      if (length === 0) return keys;
      keys.push(closed(this.#pending.slice(0, length)));
      this.#pending = this.#pending.slice(length);
    }
  }

  get waiting(): Waiting {
    if (this.#pending === '') return 'nothing';
    return this.#pending === esc ? 'escape' : 'sequence';
  }

  /**
   * Gives up waiting: a lone Esc was the key, a paste ends where it broke off, and the head of any other sequence is
   * dropped rather than taken for typing.
   */
  flush(): string[] {
    const rest = this.#pending;
    this.#pending = '';
    if (rest === esc) return [rest];
    return rest.startsWith(pasteStart) ? [closed(rest)] : [];
  }
}

const closed = (key: string) => (key.startsWith(pasteStart) && !key.endsWith(pasteEnd) ? key + pasteEnd : key);

/** The length of the first whole key, or 0 while more must come. */
function firstKey(text: string): number {
  if (text === '') return 0;
  if (!text.startsWith(esc)) return String.fromCodePoint(text.codePointAt(0) ?? 0).length;
  if (text.startsWith(pasteStart)) {
    const end = text.indexOf(pasteEnd, pasteStart.length);
    if (end !== -1) return end + pasteEnd.length;
    return text.length > longestPaste ? text.length : 0;
  }
  if (text === esc) return 0;
  const sequence = csi.exec(text) ?? ss3.exec(text);
  if (sequence !== null) return sequence[0].length;
  return csiSoFar.test(text) || /^\u001BO(?:\d(?:;\d?)?)?$/.test(text) ? 0 : 1;
}
