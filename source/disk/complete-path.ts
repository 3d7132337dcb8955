import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expandHome } from './home.ts';

/** What the Tab key makes of the beginning of a path. */
export type Completion = {
  /** The beginning, and after it everything that the names of all matching files have in common. */
  readonly text: string;
  /** The names of the matching files, in order. The name of a folder ends in `/`. */
  readonly names: readonly string[];
};

/**
 * Completes the beginning of a path, as a shell does. Hidden files count only when the typed name begins with a dot. Leaves
 * out names with control characters, which a terminal cannot show. `~`, and `~NAME` for a user with a home folder, get a slash
 * and nothing else. Drops blanks before the path, but gives the text unchanged when no name matches.
 * @param folders the folders in which a relative path may begin.
 */
export function completePath(text: string, folders: readonly string[]): Completion {
  const beginning = text.trimStart();
  // A shell completes `~` and `~NAME` to a folder.
  if (/^~[^/]*$/.test(beginning) && expandHome(beginning) !== beginning) return { text: `${beginning}/`, names: [] };
  const cut = beginning.lastIndexOf('/') + 1;
  const [folder, start] = [beginning.slice(0, cut), beginning.slice(cut)];
  const names = folders.flatMap((base) => namesIn(resolve(base, expandHome(folder)), start));
  const unique = [...new Set(names)].sort();
  return { text: unique.length === 0 ? text : folder + commonStart(unique), names: unique };
}

/**
 * Gives the names in a folder that complete the typed text; none when the folder cannot be read. A folder's name ends in `/`.
 * Leaves out names with control characters and, unless the text begins with a dot, hidden ones.
 */
function namesIn(folder: string, start: string): readonly string[] {
  const showsHidden = start.startsWith('.');
  return readFolder(folder)
    .filter(({ name }) => name.startsWith(start) && (showsHidden || !name.startsWith('.')))
    .filter(({ name }) => !/\p{Cc}/u.test(name))
    .map((entry) => (isFolder(folder, entry) ? `${entry.name}/` : entry.name));
}

/** Gives the entries of a folder; none when it cannot be read. */
function readFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Tells whether an entry is a folder, or a link to one. A link that cannot be followed is none. */
function isFolder(folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return statSync(join(folder, entry.name)).isDirectory();
  } catch {
    return false;
  }
}

/** Gives the longest text with which all names begin. Cuts no character in two. */
function commonStart(names: readonly string[]): string {
  const [first = [], ...others] = names.map((name) => [...name]);
  const firstDifference = first.findIndex((letter, index) => others.some((other) => other[index] !== letter));
  // With no difference, all other names begin with the whole first name.
  return (firstDifference === -1 ? first : first.slice(0, firstDifference)).join('');
}
