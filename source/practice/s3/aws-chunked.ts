import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { ChunkSignatures } from '../sigv4.ts';

const mostLineBytes = 8 * 1024;

/**
 * Removes the framing of the encoding `aws-chunked` from a body and yields only the content. Each chunk is a line
 * `size[;chunk-signature=...]` and its bytes; after the last chunk come the trailing headers. `onTrailer` gets each of them,
 * with its name in lower case. With `signatures`, the signature of each chunk is checked. Source: "Signature calculations:
 * transferring payload in multiple chunks", S3 API reference.
 * @throws IncompleteBody or SignatureDoesNotMatch (403).
 */
export async function* removeChunkFraming(
  source: AsyncIterable<Buffer>,
  onTrailer: (name: string, value: string) => void,
  signatures?: ChunkSignatures,
): AsyncGenerator<Buffer> {
  let expects: 'size' | 'data' | 'end of data' | 'trailer' | 'nothing' = 'size';
  let left = 0;
  let content = createHash('sha256');
  let signed = '';
  let trailer = '';
  const endChunk = () => {
    if (signatures && !signatures.isChunkValid(content.digest('hex'), signed)) throw mismatch();
    content = createHash('sha256');
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    let buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    rest = Buffer.alloc(0);
    while (buffer.length > 0 && expects !== 'nothing') {
      if (expects === 'data') {
        const part = buffer.subarray(0, left);
        buffer = buffer.subarray(part.length);
        left -= part.length;
        expects = left === 0 ? 'end of data' : 'data';
        if (signatures) content.update(part);
        yield part;
        continue;
      }
      const lineEnd = buffer.indexOf('\r\n');
      if (lineEnd < 0) {
        if (buffer.length > mostLineBytes) throw incomplete();
        rest = buffer;
        break;
      }
      const line = buffer.toString('latin1', 0, lineEnd);
      buffer = buffer.subarray(lineEnd + 2);
      switch (expects) {
        case 'size': {
          const [, size, extension = ''] = /^([0-9a-f]{1,12})(;.*)?$/i.exec(line) ?? [];
          if (size === undefined) throw incomplete();
          left = Number.parseInt(size, 16);
          signed = /^;chunk-signature=([0-9a-f]{64})$/.exec(extension)?.[1] ?? '';
          expects = left === 0 ? 'trailer' : 'data';
          if (left === 0) endChunk();
          break;
        }
        case 'end of data': {
          if (line !== '') throw incomplete();
          endChunk();
          expects = 'size';
          break;
        }
        case 'trailer': {
          const [name = '', ...value] = line.split(':');
          expects = line === '' ? 'nothing' : 'trailer';
          if (name === 'x-amz-trailer-signature') {
            if (signatures && !signatures.isTrailerValid(trailer, value.join(':').trim())) throw mismatch();
          } else if (line !== '') {
            trailer += `${line}\n`;
            onTrailer(name.trim().toLowerCase(), value.join(':').trim());
          }
          break;
        }
      }
    }
  }
  // Some clients end a body without trailers right after the empty chunk.
  if (expects !== 'nothing' && expects !== 'trailer') throw incomplete();
}

function mismatch(): AwsError {
  return new AwsError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    { status: 403 },
  );
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
}
