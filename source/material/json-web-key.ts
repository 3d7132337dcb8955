import { decodeBase64 } from './base64-text.ts';
import { code } from './characters.ts';
import { type Found, severalWords } from './found-value.ts';
import { explainLength } from './key-lengths.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';
import { isSpace } from './text-encoding.ts';

/** Where a string of JSON is, without its quotes. */
type Span = { readonly from: number; readonly to: number };

/** The members of a JSON object that count here: `kty` says what kind of key it is, and `k` is a symmetric key. */
type JsonKey = { kty?: Span; k?: Span };

const keyBytes = 32;
const brace = { open: 0x7b, close: 0x7d };

/**
 * Reads a JSON Web Key, or a set of such keys, with one symmetric key of 32 bytes: `"kty":"oct"`, whose member `k` is the key in
 * base64url (RFC 7518, section 6.4). Other members, such as `kid`, are no keys, even when they are as long as one.
 * @returns `undefined` when the text has no JSON Web Key.
 */
export function readJsonWebKey(characters: Buffer, scratch: ScratchBuffers): Found | undefined {
  if (!characters.includes('"kty"')) return undefined;
  const keys = findObjects(characters).filter(({ kty }) => kty !== undefined);
  if (keys.length === 0) return undefined;
  const symmetric = keys.filter(({ kty }) => isText(characters, kty, 'oct'));
  const says = ['This is a JSON Web Key (JWK).'];
  const first = symmetric[0];
  if (first === undefined) {
    const isHsm = keys.some(({ kty }) => isText(characters, kty, 'oct-HSM'));
    const why = isHsm
      ? 'Its key stays in the HSM that made it, and is not in the file.'
      : 'It belongs to a pair; this KMS key needs 32 random bytes instead.';
    return { says: [...says, why] };
  }
  if (symmetric.length > 1) return { says: [...says, ...severalWords(symmetric.length)] };
  if (first.k === undefined) return { says: [...says, 'Its member k, the key, is missing.'] };
  const { from, to } = first.k;
  const bytes = decodeBase64(characters.subarray(from, to), scratch)?.bytes;
  if (bytes === undefined) return { says: [...says, 'Its member k, the key, is no base64url.'] };
  if (bytes.length !== keyBytes) return { says: [...says, ...explainLength('Its member k', bytes.length)] };
  return {
    value: { form: 'base64url', bytes, from, to, says: [...says, 'Its member k is the key, in base64url.'] },
  };
}

/** Finds the objects of a JSON text, with their members `kty` and `k` where these are strings. */
function findObjects(characters: Buffer): readonly JsonKey[] {
  const found: JsonKey[] = [];
  /** The objects whose closing brace has not come yet. */
  const unclosed: JsonKey[] = [];
  let name: Span | undefined;
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at];
    if (character === brace.open) {
      const object = {};
      unclosed.push(object);
      found.push(object);
      name = undefined;
    } else if (character === brace.close) unclosed.pop();
    else if (character === code.quote) {
      const from = at + 1;
      for (at = from; at < characters.length && characters[at] !== code.quote; at++)
        if (characters[at] === code.backslash) at++;
      const text = { from, to: at };
      const object = unclosed.at(-1);
      if (isName(characters, at + 1)) name = text;
      else if (object !== undefined && isText(characters, name, 'kty')) object.kty = text;
      else if (object !== undefined && isText(characters, name, 'k')) object.k = text;
    } else if (character === code.comma) name = undefined;
  }
  return found;
}

/** Tells whether a colon follows, so that the string before it is the name of a member. */
function isName(characters: Buffer, index: number): boolean {
  let at = index;
  while (isSpace(characters[at])) at++;
  return characters[at] === code.colon;
}

function isText(characters: Buffer, span: Span | undefined, text: string): boolean {
  return span !== undefined && characters.subarray(span.from, span.to).equals(Buffer.from(text));
}
