/**
 * Keeps what was found out in this run about buckets, and about the files that were chosen for them, so that later questions can
 * say it.
 */
export class BucketNotes {
  readonly #notes = new Map<string, readonly string[]>();

  /** @param about the name of a bucket, or another name under which the notes are found again. */
  keep(about: string, notes: readonly string[]): void {
    this.#notes.set(about, notes);
  }

  /** Gives the notes that were kept under a name; none when there are none. */
  about(name: string): readonly string[] {
    return this.#notes.get(name) ?? [];
  }
}
