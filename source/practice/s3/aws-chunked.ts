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
 * @param check when present, checks the signature of each chunk.
 * @throws IncompleteBody or SignatureDoesNotMatch (403).
 */
export async function* removeChunkFraming(
  source: AsyncIterable<Buffer>,
  onTrailer: (name: string, value: string) => void,
  check?: ChunkCheck,
): AsyncGenerator<Buffer> {
  let next = 'size' as Next;
  /** How many bytes of the present chunk are still to come. */
  let bytesLeft = 0;
  let contentHash = createHash('sha256');
  let chunkSignature = '';
  let trailerLines = '';
  /** Checks the signature of the chunk that has ended. */
  const endChunk = () => {
    if (check && !check.isChunkValid(contentHash.digest('hex'), chunkSignature)) throw wrongSignature();
    contentHash = createHash('sha256');
  };
  /** Reads a whole line of the framing, and sets what comes next. */
  const takeLine = (line: string) => {
    switch (next) {
      case 'size': {
        // The size in hex, and perhaps `;` with the chunk signature.
        const [, size, extension = ''] = /^([0-9a-f]{1,12})(;.*)?$/i.exec(line) ?? [];
        if (size === undefined) throw incompleteBody();
        bytesLeft = Number.parseInt(size, 16);
        chunkSignature = /^;chunk-signature=([0-9a-f]{64})$/.exec(extension)?.[1] ?? '';
        next = bytesLeft === 0 ? 'trailer' : 'data';
        if (bytesLeft === 0) endChunk();
        break;
      }
      case 'end of data': {
        if (line !== '') throw incompleteBody();
        endChunk();
        next = 'size';
        break;
      }
      case 'trailer': {
        const [name = '', ...valueParts] = line.split(':');
        const value = valueParts.join(':').trim();
        next = line === '' ? 'nothing' : 'trailer';
        if (name === 'x-amz-trailer-signature') {
          if (check && !check.isTrailerValid(trailerLines, value)) throw wrongSignature();
        } else if (line !== '') {
          trailerLines += `${line}\n`;
          onTrailer(name.trim().toLowerCase(), value);
        }
        break;
      }
    }
  };
  let partialLine: Buffer = Buffer.alloc(0);
  for await (const received of source) {
    let buffer = partialLine.length > 0 ? Buffer.concat([partialLine, received]) : received;
    partialLine = Buffer.alloc(0);
    while (buffer.length > 0 && next !== 'nothing') {
      // The bytes of a chunk are passed on as they come. A line must be whole.
      if (next === 'data') {
        const part = buffer.subarray(0, bytesLeft);
        buffer = buffer.subarray(part.length);
        bytesLeft -= part.length;
        next = bytesLeft === 0 ? 'end of data' : 'data';
        if (check) contentHash.update(part);
        yield part;
        continue;
      }
      const lineEnd = buffer.indexOf('\r\n');
      if (lineEnd < 0) {
        if (buffer.length > maxLineBytes) throw incompleteBody();
        partialLine = buffer;
        break;
      }
      takeLine(buffer.toString('latin1', 0, lineEnd));
      buffer = buffer.subarray(lineEnd + 2);
    }
  }
  // Some clients end a body without trailers right after the empty chunk.
  if (next !== 'nothing' && next !== 'trailer') throw incompleteBody();
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
