import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Completion, completePath } from '../disk/complete-path.ts';
import { renameLasting } from '../disk/flush.ts';
import { expandHome } from '../disk/home.ts';
import { withPrivateFile } from '../disk/private-file.ts';
import { findUnfitFolder, makePrivateFolder, type UnfitFolder } from '../disk/private-folder.ts';
import { diskReason } from '../disk/reason.ts';
import { isPart, replaceWholeFile, writeWholeFile } from '../disk/write.ts';
import { ProblemError } from './problem.ts';
import { quote } from './shell-word.ts';

/**
 * Gives the path of a folder as a person in the current directory would write it: `.` for that directory, a relative path for a
 * folder in it, and any other path unchanged.
 */
export function shownFolder(path: string): string {
  const relativePath = relative(process.cwd(), path);
  if (relativePath === '') return '.';
  return relativePath.startsWith('..') ? path : relativePath;
}

/** Gives the two words `--workdir PATH` for a printed command, or no words when `path` is the current directory. */
export function workdirWords(path: string): readonly string[] {
  const shown = shownFolder(path);
  return shown === '.' ? [] : ['--workdir', shown];
}

/** The folder of one ceremony, with mode 0700. It overwrites only files that Keyferry wrote about the ceremony. */
export class CeremonyFolder {
  #path: string;
  /** False when the person named the folder, so that it keeps its name. */
  readonly mayRename: boolean;

  constructor(path: string, mayRename: boolean) {
    this.#path = path;
    this.mayRename = mayRename;
  }

  get path(): string {
    return this.#path;
  }

  /** Gives the path as a person in the current directory would write it. */
  get shown(): string {
    return shownFolder(this.#path);
  }

  /** Gives the words of a command line that name this folder: see {@link workdirWords}. */
  get workdirWords(): readonly string[] {
    return workdirWords(this.#path);
  }

  /** Gives the path of a file in this folder. */
  file(name: string): string {
    return join(this.#path, name);
  }

  has(name: string): boolean {
    return existsSync(this.file(name));
  }

  /**
   * Gives the absolute path of a file that a person names. A leading `~` or `~NAME` is a home folder. A relative path begins in
   * this folder. When this folder has no such file but the current directory has one, the path begins in the current directory:
   * version 0.1.0 looked there.
   */
  locate(path: string): string {
    const expanded = expandHome(path.trim());
    const inFolder = resolve(this.#path, expanded);
    const inCurrentDirectory = resolve(expanded);
    return !existsSync(inFolder) && existsSync(inCurrentDirectory) ? inCurrentDirectory : inFolder;
  }

  /** Completes the beginning of a path that {@link locate} takes. */
  complete = (text: string): Completion => completePath(text, [this.#path, process.cwd()]);

  /**
   * Checks that nothing but a real folder has this path.
   * @throws ProblemError when something else has it, such as a file or a link.
   */
  refuseFile(): void {
    const status = lstatSync(this.#path, { throwIfNoEntry: false });
    const unfit = status?.isDirectory() === false ? findUnfitFolder(this.#path) : undefined;
    if (unfit !== undefined) throw new ProblemError(unusableProblem(this.#path, unfit));
  }

  /**
   * Makes the folder if it is missing.
   * @throws ProblemError when its path is not a real folder, or when the folder is of another user or open to others; the system's
   * error when the folder cannot be made.
   */
  make(): void {
    const unfit = makePrivateFolder(this.#path);
    if (unfit !== undefined) throw new ProblemError(unusableProblem(this.#path, unfit));
  }

  /**
   * Writes a new file atomically and waits until it is on the disk.
   * @throws ProblemError when the file cannot be written, or exists already.
   */
  write(name: string, data: string | Uint8Array): void {
    this.#explainErrors(name, () => writeWholeFile(this.file(name), data));
  }

  /**
   * Writes a file of this ceremony. Replaces a file of the same name atomically.
   * @throws ProblemError when the file cannot be written.
   */
  replace(name: string, data: string | Uint8Array): void {
    this.#explainErrors(name, () => replaceWholeFile(this.file(name), data));
  }

  /** Removes the incomplete files that an interrupted run has left. */
  sweep(): void {
    for (const name of readdirSync(this.#path)) if (isPart(name)) rmSync(this.file(name), { force: true });
  }

  /**
   * Reads a file of this folder.
   * @throws ProblemError when there is no such file, when it cannot be read, or when something else has its name, such as a pipe.
   */
  read(name: string): Buffer {
    const bytes = withPrivateFile(this.file(name), (descriptor) => readFileSync(descriptor));
    if (Buffer.isBuffer(bytes)) return bytes;
    throw new ProblemError(notReadProblem(this.file(name), bytes.why));
  }

  /**
   * Renames the folder, with a number after the name when the name is taken. Does nothing when the person named the folder, when
   * it has this name already, or when it has this name with such a number and the name without it is taken.
   */
  rename(name: string): void {
    if (!this.mayRename || basename(this.#path) === name) return;
    const parent = dirname(this.#path);
    // An interrupted run may have renamed the folder already: to `name` with a number such as -2 after it, if `name` was taken.
    if (basename(this.#path).replace(/-\d+$/, '') === name && existsSync(join(parent, name))) return;
    let target = join(parent, name);
    for (let number = 2; existsSync(target); number += 1) target = join(parent, `${name}-${number}`);
    renameLasting(this.#path, target);
    this.#path = target;
  }

  /**
   * Runs `write`, which writes the file `name`.
   * @throws ProblemError when `write` throws.
   * @throws Error when the name has a folder in it. That is a defect.
   */
  #explainErrors(name: string, write: () => void): void {
    if (name !== basename(name) || name === '..') throw new Error('A file of a ceremony has a name without folders.');
    try {
      write();
    } catch (error) {
      throw new ProblemError(notWrittenProblem(this.file(name), diskReason(error)));
    }
  }
}

/** The problem of a file in the ceremony folder that cannot be read. */
function notReadProblem(path: string, why: string) {
  return {
    kind: 'fixable',
    what: `Can't read ${path}.`,
    why,
    state: 'The file was left as it is. Every step that is done is saved.',
    next: ['Remove the cause, then try again.'],
  } as const;
}

/** The problem of a file in the ceremony folder that cannot be written. */
function notWrittenProblem(path: string, why: string) {
  return {
    kind: 'fixable',
    what: `Can't write ${path}.`,
    why,
    state: 'No incomplete file was left behind. All earlier steps are saved.',
    next: ['Remove the cause, then try again.'],
  } as const;
}

/** The problem of a path that cannot be the ceremony folder. */
function unusableProblem(path: string, { why, cure }: UnfitFolder) {
  return {
    kind: 'fixable',
    what: `Can't keep the ceremony in ${path}.`,
    why: `The folder will hold a secret key, and it ${why}.`,
    state: 'Nothing was made or changed.',
    next: [
      typeof cure === 'string' ? cure : `Run: ${cure.map(quote).join(' ')}`,
      'Or name another folder with --workdir; it is made with the right mode.',
    ],
  } as const;
}
