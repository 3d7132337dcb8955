import { existsSync, lstatSync, readFileSync, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expandHome } from '../disk/home.ts';
import { diskReason } from '../disk/reason.ts';
import { everyFile, type FilePatterns, makeFileTest, readPathPattern } from './file-pattern.ts';

/** After this number of entries, a walk lets the program handle key presses and other events. */
const mostAtOnce = 100;

/** A file that will be sent. */
export type FoundFile = {
  /** Absolute. */
  readonly path: string;
  /** The name of its object after the prefix: its own name, or its path in the folder that was named, with slashes. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** When it was changed last, in milliseconds since 1970. */
  readonly changedMs: number;
};

/** Something that is not sent: its path, and a sentence that says why. */
export type LeftOut = { readonly path: string; readonly why: string };

/** What a walk meets: a file, something that it leaves out, or a path that was meant and cannot be sent (`wrong`). */
export type Met = { readonly file: FoundFile } | { readonly leftOut: LeftOut } | { readonly wrong: LeftOut };

/** How a walk chooses. `folderProblem` says why a whole folder is not looked into, else gives `undefined`. */
export type Choice = {
  readonly patterns?: FilePatterns;
  readonly folderProblem?: (folder: string) => string | undefined;
};

/**
 * Yields the files that a person names: files, folders with all that is in them, patterns such as `logs/*.gz`, and `@FILE` for a
 * file with one path a line. Also yields what it leaves out, and what cannot be sent. The names in a folder are sorted. A symbolic
 * link in a folder is left out; one that is named is followed. Holds only the names in a folder and in the folders above it.
 */
export async function* findFiles(inputs: Iterable<string>, choice: Choice = {}): AsyncGenerator<Met> {
  const isMeant = makeFileTest(choice.patterns ?? everyFile);
  const folderProblem = choice.folderProblem ?? (() => undefined);
  for (const input of inputs) yield* findNamed(input, { isMeant, mayBeMeantIn: () => true, folderProblem, lists: [] });
}

/**
 * Makes a path or pattern that a person typed absolute. `@FILE` names a list of paths, and keeps its `@`; but when there is a file
 * whose own name begins with `@`, that file is meant.
 */
export function absoluteInput(input: string): string {
  const path = resolve(expandHome(input));
  const isList = input.startsWith('@') && !existsSync(path);
  return isList ? `@${resolve(expandHome(input.slice(1)))}` : path;
}

/** Tells whether a text that is no path is a pattern for paths, or names a list. */
export const isPatternOrList = (input: string): boolean =>
  input.startsWith('@') || readPathPattern(expandHome(input)) !== undefined;

type Walk = {
  /** Tells whether a file is meant. Gets its path in the folder that was named. */
  readonly isMeant: (path: string) => boolean;
  /** Tells whether a file in a folder may be meant. Gets the path of this folder in the folder that was named. */
  readonly mayBeMeantIn: (folder: string) => boolean;
  readonly folderProblem: (folder: string) => string | undefined;
  /** The lists that are being read: each list names the next one. No list may name itself. */
  readonly lists: readonly string[];
};

/** Yields the files that one text names: a file or a folder; when no such path exists, a list or a pattern. */
async function* findNamed(input: string, walk: Walk): AsyncGenerator<Met> {
  const path = resolve(expandHome(input));
  const stats = await stat(path).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (!(stats instanceof Error)) {
    if (stats.isDirectory()) yield* walkFolder(path, '', walk);
    else if (!stats.isFile()) yield { wrong: { path: input, why: `${input} is not a file.` } };
    else if (walk.isMeant(basename(path))) yield { file: fileOf(path, basename(path), stats) };
    return;
  }
  if (stats.code !== 'ENOENT') {
    yield { wrong: { path: input, why: `${input} cannot be looked at. ${diskReason(stats)}` } };
    return;
  }
  if (input.startsWith('@')) {
    yield* findListed(input.slice(1), walk);
    return;
  }
  const pattern = readPathPattern(expandHome(input));
  if (pattern === undefined) {
    yield { wrong: { path: input, why: `${input} does not exist.` } };
    return;
  }
  let isEmpty = true;
  const isMeant = (inFolder: string) => pattern.matches(inFolder) && walk.isMeant(inFolder);
  const matching = { ...walk, isMeant, mayBeMeantIn: pattern.mayMatchIn };
  for await (const met of walkFolder(resolve(pattern.folder), '', matching)) {
    isEmpty &&= !('file' in met);
    yield met;
  }
  if (isEmpty) yield { wrong: { path: input, why: `No file matches ${input}.` } };
}

