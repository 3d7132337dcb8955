import type { SentPart } from '../aws/object-write.ts';
import type { LineOf, ManifestLine } from './manifest-line.ts';

/** How far an object is; one byte for each. */
const isNew = 0;
const isSending = 1;
const isBeginning = 2;
const isBegun = 3;
const isUploaded = 4;
const isChecked = 5;
const isRefused = 6;
const isWrong = 7;

/** What is known of an object that is on the way. */
export type ObjectState =
  | { readonly is: 'new' }
  /** A request that makes it was sent, and its answer is not known. */
  | { readonly is: 'sending' }
  | { readonly is: 'beginning'; readonly at: string }
  | { readonly is: 'begun'; readonly upload: LineOf<'begun'>; readonly parts: readonly SentPart[] }
  | { readonly is: 'uploaded' | 'checked' | 'refused' | 'wrong' };

/** Folds the lines of a manifest: how far each object is, and the totals. */
export class ObjectStates {
  #codes = new Uint8Array(1024);
  #count = 0;
  /** Details of objects on the way, by their number. */
  readonly #beginning = new Map<number, string>();
  readonly #begun = new Map<number, { upload: LineOf<'begun'>; parts: SentPart[] }>();
  readonly #wrong = new Map<number, string>();
  /** The ETags of objects that were uploaded again because they were wrong. */
  readonly #again = new Map<number, string>();
  readonly #readTo = new Map<number, number>();
  /** The objects in S3 whose bytes neither a checksum of S3 nor reading back has confirmed. */
  readonly #unconfirmed = new Set<number>();
  /** How many objects are in S3, of how many bytes together, and how many of these were there already. */
  uploaded = 0;
  uploadedBytes = 0;
  found = 0;
  checked = 0;
  readBack = 0;

  /** Adds an object of the plan. */
  add(): void {
    if (this.#count === this.#codes.length) {
      const larger = new Uint8Array(2 * this.#count);
      larger.set(this.#codes);
      this.#codes = larger;
    }
    this.#codes[this.#count] = isNew;
    this.#count += 1;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Takes a line about an object. */
  apply(line: Exclude<ManifestLine, LineOf<'plan' | 'planned' | 'object' | 'left out'>>): void {
    const { n } = line;
    switch (line.is) {
      case 'sending':
        this.#codes[n] = isSending;
        break;
      case 'beginning':
        this.#codes[n] = isBeginning;
        this.#beginning.set(n, line.at);
        break;
      case 'begun':
        this.#codes[n] = isBegun;
        this.#begun.set(n, { upload: line, parts: [] });
        break;
      case 'part':
        this.#begun.get(n)?.parts.push(line);
        break;
      case 'given up':
        // An object that an earlier try has found wrong is still there.
        this.#codes[n] = this.#wrong.has(n) ? isWrong : isNew;
        this.#leaveWay(n);
        break;
      case 'uploaded':
        this.#codes[n] = isUploaded;
        this.uploaded += 1;
        this.uploadedBytes += line.size;
        if (line.found === true) this.found += 1;
        if (this.#wrong.delete(n)) this.#again.set(n, line.etag);
        if (!line.checksum) this.#unconfirmed.add(n);
        this.#leaveWay(n);
        break;
      case 'read':
        this.#readTo.set(n, line.to);
        break;
      case 'checked':
        this.#codes[n] = isChecked;
        this.checked += 1;
        if (line.readBack) {
          this.readBack += 1;
          this.#unconfirmed.delete(n);
        }
        this.#readTo.delete(n);
        break;
      case 'wrong':
        if (!this.isToSend(n)) {
          this.uploaded -= 1;
          this.uploadedBytes -= line.size;
        }
        this.#codes[n] = isWrong;
        this.#wrong.set(n, line.etag);
        this.#unconfirmed.delete(n);
        this.#leaveWay(n);
        break;
      case 'refused':
        // What an earlier try has left stays known, so that the next one can look at it or give it up.
        if (this.#codes[n] === isNew) this.#codes[n] = isRefused;
        break;
    }
  }

  /** Gives what is known of an object. */
  of(n: number): ObjectState {
    switch (this.#codes[n]) {
      case isSending:
        return { is: 'sending' };
      case isBeginning:
        return { is: 'beginning', at: this.#beginning.get(n) ?? '' };
      case isBegun: {
        const begun = this.#begun.get(n);
        return begun === undefined ? { is: 'new' } : { is: 'begun', ...begun };
      }
      case isUploaded:
        return { is: 'uploaded' };
      case isChecked:
        return { is: 'checked' };
      case isRefused:
        return { is: 'refused' };
      case isWrong:
        return { is: 'wrong' };
      default:
        return { is: 'new' };
    }
  }

  /** Tells whether an object is not in S3 yet. What was refused before is tried again. */
  isToSend(n: number): boolean {
    return this.#codes[n] !== isUploaded && this.#codes[n] !== isChecked;
  }

  /** Gives the ETag of the object that a try has found wrong, so that the next one may replace it. */
  wrongEtag(n: number): string | undefined {
    return this.#wrong.get(n);
  }

  /** Tells whether an object is uploaded and not checked, and this line is about its last upload. */
  isToCheck(line: LineOf<'uploaded'>): boolean {
    return this.#codes[line.n] === isUploaded && this.#isLast(line);
  }

  /** Tells whether an object is in S3, and this line is about its last upload. */
  isInS3(line: LineOf<'uploaded'>): boolean {
    return !this.isToSend(line.n) && this.#isLast(line);
  }

  /** Tells whether nothing has confirmed the bytes of an object that is in S3. */
  isUnconfirmed(n: number): boolean {
    return this.#unconfirmed.has(n);
  }

  /** Gives how many objects are in S3 whose bytes nothing has confirmed. */
  get unconfirmed(): number {
    return this.#unconfirmed.size;
  }

  /** Gives how many bytes of an object were read back before. */
  readTo(n: number): number {
    return this.#readTo.get(n) ?? 0;
  }

  #isLast({ n, etag }: LineOf<'uploaded'>): boolean {
    return (this.#again.get(n) ?? etag) === etag;
  }

  #leaveWay(n: number): void {
    this.#beginning.delete(n);
    this.#begun.delete(n);
  }
}
