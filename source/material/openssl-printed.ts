import { code, isLineEnd, skipBlanks } from './characters.ts';
import type { Found } from './found-value.ts';
import { decodeHex } from './hex-text.ts';
import { explainLength } from './key-lengths.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';

const keyName = Buffer.from('key=');
const otherNames = [Buffer.from('salt='), Buffer.from('iv =')];

/**
 * Reads what `openssl enc -P` prints: a key with a salt, an iv or both, a line each. The key alone counts.
 * @returns `undefined` for any other text.
 */
export function readOpensslPrinted(characters: Buffer, scratch: ScratchBuffers): Found | undefined {
  const start = findLine(characters, keyName);
  if (start < 0 || otherNames.every((name) => findLine(characters, name) < 0)) return undefined;
  const from = start + keyName.length;
  let to = from;
  while (!isLineEnd(characters, to)) to++;
  const hex = decodeHex(characters.subarray(from, to), scratch);
  if (hex === undefined) return undefined;
  const says = ['This is what openssl enc -P prints; a salt and an iv in it are no part of the key.'];
  if (hex.digits !== 64) return { says: [...says, ...explainLength('The key in it', Math.floor(hex.digits / 2))] };
  const where = 'The 64 hex digits behind key= are the key.';
  return { value: { form: 'hex', bytes: hex.bytes, from, to, says: [...says, where] } };
}

/** Gives the index at which a line begins with these characters, the first line also after blanks; -1 when none does. */
function findLine(characters: Buffer, beginning: Buffer): number {
  for (let at = characters.indexOf(beginning); at >= 0; at = characters.indexOf(beginning, at + 1))
    if (at === 0 || characters[at - 1] === code.lineFeed || skipBlanks(characters, 0) === at) return at;
  return -1;
}
