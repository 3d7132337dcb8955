import type { Problem } from '../ceremony/problem.ts';
import type { Progress } from '../ceremony/progress.ts';
import type { Manifest, SentObject } from './manifest.ts';
import { Pace } from './pace.ts';

// Pages: S3 API reference, HeadObject and PutObject.

/** The line of the sums is shown anew after this time, in milliseconds. */
const everyMs = 200;

type Sums = { readonly count: number; readonly total: number };

/** Tells a person how far a transfer is: bytes, objects, speed, time left. */
export class TransferProgress {
  readonly #manifest: Manifest;
  readonly #report: (progress: Progress) => void;
  readonly #sums: Sums;
  /** The name of the object, where there is only one. */
  readonly #name: string | undefined;
  #pace = new Pace();
  #done = 0;
  /** What was done when this run began counts for the bar and not for the speed. */
  #before = 0;
  #verb: 'uploading' | 'reading back' = 'uploading';
  #shownAt = Number.NEGATIVE_INFINITY;
  #finished = 0;
  #isToldOfNotShown = false;

  constructor(manifest: Manifest, report: (progress: Progress) => void, sums: Sums) {
    this.#manifest = manifest;
    this.#report = report;
    this.#sums = sums;
    this.#name = sums.count === 1 ? [...manifest.linesOf('object')][0]?.key : undefined;
  }

  begin(): void {
    this.#before = this.#manifest.states.uploadedBytes;
    this.#finished = this.#manifest.states.uploaded;
    this.#show();
  }

  beginReading(): void {
    this.#verb = 'reading back';
    this.#pace = new Pace();
    this.#before = 0;
    this.#done = 0;
    this.#finished = this.#manifest.states.checked;
    this.#show();
  }

  /** Notes bytes that S3 has taken, or that came back. */
  onBytes(bytes: number): void {
    this.#done += bytes;
    if (performance.now() - this.#shownAt >= everyMs) this.#show();
  }

  onObject(_: SentObject): void {
    this.#finished += 1;
    if (performance.now() - this.#shownAt >= everyMs) this.#show();
  }

  /** Says of the first object only that S3 does not show it: most often, the same is true of all. */
  onNotShown({ key }: SentObject): void {
    if (this.#isToldOfNotShown) return;
    this.#isToldOfNotShown = true;
    const label = `S3 does not show you whether ${key} exists: s3:GetObject shows an object, and s3:ListBucket that there is none. An upload needs neither, so it is tried.`;
    this.#report({ id: 'not shown', label, state: 'done' });
  }

  /** Tells at once of an object that was not sent. */
  onRefused({ key }: SentObject, { what }: Problem): void {
    if (this.#sums.count > 1) this.#report({ id: `refused: ${key}`, label: what, state: 'done' });
  }

  /** Ends the line of the sums. That of a single object ends with the words about its check. */
  end(): void {
    if (this.#name !== undefined) return;
    this.#report({
      id: 'objects',
      label: this.#label(),
      note: this.#verb === 'uploading' ? 'in S3' : 'read back',
      state: 'done',
    });
  }

  #label(): string {
    return this.#name ?? `${this.#finished} of ${this.#sums.count} objects`;
  }

  #show(): void {
    this.#shownAt = performance.now();
    const { total } = this.#sums;
    const done = Math.min(this.#before + this.#done, total);
    const pace = this.#pace.words(this.#done, total - this.#before);
    const note = pace === '' ? this.#verb : `${this.#verb}, ${pace}`;
    this.#report({ id: this.#name ?? 'objects', label: this.#label(), note, bytes: { done, total }, state: 'working' });
  }
}
