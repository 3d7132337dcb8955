import { AwsError } from '../aws-error.ts';

const mostLineBytes = 8 * 1024;

/**
 * Takes the framing of `aws-chunked` off a body: `size[;chunk-signature=...]`, the bytes, and after the last chunk the
 * trailing headers, which `onTrailer` gets with lower-case names. Source: "Signature calculations: transferring payload
 * in multiple chunks", S3 API reference. The signatures of single chunks are not verified. Throws IncompleteBody.
 */
export async function* withoutChunkFraming(
  source: AsyncIterable<Buffer>,
  onTrailer: (name: string, value: string) => void,
): AsyncGenerator<Buffer> {
  let expects: 'size' | 'data' | 'end of data' | 'trailer' | 'nothing' = 'size';
  let left = 0;
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
        yield part;
        continue;
      }
      const lineEnd = buffer.indexOf('\r\n');
      if (lineEnd < 0) {
        if (buffer.length > mostLineBytes) {
          throw incomplete();
        }
        rest = buffer;
        break;
      }
      const line = buffer.toString('latin1', 0, lineEnd);
      buffer = buffer.subarray(lineEnd + 2);
      switch (expects) {
        case 'size': {
          const size = /^([0-9a-f]{1,12})(;.*)?$/i.exec(line)?.[1];
          if (size === undefined) {
            throw incomplete();
          }
          left = Number.parseInt(size, 16);
          expects = left === 0 ? 'trailer' : 'data';
          break;
        }
        case 'end of data': {
          if (line !== '') {
            throw incomplete();
          }
          expects = 'size';
          break;
        }
        case 'trailer': {
          const [name = '', ...value] = line.split(':');
          expects = line === '' ? 'nothing' : 'trailer';
          if (line !== '') {
            onTrailer(name.trim().toLowerCase(), value.join(':').trim());
          }
          break;
        }
      }
    }
  }
  // Some clients end a body without trailers right after the empty chunk.
  if (expects !== 'nothing' && expects !== 'trailer') {
    throw incomplete();
  }
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
}
