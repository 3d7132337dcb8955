/** A word for a POSIX shell: bare when it is plain, else in single quotes. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : singleQuoted(word);
}

/** A word for a POSIX shell in single quotes, within which nothing but they is special. POSIX.1-2024, Shell Command Language 2.2.2. */
export function singleQuoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
