import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { ChunkCheck } from '../sigv4.ts';

const maxLineBytes = 8 * 1024;

/** The kind of the bytes that come next. `size`, `end of data` and `trailer` are lines. */
type Next = 'size' | 'data' | 'end of data' | 'trailer' | 'nothing';

/**
 * Removes the framing of the encoding `aws-chunked` from a body and yields only the content. Each chunk is a line
 * `size[;chunk-signature=...]` with its size in hex, then its bytes and a line end. The last chunk has the size 0. After it
 * come the trailing headers. Source: "Signature calculations: transferring payload in multiple chunks", S3 API reference.
 * @param onTrailer gets each trailing header, with its name in lower case.
 * @param check when present, checks the signatures of each chunk and of the trailing headers.
 * @throws IncompleteBody or SignatureDoesNotMatch (403).
 */
export async function* removeChunkFraming(
  source: AsyncIterable<Buffer>,
  onTrailer: (name: string, value: string) => void,
  check?: ChunkCheck,
): AsyncGenerator<Buffer> {
  const framing = new Framing(onTrailer, check);
  let partialLine: Buffer = Buffer.alloc(0);
  for await (const received of source) {
    let buffer = partialLine.length > 0 ? Buffer.concat([partialLine, received]) : received;
    partialLine = Buffer.alloc(0);
    while (buffer.length > 0 && framing.next !== 'nothing') {
      // The bytes of a chunk are passed on as they come. A line must be whole.
      if (framing.next === 'data') {
        const part = framing.takeData(buffer);
        buffer = buffer.subarray(part.length);
        yield part;
        continue;
      }
      const lineEnd = buffer.indexOf('\r\n');
      if (lineEnd < 0) {
        if (buffer.length > maxLineBytes) throw incompleteBody();
        partialLine = buffer;
        break;
      }
      framing.takeLine(buffer.toString('latin1', 0, lineEnd));
      buffer = buffer.subarray(lineEnd + 2);
    }
  }
  // Some clients end a body without trailers right after the empty chunk.
  if (framing.next !== 'nothing' && framing.next !== 'trailer') throw incompleteBody();
}

/** The framing of one body: what comes next in it, and the chunk or the trailing headers that are being read. */
class Framing {
  next: Next = 'size';
  /** How many bytes of the present chunk are still to come. */
  #bytesLeft = 0;
  #contentHash = createHash('sha256');
  /** The signature of the present chunk; empty when the chunk has none. */
  #chunkSignature = '';
  #trailerLines = '';
  readonly #onTrailer: (name: string, value: string) => void;
  readonly #check: ChunkCheck | undefined;

  constructor(onTrailer: (name: string, value: string) => void, check: ChunkCheck | undefined) {
    this.#onTrailer = onTrailer;
    this.#check = check;
  }

  /** Takes the bytes of the present chunk from the beginning of a buffer, and gives them. */
  takeData(buffer: Buffer): Buffer {
    const part = buffer.subarray(0, this.#bytesLeft);
    this.#bytesLeft -= part.length;
    this.next = this.#bytesLeft === 0 ? 'end of data' : 'data';
    if (this.#check) this.#contentHash.update(part);
    return part;
  }

  /**
   * Takes a whole line, without its end.
   * @throws IncompleteBody when the line does not have the form that comes next, SignatureDoesNotMatch (403).
   */
  takeLine(line: string): void {
    switch (this.next) {
      case 'size': {
        this.#takeSize(line);
        break;
      }
      case 'end of data': {
        if (line !== '') throw incompleteBody();
        this.#endChunk();
        this.next = 'size';
        break;
      }
      case 'trailer': {
        this.#takeTrailer(line);
        break;
      }
    }
  }

  /**
   * Takes the line before a chunk: its size in hex, and perhaps `;` with the chunk signature. Any other text after `;` counts as no
   * signature. Ends the last chunk, which is empty.
   * @throws IncompleteBody for a line that does not begin with such a size, or as {@link #endChunk} does.
   */
  #takeSize(line: string): void {
    const [, size, extension = ''] = /^([0-9a-f]{1,12})(;.*)?$/i.exec(line) ?? [];
    if (size === undefined) throw incompleteBody();
    this.#bytesLeft = Number.parseInt(size, 16);
    this.#chunkSignature = /^;chunk-signature=([0-9a-f]{64})$/.exec(extension)?.[1] ?? '';
    if (this.#bytesLeft > 0) {
      this.next = 'data';
    } else {
      this.#endChunk();
      this.next = 'trailer';
    }
  }

  /**
   * Takes a trailing header, the signature of all trailing headers, or the empty line at the end.
   * @throws SignatureDoesNotMatch (403).
   */
  #takeTrailer(line: string): void {
    if (line === '') {
      this.next = 'nothing';
      return;
    }
    const [name = '', ...valueParts] = line.split(':');
    const value = valueParts.join(':').trim();
    if (name === 'x-amz-trailer-signature') {
      if (this.#check && !this.#check.isTrailerValid(this.#trailerLines, value)) throw wrongSignature();
    } else {
      this.#trailerLines += `${line}\n`;
      this.#onTrailer(name.trim().toLowerCase(), value);
    }
  }

  /**
   * Checks the signature of the chunk that has ended.
   * @throws SignatureDoesNotMatch (403).
   */
  #endChunk(): void {
    if (this.#check && !this.#check.isChunkValid(this.#contentHash.digest('hex'), this.#chunkSignature))
      throw wrongSignature();
    this.#contentHash = createHash('sha256');
  }
}

function wrongSignature(): AwsError {
  return new AwsError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    { status: 403 },
  );
}

function incompleteBody(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
}
