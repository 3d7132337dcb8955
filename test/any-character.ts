import fc from 'fast-check';

const firstSurrogate = 0xd800;
const surrogates = 0x800;

/**
 * Any character of Unicode, as `unit` of a string of fast-check. Its own `binary` gives the same, but takes about a second to
 * list all characters, in each process.
 */
export const anyCharacter = fc
  .integer({ min: 0, max: 0x10_ff_ff - surrogates })
  .map((index) => String.fromCodePoint(index < firstSurrogate ? index : index + surrogates));
