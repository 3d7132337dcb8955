import { StringDecoder } from 'node:string_decoder';

/**
 * Decodes the bytes of a terminal, which are UTF-8, also when a read ends inside a character. Single bytes 80 to 9F are
 * control characters of terminals with 8-bit controls (ECMA-48 5.3, C1): no UTF-8 character begins with them (RFC 3629).
 */
export class InputDecoder {
  readonly #decoder = new StringDecoder('utf8');
  /** How many bytes of the present character have not arrived yet. */
  #missing = 0;

  /** Gives the text of the bytes. The bytes of an incomplete character wait for the next call. */
  write(bytes: Buffer): string {
    // Each byte may become two.
    const utf8 = Buffer.alloc(2 * bytes.length);
    let length = 0;
    const add = (byte: number) => {
      utf8[length] = byte;
      length += 1;
    };
    for (const byte of bytes) {
      if (this.#missing > 0 && byte >= 0x80 && byte < 0xc0) {
        this.#missing -= 1;
      } else {
        // A single byte 80 to 9F is the control character U+0080 to U+009F, which is C2 80 to C2 9F in UTF-8.
        if (byte >= 0x80 && byte < 0xa0) add(0xc2);
        this.#missing = countFollowing(byte);
      }
      add(byte);
    }
    const text = this.#decoder.write(utf8.subarray(0, length));
    // The bytes may be a passphrase.
    utf8.fill(0);
    return text;
  }
}

/** Tells from the first byte of a UTF-8 character how many bytes follow: RFC 3629, section 3. */
function countFollowing(firstByte: number): number {
  if (firstByte >= 0xf0) return 3;
  if (firstByte >= 0xe0) return 2;
  return firstByte >= 0xc0 ? 1 : 0;
}
