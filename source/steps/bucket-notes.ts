/**
 * Keeps what was found out in this run about buckets, and about the files that were chosen for them, so that later questions can
 * say it.
 */
export class BucketNotes {
  readonly #notes = new Map<string, readonly string[]>();

  keep(bucket: string, notes: readonly string[]): void {
    this.#notes.set(bucket, notes);
  }

  /** Gives the sentences about a bucket; none when it was not looked at. */
  about(bucket: string): readonly string[] {
    return this.#notes.get(bucket) ?? [];
  }
}
