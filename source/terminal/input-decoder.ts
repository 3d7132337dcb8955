import { StringDecoder } from 'node:string_decoder';

/**
 * Decodes the bytes of a terminal, also when a read ends inside a character. The text is UTF-8. In addition, single bytes 80
 * to 9F are accepted from terminals with 8-bit controls (ECMA-48 5.3, C1): no UTF-8 character begins with them (RFC 3629).
 */
export class InputDecoder {
  readonly #decoder = new StringDecoder('utf8');
  /** The number of bytes that are missing of the present character. */
  #missing = 0;

  write(bytes: Buffer): string {
    const wide = Buffer.alloc(2 * bytes.length);
    let length = 0;
    const add = (byte: number) => {
      wide[length] = byte;
      length += 1;
    };
    for (const byte of bytes) {
      if (this.#missing > 0 && byte >= 0x80 && byte < 0xc0) {
        this.#missing -= 1;
      } else {
        // U+0080 to U+009F are C2 80 to C2 9F in UTF-8.
        if (byte >= 0x80 && byte < 0xa0) add(0xc2);
        this.#missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0;
      }
      add(byte);
    }
    const text = this.#decoder.write(wide.subarray(0, length));
    // The bytes may be a passphrase.
    wide.fill(0);
    return text;
  }
}
