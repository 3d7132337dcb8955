/** Quotes a word for a POSIX shell. A word without special characters stays unquoted. */
export function quote(word: string): string {
  // Matches a word in which no character has a meaning for the shell.
  return /^[\w@%+=:,./-]+$/.test(word) ? word : singleQuote(word);
}

/**
 * Puts a word for a POSIX shell in single quotes (POSIX.1-2024, Shell Command Language 2.2.2). No single quote can be inside
 * single quotes; so each one in the word ends the quotes, comes after a backslash, and begins them again.
 */
export function singleQuote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Gives a path that no program takes for a flag: `./-rf` for `-rf`. */
export const pathWord = (path: string): string => (path.startsWith('-') ? `./${path}` : path);
