import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { diskReason } from './disk-reason.ts';
import { ProblemError } from './problem.ts';
import type { Answers } from './question.ts';

/** What a journal line says, without its envelope. Never secret. */
export type Entry =
  | { readonly kind: 'begun'; readonly ceremony: string; readonly id: string; readonly version: string }
  | { readonly kind: 'continued'; readonly version: string; readonly note?: string }
  | { readonly kind: 'answered'; readonly step: string; readonly answers: Answers }
  | { readonly kind: 'intent'; readonly step: string; readonly name: string }
  | {
      readonly kind: 'outcome';
      readonly step: string;
      readonly name: string;
      readonly outcome: 'done' | 'refused';
      readonly result?: unknown;
      readonly probed?: true;
    }
  | { readonly kind: 'done'; readonly step: string; readonly facts: object }
  | { readonly kind: 'reopened'; readonly step: string }
  | { readonly kind: 'call'; readonly operation: string; readonly requestId?: string; readonly error?: string }
  | { readonly kind: 'finished' };

/** A line as it stands in the file: when, and the SHA-256 (hex) of the line before it, so that a changed line shows. */
export type Line = Entry & { readonly at: string; readonly prev: string };

type AttemptState = { readonly outcome: 'none' | 'done' | 'refused'; readonly result?: unknown };

/** What the lines add up to. */
export type JournalState = {
  id: string | undefined;
  ceremony: string | undefined;
  begunAt: string | undefined;
  finished: boolean;
  /** Steps that are done, in order, with what each established. */
  readonly done: Map<string, object>;
  readonly answers: Map<string, Answers>;
  /** By `step/name`. */
  readonly attempts: Map<string, AttemptState>;
};

const first = '0'.repeat(64);
const hashOf = (line: string) => createHash('sha256').update(line).digest('hex');

/**
 * The append-only record of one ceremony: JSON lines, 0600, each chained to the one before by its hash. It is the crash
 * log, the resume state and the audit trail in one; its state is a fold over its lines.
 */
export class Journal {
  readonly path: string;
  readonly lines: Line[] = [];
  readonly state: JournalState = emptyState();
  #prev = first;
  #descriptor: number | undefined;
  #closed = false;
  readonly #clock: () => Date;

  /**
   * Reads the journal at `path`, if there is one. A torn last line, which a crash leaves, is dropped.
   * @throws ProblemError when a line in the middle is damaged: that is reported, not repaired.
   */
  constructor(path: string, clock: () => Date = () => new Date()) {
    this.path = path;
    this.#clock = clock;
    if (existsSync(path)) this.#read();
  }

  /**
   * Writes a line and, but for notes of single calls, waits until it is on the disk. The first one makes the file.
   * @throws ProblemError when it cannot be written whole; what was written of it is taken back.
   */
  append(entry: Entry): void {
    if (this.#closed) throw new Error('The journal is closed.');
    const line = { ...entry, at: this.#clock().toISOString(), prev: this.#prev } as Line;
    const text = JSON.stringify(line);
    let before: number | undefined;
    try {
      this.#descriptor ??= this.#create();
      before = fstatSync(this.#descriptor).size;
      writeFileSync(this.#descriptor, `${text}\n`);
      if (entry.kind !== 'call') fsyncSync(this.#descriptor);
    } catch (error) {
      if (this.#descriptor !== undefined && before !== undefined) ftruncateSync(this.#descriptor, before);
      throw new ProblemError(notWritten(this.path, diskReason(error)));
    }
    this.#take(line, text);
  }

  /** What comes after is refused: another process may hold the ceremony by then. */
  close(): void {
    this.#closed = true;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #create(): number {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
    const descriptor = openSync(this.path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
    // The new name must survive a power cut as well as its contents.
    const folder = openSync(dirname(this.path), constants.O_RDONLY);
    fsyncSync(folder);
    closeSync(folder);
    return descriptor;
  }

  #read(): void {
    const text = readFileSync(this.path, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    for (const [index, line] of whole.split('\n').slice(0, -1).entries()) {
      const parsed = parseLine(line);
      if (parsed === undefined || parsed.prev !== this.#prev) throw new ProblemError(damaged(this.path, index + 1));
      this.#take(parsed, line);
    }
    if (whole.length < text.length) {
      const descriptor = openSync(this.path, constants.O_WRONLY | constants.O_NOFOLLOW);
      ftruncateSync(descriptor, Buffer.byteLength(whole));
      closeSync(descriptor);
    }
  }

  #take(line: Line, text: string): void {
    this.lines.push(line);
    this.#prev = hashOf(text);
    fold(this.state, line);
  }
}

function parseLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

function emptyState(): JournalState {
  return {
    id: undefined,
    ceremony: undefined,
    begunAt: undefined,
    finished: false,
    done: new Map(),
    answers: new Map(),
    attempts: new Map(),
  };
}

function fold(state: JournalState, line: Line): void {
  switch (line.kind) {
    case 'begun':
      state.id = line.id;
      state.ceremony = line.ceremony;
      state.begunAt = line.at;
      break;
    case 'answered':
      state.answers.set(line.step, line.answers);
      break;
    case 'intent':
      state.attempts.set(`${line.step}/${line.name}`, { outcome: 'none' });
      break;
    case 'outcome':
      state.attempts.set(`${line.step}/${line.name}`, { outcome: line.outcome, result: line.result });
      break;
    case 'done':
      state.done.set(line.step, line.facts);
      break;
    case 'reopened':
      state.done.delete(line.step);
      for (const name of state.attempts.keys()) if (name.startsWith(`${line.step}/`)) state.attempts.delete(name);
      break;
    case 'finished':
      state.finished = true;
      break;
    case 'continued':
    case 'call':
      break;
  }
}

function notWritten(path: string, why: string) {
  return {
    kind: 'fixable',
    what: "Can't write down what is done, so nothing more is done.",
    why: `${path}: ${why}`,
    state: 'Everything that was written before is saved. A call that was under way is looked for when you go on.',
    next: ['Mend that, then try again.'],
  } as const;
}

function damaged(path: string, line: number) {
  return {
    kind: 'fixable',
    what: `Can't continue this ceremony: its journal is damaged at line ${line}.`,
    why: 'The line does not follow from the one before it, so the file was changed or the disk lost a part.',
    state: `Nothing was done. The lines before ${line} are intact; the file stays as it is.`,
    next: [`Look at ${path}`, 'Restore the file from a copy, or begin a new ceremony in another folder.'],
  } as const;
}
