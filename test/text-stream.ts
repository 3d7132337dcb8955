import { Writable } from 'node:stream';

/** A stream that hands on each text that is written to it. */
export const textStream = (onText: (text: string) => void): Writable =>
  new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      onText(String(chunk));
      done();
    },
  });
