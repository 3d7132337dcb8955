import { stripVTControlCharacters } from 'node:util';

/** The length of the longest line that is given unshortened. */
const mostCharacters = 200;
/** How many characters at the end of an output are read. */
const mostRead = 2000;

/**
 * The name of a secret, an equals sign, colon or blank, and the value: `password=x`, `"SecretAccessKey": "x"`, `--token x1`.
 * After a blank, or a colon without a quote, the value must have a digit: otherwise it is probably a word of a sentence.
 */
const namedSecret =
  /((?:secret|token|passw(?:or)?d|passphrase|pwd|access_?key)\w*(?:["']?\s*=\s*|["']\s*:\s*|(?:\s*:\s*|\s+)(?=\S*\d)))(["']?)([^\s"',]+)/gi;

/** A run of letters without a digit counts as random from this length on. */
const longestName = 36;

/** A long run of characters of which secrets are made: base64, base64url and hex. */
const longRun = /[A-Za-z0-9+/_-]{20,}={0,2}/g;

/**
 * Turns the output of another program into one line that can be shown. Removes colours and control characters, and replaces
 * what looks like a secret by `(hidden)`. A text over 200 characters loses its beginning: programs say last what stopped
 * them.
 */
export function foreignLine(text: string): string {
  const line = hideSecrets(
    stripVTControlCharacters(text.slice(-mostRead))
      .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
      .trim(),
  );
  return line.length <= mostCharacters ? line : `... ${line.slice(-mostCharacters)}`;
}

/** Gives a line with `(hidden)` in the place of what looks like a secret: what is named as one, and keys, tokens and digests. */
export function hideSecrets(line: string): string {
  return (
    line
      .replaceAll(namedSecret, (_, name: string, quote: string) => `${name}${quote}(hidden)`)
      .split(' ')
      // An ARN is long, but no secret.
      .map((word) => (/^["'(]?arn:/.test(word) ? word : word.replaceAll(longRun, hideSecret)))
      .join(' ')
  );
}

/** Gives a run of characters back, with `(hidden)` in the place of what looks like a secret. */
function hideSecret(run: string): string {
  // A path is long, but no secret. Each name in the path is judged alone.
  if (run.startsWith('/')) return run.replaceAll(/[^/]{20,}/g, (name) => (looksRandom(name) ? '(hidden)' : name));
  return looksRandom(run) ? '(hidden)' : run;
}

/**
 * True when a run of characters looks like a key, a token or a digest. Keys and tokens mix digits with capital and small
 * letters, which names and words seldom do; digests are long and hexadecimal. A long run of capital and small letters alone
 * counts too.
 */
function looksRandom(run: string): boolean {
  if (/[0-9a-f]{32,}/i.test(run)) return true;
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && (/\d/.test(run) || run.length >= longestName);
}
