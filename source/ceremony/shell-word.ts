/** Quotes a word for a POSIX shell. A word without special characters stays unquoted. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : singleQuote(word);
}

/** Puts a word for a POSIX shell in single quotes: POSIX.1-2024, Shell Command Language 2.2.2. */
export function singleQuote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
