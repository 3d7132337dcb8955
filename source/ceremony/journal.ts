import { closeSync, fstatSync, fsyncSync, ftruncateSync, lstatSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { flushFolder } from '../disk/flush.ts';
import { openToAppend, readPrivateText } from '../disk/private-file.ts';
import { diskReason } from '../disk/reason.ts';
import { sha256Of } from '../disk/sha256.ts';
import { type JournalEntry, type JournalLine, readLine } from './journal-line.ts';
import { applyLine, emptyState, type JournalState } from './journal-state.ts';
import { type Problem, ProblemError } from './problem.ts';

export type { JournalEntry, JournalLine, JournalState };

/** A file with more bytes is no journal: one with a hundred thousand calls has 30 million. */
const mostBytes = 256 * 1024 * 1024;

/** The first line carries this text where later lines carry the hash of the line before. */
const noHash = '0'.repeat(64);

/** Thrown when a line of a journal is not valid, or does not carry the hash of the line before. */
export class DamagedJournalError extends ProblemError {
  /** The number of the damaged line; the first line has number 1. */
  readonly line: number;
  /** The state that the whole lines before the damage give. */
  readonly before: JournalState;
  /** The whole text of the file. */
  readonly text: string;

  constructor(problem: Problem, found: { line: number; before: JournalState; text: string }) {
    super(problem);
    this.line = found.line;
    this.before = found.before;
    this.text = found.text;
  }
}

/**
 * The record of one ceremony, to which lines are only appended: a file of JSON lines with the mode 0600. Each line carries
 * the hash of the line before. The journal tells an interrupted ceremony where to continue, and tells a person who did what.
 * Any process may read it, because reading changes nothing; only the holder of the ceremony's lock may append.
 */
export class Journal {
  readonly #findPath: () => string;
  #lines: JournalLine[] = [];
  #state: JournalState = emptyState();
  /** The hash of the last line. */
  #prev = noHash;
  /** How many bytes of the file are whole lines that this object has read or written. */
  #length = 0;
  /** The open file; `undefined` until a line is appended, and after `close`. */
  #descriptor: number | undefined;
  #isClosed = false;
  readonly #clock: () => Date;

  /**
   * Reads the journal at `path`; without such a file, the journal is empty. Ignores an incomplete last line, which a crash
   * leaves.
   * @param path the path; when the folder may be renamed, a function that gives the path as it is now.
   * @throws DamagedJournalError when a complete line is damaged. The file is not repaired.
   * @throws ProblemError when the file cannot be read, is no regular file, is too large, or when others may change it.
   */
  constructor(path: string | (() => string), clock: () => Date = () => new Date()) {
    this.#findPath = typeof path === 'string' ? () => path : path;
    this.#clock = clock;
    this.#read();
  }

  get path(): string {
    return this.#findPath();
  }

  get lines(): readonly JournalLine[] {
    return this.#lines;
  }

  get state(): JournalState {
    return this.#state;
  }

  /** The SHA-256 (hex) of the last line, without its newline; zeros when there is no line. The next line will carry it. */
  get lastHash(): string {
    return this.#prev;
  }

  /**
   * Reads the file again. The holder of the lock calls this first, because another process may have appended lines since this
   * journal was read.
   * @throws the same errors as the constructor.
   */
  refresh(): void {
    this.#lines = [];
    this.#state = emptyState();
    this.#prev = noHash;
    this.#length = 0;
    this.#read();
  }

  /**
   * Appends a line, and waits until the line is on the disk. The first line creates the file. Does not wait for lines of kind
   * `call` and `drafted`: they survive when the process is killed, but a power cut may take the last ones. A finished journal
   * ignores lines of kind `call`, because the last page still asks KMS about the key.
   * @throws ProblemError when the file is not fit to be a journal, the line cannot be written in full, or the file was removed. The
   * journal then ends with the line before.
   * @throws Error when the line is not valid, or the journal is finished or closed. That is a defect. Nothing is written.
   */
  append(entry: JournalEntry): void {
    if (this.#isClosed) throw new Error('The journal is closed.');
    if (this.#state.finished) {
      if (entry.kind === 'call') return;
      throw new Error(`The journal is finished and takes no line "${entry.kind}".`);
    }
    const text = JSON.stringify({ ...entry, at: this.#clock().toISOString(), prev: this.#prev });
    const read = readLine(text);
    if ('wrong' in read) throw new Error(`A line for the journal ${read.wrong}.`);
    const newLine = Buffer.from(`${text}\n`);
    try {
      this.#descriptor ??= this.#open();
      if (!this.#isInPlace(this.#descriptor)) throw new ProblemError(removedProblem(this.path));
      // One write may take only a part of the bytes.
      for (let written = 0; written < newLine.length; ) written += writeSync(this.#descriptor, newLine, written);
      if (entry.kind !== 'call' && entry.kind !== 'drafted') fsyncSync(this.#descriptor);
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      if (this.#descriptor !== undefined) this.#cutTail(this.#descriptor);
      throw new ProblemError(notWrittenProblem(this.path, diskReason(error)));
    }
    this.#include(read.line, text);
  }

  /** Closes the journal. After that, `append` throws, because another process may hold the lock by then. */
  close(): void {
    this.#isClosed = true;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /**
   * Opens the file for appending, or creates it, and removes an incomplete last line.
   * @returns the file descriptor.
   * @throws ProblemError when the file is not fit to be a journal, such as a link.
   */
  #open(): number {
    const descriptor = openToAppend(this.path, 'others may read');
    if (typeof descriptor !== 'number') throw new ProblemError(notWrittenProblem(this.path, descriptor.why));
    this.#cutTail(descriptor);
    // The name of a new file must survive a power cut as well as its contents, which each `append` flushes.
    flushFolder(dirname(this.path));
    return descriptor;
  }

  /**
   * Tells whether the path still leads to the open file. When somebody has removed the folder, the system would still take
   * lines, into a file that nobody can find again.
   */
  #isInPlace(descriptor: number): boolean {
    const named = lstatSync(this.path, { throwIfNoEntry: false });
    const { dev, ino } = fstatSync(descriptor);
    return named?.dev === dev && named.ino === ino;
  }

  /** Cuts off an incomplete line at the end of the file, from a crash or a full disk. The next entry then begins a new line. */
  #cutTail(descriptor: number): void {
    if (fstatSync(descriptor).size > this.#length) ftruncateSync(descriptor, this.#length);
  }

  /**
   * Reads all complete lines of the file.
   * @throws DamagedJournalError at the first damaged line.
   * @throws ProblemError when the file exists and is not fit to be read.
   */
  #read(): void {
    const contents = readPrivateText(this.path, 'others may read', mostBytes);
    if (typeof contents !== 'string') {
      if (!contents.exists) return;
      throw new ProblemError(notReadProblem(this.path, contents.why));
    }
    // `slice` leaves out what follows the last newline: nothing, or an incomplete line.
    for (const [index, text] of contents.split('\n').slice(0, -1).entries()) {
      const read = this.#readNext(text);
      if ('wrong' in read) {
        const found = { line: index + 1, before: this.#state, text: contents };
        throw new DamagedJournalError(damagedProblem(this.path, index + 1, read.wrong), found);
      }
      this.#include(read.line, text);
    }
  }

  /** Parses the line that follows the lines read so far, and checks that it carries the hash of the line before. */
  #readNext(text: string): ReturnType<typeof readLine> {
    const read = readLine(text);
    if ('wrong' in read)
      return { wrong: `${read.wrong}, so the file was changed, or a later version of Keyferry wrote it` };
    if (read.line.prev === this.#prev) return read;
    return { wrong: 'does not follow from the one before it, so the file was changed or the disk lost a part' };
  }

  /** Adds a line of the file to the lines, the state, the last hash and the length. `text` is the line as the file has it. */
  #include(line: JournalLine, text: string): void {
    this.#lines.push(line);
    this.#prev = sha256Of(text);
    this.#length += Buffer.byteLength(text) + 1;
    applyLine(this.#state, line);
  }
}

function notReadProblem(path: string, why: string) {
  return {
    kind: 'fixable',
    what: "Can't read the journal of this ceremony.",
    why: `${path}: ${why}`,
    state: 'Nothing was changed.',
    next: ['Remove the cause, then start Keyferry again.', 'Or begin a new ceremony in another folder.'],
  } as const;
}

function notWrittenProblem(path: string, why: string) {
  return {
    kind: 'fixable',
    what: "Can't write down what is done, so nothing more is done.",
    why: `${path}: ${why}`,
    state: 'Everything that was written before is saved. A call that was under way is looked for when you go on.',
    next: ['Remove the cause, then try again.'],
  } as const;
}

function removedProblem(path: string) {
  return {
    kind: 'fixable',
    what: "Can't write down what is done, so nothing more is done.",
    why: `${path} was removed while Keyferry was at work.`,
    state: 'What was done in AWS before stays there; no file here tells of it any more.',
    next: ['Restore the folder from a copy, then start Keyferry again.', 'Or begin a new ceremony.'],
    repeats: true,
    endsHere: true,
  } as const;
}

function damagedProblem(path: string, line: number, wrong: string): Problem {
  return {
    kind: 'fixable',
    what: `Can't continue this ceremony: its journal is damaged at line ${line}.`,
    why: `The line ${wrong}.`,
    state: `The lines before ${line} are whole. Nothing was done, and the file stays as it is.`,
    next: [`Restore ${path} from a copy.`, 'Or begin a new ceremony in another folder.'],
  };
}
