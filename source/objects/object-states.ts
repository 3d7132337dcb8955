import type { SentPart } from '../aws/object-write.ts';
import type { LineOf, ManifestLine } from './manifest-line.ts';

/**
 * The numbers that say how far an object is. A number takes one byte for each object. `found`: uploaded, because it was there
 * already.
 */
const codes = {
  new: 0,
  sending: 1,
  beginning: 2,
  begun: 3,
  uploaded: 4,
  found: 5,
  checked: 6,
  refused: 7,
  wrong: 8,
} as const;

/** How far an object is, and what is known of its upload. */
export type ObjectState =
  | { readonly is: 'new' }
  /** A request that makes the object was sent, and its answer is not known. */
  | { readonly is: 'sending' }
  /** The request that begins an upload in parts was sent, and its answer is not known. */
  | { readonly is: 'beginning'; readonly at: string }
  /** An upload in parts has begun, and its UploadId is known. */
  | { readonly is: 'begun'; readonly upload: LineOf<'begun'>; readonly parts: readonly SentPart[] }
  | { readonly is: 'uploaded' | 'checked' | 'refused' | 'wrong' };

/** Folds the lines of a manifest: how far each object is, and the totals. */
export class ObjectStates {
  #codes = new Uint8Array(1024);
  #count = 0;
  /** When an upload in parts was about to be begun, by the number of its object. */
  readonly #beginning = new Map<number, string>();
  /** The uploads in parts that have begun, by the number of their object. */
  readonly #begun = new Map<number, { upload: LineOf<'begun'>; parts: SentPart[] }>();
  /** The ETags of objects that are wrong, by the number of the object. */
  readonly #wrong = new Map<number, string>();
  /** The ETags of the objects that have replaced wrong ones, by the number of the object. */
  readonly #replaced = new Map<number, string>();
  /** How many bytes of an object were read back, by its number. */
  readonly #readTo = new Map<number, number>();
  /** The objects in S3 whose bytes neither a checksum of S3 nor reading back has confirmed. */
  readonly #unconfirmed = new Set<number>();
  /** How many objects are in S3, of how many bytes together, and how many of these were there already. */
  uploaded = 0;
  uploadedBytes = 0;
  found = 0;
  /** How many objects were checked, and of how many of these all bytes were read. */
  checked = 0;
  readBack = 0;

  /** Adds an object of the plan. */
  add(): void {
    if (this.#count === this.#codes.length) {
      const larger = new Uint8Array(2 * this.#count);
      larger.set(this.#codes);
      this.#codes = larger;
    }
    this.#codes[this.#count] = codes.new;
    this.#count += 1;
  }

  /** Forgets the objects of a plan that is not whole. There is nothing else to forget, because none of them was sent. */
  clear(): void {
    this.#count = 0;
  }

  /** Changes what is known of an object by the next line of the manifest about it. */
  apply(line: Exclude<ManifestLine, LineOf<'plan' | 'planned' | 'object' | 'left out'>>): void {
    const { n } = line;
    switch (line.is) {
      case 'sending':
        this.#codes[n] = codes.sending;
        break;
      case 'beginning':
        this.#codes[n] = codes.beginning;
        this.#beginning.set(n, line.at);
        break;
      case 'begun':
        this.#codes[n] = codes.begun;
        this.#begun.set(n, { upload: line, parts: [] });
        break;
      case 'part':
        this.#begun.get(n)?.parts.push(line);
        break;
      case 'given up':
        // The upload is gone. But S3 still has an object that an earlier try has found wrong.
        this.#codes[n] = this.#wrong.has(n) ? codes.wrong : codes.new;
        this.#forgetUpload(n);
        break;
      case 'uploaded':
        this.#codes[n] = line.found === true ? codes.found : codes.uploaded;
        this.uploaded += 1;
        this.uploadedBytes += line.size;
        if (line.found === true) this.found += 1;
        if (this.#wrong.delete(n)) this.#replaced.set(n, line.etag);
        if (!line.checksum) this.#unconfirmed.add(n);
        this.#forgetUpload(n);
        break;
      case 'read':
        this.#readTo.set(n, line.to);
        break;
      case 'checked':
        this.#codes[n] = codes.checked;
        this.checked += 1;
        if (line.readBack) {
          this.readBack += 1;
          this.#unconfirmed.delete(n);
        }
        this.#readTo.delete(n);
        break;
      case 'wrong':
        // An object that was found wrong only after it was noted as uploaded is no longer counted.
        if (!this.isToSend(n)) {
          this.uploaded -= 1;
          this.uploadedBytes -= line.size;
          if (this.#codes[n] === codes.found) this.found -= 1;
        }
        this.#codes[n] = codes.wrong;
        this.#wrong.set(n, line.etag);
        this.#unconfirmed.delete(n);
        // Of the object that takes its place, nothing was read.
        this.#readTo.delete(n);
        this.#forgetUpload(n);
        break;
      case 'refused':
        // The other codes say what an earlier try may have left in S3. The next try needs them, to continue or to clean up.
        if (this.#codes[n] === codes.new) this.#codes[n] = codes.refused;
        break;
    }
  }

  /** Gives how far an object is. @param n the number of the object in the plan. */
  of(n: number): ObjectState {
    switch (this.#codes[n]) {
      case codes.sending:
        return { is: 'sending' };
      case codes.beginning:
        return { is: 'beginning', at: this.#beginning.get(n) ?? '' };
      case codes.begun: {
        const begun = this.#begun.get(n);
        return begun === undefined ? { is: 'new' } : { is: 'begun', ...begun };
      }
      case codes.uploaded:
      case codes.found:
        return { is: 'uploaded' };
      case codes.checked:
        return { is: 'checked' };
      case codes.refused:
        return { is: 'refused' };
      case codes.wrong:
        return { is: 'wrong' };
      default:
        return { is: 'new' };
    }
  }

  /** Tells whether an object is not in S3 yet, or is wrong there. A file that was refused before is tried again. */
  isToSend(n: number): boolean {
    return !this.#isUploaded(n) && this.#codes[n] !== codes.checked;
  }

  /** Gives the ETag of an object that is wrong, so that the next try may replace it; `undefined` when it is not wrong. */
  wrongEtag(n: number): string | undefined {
    return this.#wrong.get(n);
  }

  /** Tells whether an object is uploaded and not checked, and this line is about its last upload. */
  isToCheck(line: LineOf<'uploaded'>): boolean {
    return this.#isUploaded(line.n) && this.#isLast(line);
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

  /** Tells whether an object is in S3 and not checked yet. */
  #isUploaded(n: number): boolean {
    return this.#codes[n] === codes.uploaded || this.#codes[n] === codes.found;
  }

  /** Tells whether a line is about the last upload of its object. An object that was wrong has several uploads. */
  #isLast({ n, etag }: LineOf<'uploaded'>): boolean {
    return (this.#replaced.get(n) ?? etag) === etag;
  }

  #forgetUpload(n: number): void {
    this.#beginning.delete(n);
    this.#begun.delete(n);
  }
}
