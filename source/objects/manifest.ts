import { closeSync, fstatSync, fsyncSync, ftruncateSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import { flushFolder } from '../disk/flush.ts';
import { readLines } from '../disk/lines.ts';
import { openToAppend, type Refused, withPrivateFile } from '../disk/private-file.ts';
import { diskReason } from '../disk/reason.ts';
import { sha256OfFile } from '../disk/sha256.ts';
import { type LineOf, type ManifestLine, readManifestLine } from './manifest-line.ts';
import { ObjectStates } from './object-states.ts';

/** How many lines of a plan are written at once. */
const linesAtOnce = 500;

/** What a manifest is for. With other values, another manifest is made. */
export type PlanHead = Omit<LineOf<'plan'>, 'is' | 'version' | 'at'>;

/** A file of the plan, its object, and its number in the plan. */
export type PlannedObject = Omit<LineOf<'object'>, 'is'> & { readonly n: number };

/** An object of a transfer, and its file. */
export type SentObject = Pick<PlannedObject, 'n' | 'path' | 'key' | 'size'>;

/**
 * The file that knows each object of a transfer: JSON lines, mode 0600, only appended.
 * A line after the plan is written immediately, so that a process that is killed loses nothing; lines on which a later run must
 * rely after a power cut are flushed too. Memory holds one byte for each object, and more only for the objects that are on the way,
 * were wrong, or whose bytes nothing has confirmed.
 */
export class Manifest {
  readonly path: string;
  readonly states = new ObjectStates();
  #descriptor: number;
  #plan: LineOf<'plan'> | undefined;
  #planned: LineOf<'planned'> | undefined;
  #leftOut = 0;
  #wrong: LineOf<'left out'>[] = [];
  #objects = 0;
  #bytes = 0;
  /** Lines of the plan that are not written yet, because a plan is written in pieces. */
  #pending: string[] = [];

  /**
   * Opens the manifest, or begins one. Cuts off an incomplete last line. Removes a plan that is not whole: nothing was sent
   * before the plan was whole.
   * @throws ProblemError when the file cannot be opened, is refused (see {@link openToAppend}), or has a damaged line.
   */
  constructor(path: string) {
    this.path = path;
    let opened: number | Refused;
    try {
      opened = openToAppend(path, 'others may read');
      flushFolder(dirname(path));
    } catch (error) {
      throw new ProblemError(unusableProblem(path, diskReason(error), nothingSentNow));
    }
    if (typeof opened !== 'number') throw new ProblemError(unusableProblem(path, opened.why, nothingSentNow));
    this.#descriptor = opened;
    let length = 0;
    for (const { text, end, number } of readLines(this.#descriptor)) {
      const line = readManifestLine(text);
      if (line === undefined) throw new ProblemError(damagedProblem(path, number));
      this.#include(line);
      length = end;
    }
    if (this.#planned === undefined) {
      this.#forgetPlan();
      length = 0;
    }
    if (fstatSync(this.#descriptor).size > length) ftruncateSync(this.#descriptor, length);
  }

  /** What the plan is for; `undefined` while there is none. */
  get plan(): LineOf<'plan'> | undefined {
    return this.#plan;
  }

  /** The plan, once it is whole: how many objects, of how many bytes together. */
  get planned(): LineOf<'planned'> | undefined {
    return this.#planned;
  }

  /** How many things are left out of the plan, with those that cannot be sent. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** The named paths, and things in folders, that cannot be sent. */
  get wrong(): readonly LineOf<'left out'>[] {
    return this.#wrong;
  }

  /** Begins the plan. */
  begin(head: PlanHead, at: Date): void {
    this.#write({ is: 'plan', version: 1, ...head, at: at.toISOString() });
  }

  /** Adds an object, or something that is left out, to the plan. The line is written later, together with others. */
  add(line: LineOf<'object'> | LineOf<'left out'>): void {
    this.#include(line);
    this.#pending.push(JSON.stringify(line));
    if (this.#pending.length >= linesAtOnce) this.#writePending();
  }

  /** Ends the plan, and waits until it is on the disk. */
  endPlan(): LineOf<'planned'> {
    this.#writePending();
    const planned = { is: 'planned', count: this.#objects, bytes: this.#bytes } as const;
    this.#write(planned);
    this.flush();
    return planned;
  }

  /** Appends a line about an object. */
  note(line: Exclude<ManifestLine, LineOf<'plan' | 'object' | 'planned' | 'left out'>>): void {
    this.#write(line);
  }

  /** Waits until all lines are on the disk. */
  flush(): void {
    fsyncSync(this.#descriptor);
  }

  /** Yields the lines of one kind, in their order, as they are in the file now. */
  *linesOf<Is extends ManifestLine['is']>(is: Is): Generator<LineOf<Is>> {
    const start = `{"is":"${is}"`;
    for (const { text } of readLines(this.#descriptor)) {
      if (!text.startsWith(start)) continue;
      const line = readManifestLine(text);
      if (line !== undefined) yield line as LineOf<Is>;
    }
  }

  /** Yields the objects that are not in S3 yet, or are wrong there, as far as this run knows, in the order of the plan. */
  *remaining(): Generator<PlannedObject> {
    let n = 0;
    for (const { is: _, ...object } of this.linesOf('object')) {
      if (this.states.isToSend(n)) yield { ...object, n };
      n += 1;
      // No object comes after the plan.
      if (n === this.#objects) return;
    }
  }

  /** Waits until all lines are on the disk. Gives the name of the file and its SHA-256 (hex), for the journal and the record. */
  async seal(): Promise<{ readonly file: string; readonly sha256: string }> {
    this.flush();
    return { file: basename(this.path), sha256: await sha256OfFile(this.#descriptor) };
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** Takes a line into what is known of the plan and of its objects. */
  #include(line: ManifestLine): void {
    if (line.is === 'plan') this.#plan = line;
    else if (line.is === 'planned') this.#planned = line;
    else if (line.is === 'left out') {
      this.#leftOut += 1;
      if (line.wrong === true) this.#wrong.push(line);
    } else if (line.is === 'object') {
      this.#objects += 1;
      this.#bytes += line.size;
      this.states.add();
    } else this.states.apply(line);
  }

  #forgetPlan(): void {
    this.#plan = undefined;
    this.#leftOut = 0;
    this.#wrong = [];
    this.#objects = 0;
    this.#bytes = 0;
    this.states.clear();
  }

  #write(line: ManifestLine): void {
    this.#include(line);
    this.#append(`${JSON.stringify(line)}\n`);
  }

  #writePending(): void {
    if (this.#pending.length > 0) this.#append(`${this.#pending.join('\n')}\n`);
    this.#pending = [];
  }

  #append(text: string): void {
    const bytes = Buffer.from(text);
    try {
      // One write may take only a part of the bytes.
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written);
    } catch (error) {
      throw new ProblemError(unusableProblem(this.path, diskReason(error), untilThen));
    }
  }
}

/**
 * Gives what a manifest is for; `undefined` when there is no file, when it has no plan, or when it is refused. A file that others
 * may change is refused, but not one that they may only read.
 */
export function readPlanHead(path: string): PlanHead | undefined {
  const head = withPrivateFile(
    path,
    (descriptor) => {
      const [first] = readLines(descriptor);
      return first === undefined ? undefined : readManifestLine(first.text);
    },
    'others may read',
  );
  // A refusal has no `is`.
  return head !== undefined && 'is' in head && head.is === 'plan' ? head : undefined;
}

const nothingSentNow = 'Nothing was sent now. Objects that were uploaded before stay.';
const untilThen = 'Objects that were uploaded before stay. The file holds what was done until then.';

function unusableProblem(path: string, why: string, state: string) {
  return {
    kind: 'fixable',
    what: `Can't write ${path}.`,
    why,
    state,
    next: ['Remove the cause, then try again: it goes on from there.'],
  } as const;
}

function damagedProblem(path: string, line: number) {
  return {
    kind: 'fixable',
    what: `Can't go on: line ${line} of ${path} is damaged.`,
    why: 'The file was changed, or a later version of Keyferry wrote it.',
    state: nothingSentNow,
    next: ['Put the file back as it was.', 'Or move it away: then all files are compared with the bucket again.'],
  } as const;
}
