import { stripVTControlCharacters } from 'node:util';

const mostCharacters = 200;
/** Of a long output the rest is not even looked at. */
const mostRead = 2000;

/** The name of a secret and the value after it: `password=x`, `"SecretAccessKey": "x"`, `--token x1`. */
const namedSecret =
  /((?:secret|token|passw(?:or)?d|passphrase|pwd|access_?key)\w*(?:["']?\s*=\s*|["']\s*:\s*|(?:\s*:\s*|\s+)(?=\S*\d)))(["']?)([^\s"',]+)/gi;

/** What secrets are made of: base64, base64url and hex. */
const longRun = /[A-Za-z0-9+/_-]{20,}={0,2}/g;

/**
 * Turns the output of another program into one line that can be shown: without colours and control characters, without what looks
 * like a secret, and at most 200 characters. Of a longer text the end is kept: programs say last what stopped them.
 */
export function foreignLine(text: string): string {
  const line = stripVTControlCharacters(text.slice(-mostRead))
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .replaceAll(namedSecret, (_, name: string, quote: string) => `${name}${quote}(hidden)`)
    .split(' ')
    .map((word) => (/^["'(]?arn:/.test(word) ? word : word.replaceAll(longRun, hideSecret)))
    .join(' ');
  return line.length <= mostCharacters ? line : `... ${line.slice(-mostCharacters)}`;
}

function hideSecret(run: string): string {
  // A path is judged name by name.
  if (run.startsWith('/')) return run.replaceAll(/[^/]{20,}/g, (name) => (looksRandom(name) ? '(hidden)' : name));
  return looksRandom(run) ? '(hidden)' : run;
}

/** Names and words seldom mix digits with both cases; keys and tokens always do, and digests are long and hexadecimal. */
function looksRandom(run: string): boolean {
  if (/[0-9a-f]{32,}/i.test(run)) return true;
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && (/\d/.test(run) || run.length >= 36);
}
