import fc from 'fast-check';

const bytes = (text: string) => Buffer.from(text, 'latin1');

/** The two forms of a control: Esc and a letter, or one byte (ECMA-48 5.3); the latter also as UTF-8 writes it. */
const forms = (letter: string) => {
  const wide = String.fromCharCode(letter.charCodeAt(0) + 0x40);
  return [bytes(`\u001B${letter}`), bytes(wide), Buffer.from(wide)];
};

const oneOf = (...each: readonly Buffer[]) => fc.constantFrom(...each);
const joined = (...parts: readonly fc.Arbitrary<Buffer>[]) => fc.tuple(...parts).map((all) => Buffer.concat(all));

const body = fc.oneof(
  fc.constantFrom(
    '11;rgb:1e1e/1e1e/1e1e',
    '4;1;rgb:ff/ff/ff',
    '52;c;c2VjcmV0',
    'lA title',
    '1$r0m',
    '1+r544e=787465726d',
    '>|XTerm(380)',
    '!|00000000',
    'Gi=31;OK',
    '',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/\p{Cc}/u.test(text)),
);

/** OSC, DCS, SOS, PM and APC, ended by BEL or ST. */
const answerInString = joined(
  oneOf(...[']', 'P', 'X', '^', '_'].flatMap(forms)),
  body.map((text) => Buffer.from(text)),
  oneOf(bytes('\u0007'), ...forms('\\')),
);

/** Device attributes, cursor, modes, focus, kitty keyboard, mouse, window. */
const report = joined(
  oneOf(...forms('[')),
  oneOf(
    ...['?62;1;4c', '>41;354;0c', '24;80R', '1;2R', '?1;1R', '?2026;2$y', '4;1$y', 'I', 'O', '?1u', '<0;10;5M'].map(
      bytes,
    ),
    ...['<0;10;5m', '32;10;5M', '8;24;80t', '3;0;0t', '0n', '?997;1n', '?0n'].map(bytes),
  ),
);

/** The column may be past 95, where its byte is no character. */
const oldMouse = joined(
  oneOf(...forms('[')),
  oneOf(bytes('M')),
  fc.integer({ min: 0x20, max: 0x7e }).map((byte) => Buffer.of(byte)),
  fc.integer({ min: 0x21, max: 0xff }).map((byte) => Buffer.of(byte)),
  fc.integer({ min: 0x21, max: 0x7e }).map((byte) => Buffer.of(byte)),
);

/** What a terminal sends by itself, or to answer a question that another program asked. */
export const anyAnswer: fc.Arbitrary<Buffer> = fc.oneof(answerInString, report, oldMouse);
