/** A word for a POSIX shell: bare when it is plain, else in single quotes. POSIX.1-2024, Shell Command Language 2.2.2. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
