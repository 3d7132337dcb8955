import { pipeline, type Readable, Transform } from 'node:stream';

type Limits = {
  /** In each period of this length at least `leastBytes` bytes must arrive. */
  readonly windowMs: number;
  readonly leastBytes: number;
  /** The largest size of the whole answer. */
  readonly mostBytes: number;
  /** Called once, when the answer ends well or badly. */
  readonly onEnd: () => void;
  /** Makes the error for an answer that comes too slowly. */
  readonly tooSlow: () => Error;
  /** Makes the error for an answer over `mostBytes`. */
  readonly tooLong: () => Error;
  /** Turns the error of a connection that broke within the answer into the error that the reader gets. */
  readonly brokenOff: (error: Error) => Error;
};

/** Gives a stream with the same bytes as an answer's body. The stream fails when the body comes too slowly or is too long. */
export function watchAnswer(body: Readable, limits: Limits): Readable {
  const { windowMs, leastBytes, mostBytes, onEnd, tooSlow, tooLong, brokenOff } = limits;
  let inWindow = 0;
  let inAll = 0;
  const watched = new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      inWindow += chunk.length;
      inAll += chunk.length;
      if (inAll > mostBytes) pass(tooLong());
      else pass(null, chunk);
    },
  });
  const timer = setInterval(() => {
    // When our own reader is slow and has not taken the last bytes, the other side is not too slow.
    if (inWindow < leastBytes && !watched.writableNeedDrain) watched.destroy(tooSlow());
    inWindow = 0;
  }, windowMs);
  body.once('error', (error: Error) => watched.destroy(brokenOff(error)));
  // The callback runs after success and after an error. It ignores the error, because the reader of the stream gets it.
  return pipeline(body, watched, () => {
    clearInterval(timer);
    onEnd();
  });
}