/**
 * Yields the files that a list names, one path a line. A relative path is below the current directory. A line may name a list too.
 */
async function* findListed(list: string, walk: Walk): AsyncGenerator<Met> {
  const path = resolve(expandHome(list));
  if (walk.lists.includes(path)) {
    yield { wrong: { path: list, why: `The list ${list} names itself.` } };
    return;
  }
  let text: string;
  try {
    // A pipe may never end, and could not be read again when the upload goes on.
    if (!(await stat(path)).isFile()) {
      yield { wrong: { path: list, why: `The list ${list} is not a regular file.` } };
      return;
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    yield { wrong: { path: list, why: `The list ${list} cannot be read. ${diskReason(error)}` } };
    return;
  }
  for (const line of text.split('\n')) {
    const listed = line.replace(/\r$/, '');
    if (listed !== '') yield* findNamed(listed, { ...walk, lists: [...walk.lists, path] });
  }
}

/**
 * Yields the files that are meant in a folder and the folders in it, sorted by name, and what is left out or cannot be sent there.
 * @param name the path of this folder in the folder that was named: empty when it is that folder.
 */
async function* walkFolder(folder: string, name: string, walk: Walk): AsyncGenerator<Met> {
  const why = walk.folderProblem(folder);
  if (why !== undefined) {
    yield { leftOut: { path: folder, why } };
    return;
  }
  let entries: readonly string[];
  try {
    // Names alone: objects for the entries of a folder with 100,000 files would take tens of megabytes.
    entries = (await readdir(folder)).sort();
  } catch (error) {
    yield { wrong: { path: folder, why: `${folder} cannot be looked into. ${diskReason(error)}` } };
    return;
  }
  for (const [number, entry] of entries.entries()) {
    const path = join(folder, entry);
    const inFolder = name === '' ? entry : `${name}/${entry}`;
    // Names on the disk are bytes; S3 takes only UTF-8. Node puts this character in place of bytes that are not UTF-8.
    if (entry.includes('\uFFFD')) {
      yield { wrong: { path, why: `The name of ${path} is not UTF-8, as that of an object is.` } };
      continue;
    }
    if (number % mostAtOnce === mostAtOnce - 1) await setImmediate();
    const stats = lookAt(path);
    if (stats instanceof Error) yield { wrong: { path, why: `${path} cannot be looked at. ${diskReason(stats)}` } };
    else if (stats.isDirectory()) {
      if (walk.mayBeMeantIn(inFolder)) yield* walkFolder(path, inFolder, walk);
    } else if (walk.isMeant(inFolder)) yield meet(path, inFolder, stats);
  }
}

/** Looks at one entry, in one synchronous call: the system has just read the folder, so a promise would take longer. */
function lookAt(path: string): Stats | Error {
  try {
    return lstatSync(path);
  } catch (error) {
    return error as Error;
  }
}

/** Says what a walk does with an entry that is no folder: it sends a file, and leaves out anything else. */
function meet(path: string, name: string, stats: Stats): Met {
  if (stats.isSymbolicLink())
    return { leftOut: { path, why: `${path} is a symbolic link. Name it to send its file.` } };
  return stats.isFile() ? { file: fileOf(path, name, stats) } : { leftOut: { path, why: `${path} is not a file.` } };
}

const fileOf = (path: string, name: string, { size, mtimeMs }: Stats): FoundFile => ({
  path,
  name,
  size,
  changedMs: mtimeMs,
});
