import { Readable } from 'node:stream';

/** A body over this size is sent in pieces, so that its progress can be measured. */
const pieceBytes = 32 * 1024;

/** Gives the pieces of a body that is sent in pieces: a large body or a stream. Gives `undefined` for any other body. */
export function piecesOf(body: unknown): Iterable<Uint8Array> | Readable | undefined {
  if (body instanceof Readable) return body;
  return body instanceof Uint8Array && body.length > pieceBytes ? cutIntoPieces(body) : undefined;
}

function* cutIntoPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
}

/** Watches a body on its way: `onPiece` gets the size of a piece when the next one is wanted; `onSent` follows the last one. */
type OnTheWay = { readonly onPiece: (bytes: number) => void; readonly onSent: () => void };

/** Gives a stream of the pieces. */
export function streamPieces(pieces: Iterable<Uint8Array> | Readable, watch: OnTheWay): Readable {
  const watched = pieces instanceof Readable ? watchStream(pieces, watch) : watchPieces(pieces, watch);
  return Readable.from(watched, { objectMode: false, highWaterMark: pieceBytes });
}

function* watchPieces(pieces: Iterable<Uint8Array>, { onPiece, onSent }: OnTheWay): Generator<Uint8Array> {
  for (const piece of pieces) {
    yield piece;
    onPiece(piece.length);
  }
  onSent();
}

async function* watchStream(stream: Readable, { onPiece, onSent }: OnTheWay): AsyncGenerator<Uint8Array> {
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    yield piece;
    onPiece(piece.length);
  }
  onSent();
}
