import { pipeline, type Readable, Transform } from 'node:stream';

/** The limits of an answer, and what to do at its end or at a limit. */
type Limits = {
  /** In each period of this length at least `leastBytes` bytes must arrive. */
  readonly windowMs: number;
  readonly leastBytes: number;
  /** The largest size of the whole answer. */
  readonly mostBytes: number;
  /** Called once, when the answer ends well or badly. */
  readonly onEnd: () => void;
  /** Makes the error for an answer that comes too slowly. */
  readonly makeSlowError: () => Error;
  /** Makes the error for an answer over `mostBytes`. */
  readonly makeLongError: () => Error;
  /** Turns the error of a connection that broke within the answer into the error that the reader gets. */
  readonly translateError: (error: Error) => Error;
};

/** Gives a stream with the same bytes as an answer's body. The stream fails when the body is too slow, too long or cut off. */
export function watchAnswer(body: Readable, limits: Limits): Readable {
  const { windowMs, leastBytes, mostBytes, onEnd, makeSlowError, makeLongError, translateError } = limits;
  let bytesInWindow = 0;
  let bytesInAll = 0;
  const watched = new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      bytesInWindow += chunk.length;
      bytesInAll += chunk.length;
      if (bytesInAll > mostBytes) pass(makeLongError());
      else pass(null, chunk);
    },
  });
  const timer = setInterval(() => {
    // When our own reader has not taken the last bytes yet, the service is not to blame for the pause.
    if (bytesInWindow < leastBytes && !watched.writableNeedDrain) watched.destroy(makeSlowError());
    bytesInWindow = 0;
  }, windowMs);
  body.once('error', (error: Error) => watched.destroy(translateError(error)));
  // The callback runs after success and after an error. It may ignore the error, because the reader of the stream gets it.
  return pipeline(body, watched, () => {
    clearInterval(timer);
    onEnd();
  });
}
