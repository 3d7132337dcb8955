import type { Problem } from '../ceremony/problem.ts';
import type { Progress } from '../ceremony/progress.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { Manifest, SentObject } from './manifest.ts';
import { Pace } from './pace.ts';

// Pages: S3 API reference, AbortMultipartUpload, HeadObject and PutObject.

/** The line with the totals is shown again after this time, in milliseconds. */
const everyMs = 200;

/** How many objects there are, and how many bytes they have together. */
export type Totals = { readonly count: number; readonly bytes: number };

/** An upload in parts that S3 did not end when Keyferry asked for that. */
type LeftUpload = { readonly bucket: string; readonly key: string; readonly uploadId: string };

/** Tells a person how far a transfer is: bytes, objects, speed, time left. */
export class TransferProgress {
  readonly #manifest: Manifest;
  readonly #report: (progress: Progress) => void;
  #totals: Totals;
  /** The name of the object, when there is only one. */
  readonly #name: string | undefined;
  #pace = new Pace();
  #done = 0;
  /** The bytes that were sent, or read back, before this run began. They count for the bar, but not for the speed. */
  #before = 0;
  #verb: 'uploading' | 'reading back' = 'uploading';
  #shownAt = Number.NEGATIVE_INFINITY;
  /** How many objects were read back before, and are not among those that are counted now. */
  #readBefore = 0;
  #isToldOfNotShown = false;

  constructor(manifest: Manifest, report: (progress: Progress) => void, totals: Totals) {
    this.#manifest = manifest;
    this.#report = report;
    this.#totals = totals;
    this.#name = totals.count === 1 ? [...manifest.linesOf('object')][0]?.key : undefined;
  }

  /** Begins to show how many objects and bytes are uploaded. */
  begin(): void {
    this.#before = this.#manifest.states.uploadedBytes;
    this.#show();
  }

  /**
   * Begins to show how many objects and bytes are read back.
   * @param checkedBytes the bytes of the objects in S3 that are not read back now, because an earlier run has checked them.
   */
  beginReading(checkedBytes: number): void {
    this.#verb = 'reading back';
    this.#pace = new Pace();
    this.#before = checkedBytes;
    this.#done = 0;
    this.#show();
  }

  /** Begins to show how many objects and bytes are read back because S3 confirmed no checksum of them, and says so. */
  beginUnaskedReading(toRead: Totals): void {
    const label =
      'S3 named no checksum of what was uploaded: it is read back, to compare its bytes with those of the file.';
    this.#report({ id: 'unconfirmed', label, state: 'done' });
    this.#totals = toRead;
    this.#readBefore = this.#manifest.states.readBack;
    this.beginReading(0);
  }

  /** Notes bytes that S3 has taken, or that came back. Shows them, unless the line was shown just before. */
  onBytes(bytes: number): void {
    this.#done += bytes;
    if (performance.now() - this.#shownAt >= everyMs) this.#show();
  }

  /** Shows that an object is uploaded, or that it was checked, unless the line was shown just before. */
  onObject(): void {
    if (performance.now() - this.#shownAt >= everyMs) this.#show();
  }

  /** Says that S3 does not show an object. Says it of the first object only, because most often S3 shows none of them. */
  onNotShown({ key }: SentObject): void {
    if (this.#isToldOfNotShown) return;
    this.#isToldOfNotShown = true;
    const label = `S3 does not show you whether ${key} exists: s3:GetObject shows an object, and s3:ListBucket that there is none. An upload needs neither, so it is tried.`;
    this.#report({ id: 'not shown', label, state: 'done' });
  }

  /** Says that S3 still has an earlier upload in parts, and how to end it. */
  onUploadLeft({ bucket, key, uploadId }: LeftUpload): void {
    const command = `aws s3api abort-multipart-upload --bucket ${quote(bucket)} --key ${quote(key)} --upload-id ${quote(uploadId)}`;
    const label = `S3 did not end the earlier upload of ${key} (s3:AbortMultipartUpload). The file is sent anew. The parts from before are billed until somebody ends that upload: ${command}`;
    this.#report({ id: `left: ${uploadId}`, label, state: 'done' });
  }

  /** Tells of an object that was not sent, or is wrong. When there is only one object, its problem tells it at the end. */
  onRefused({ key }: SentObject, { what }: Problem): void {
    if (this.#name === undefined) this.#report({ id: `refused: ${key}`, label: what, state: 'done' });
  }

  /** Ends the line with the totals. A single object has no such line: its own line ends with the words about its check. */
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
    const { uploaded, readBack } = this.#manifest.states;
    const { count } = this.#totals;
    // An object that the caller may not read is checked, and not read back.
    const finished = this.#verb === 'uploading' ? uploaded : readBack - this.#readBefore;
    return this.#name ?? `${finished} of ${count} ${count === 1 ? 'object' : 'objects'}`;
  }

  #show(): void {
    this.#shownAt = performance.now();
    const { bytes: total } = this.#totals;
    const done = Math.min(this.#before + this.#done, total);
    const pace = this.#pace.words(this.#done, total - this.#before);
    const note = pace === '' ? this.#verb : `${this.#verb}, ${pace}`;
    this.#report({ id: this.#name ?? 'objects', label: this.#label(), note, bytes: { done, total }, state: 'working' });
  }
}
