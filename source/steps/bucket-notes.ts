/**
 * Keeps what was found out in this run about buckets, and about the files that were chosen for them, so that later questions can
 * say it.
 */
export class BucketNotes {
  readonly #notes = new Map<string, readonly string[]>();

  /** Keeps notes under a name: that of a bucket, or another one. */
  keep(name: string, notes: readonly string[]): void {
    this.#notes.set(name, notes);
  }

  /** Gives the notes that were kept under a name; none when there are none. */
  about(name: string): readonly string[] {
    return this.#notes.get(name) ?? [];
  }
}
