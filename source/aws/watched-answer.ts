import { pipeline, type Readable, Transform } from 'node:stream';

type Limits = {
  /** In each window of this length at least `leastBytes` bytes must arrive. */
  readonly windowMs: number;
  readonly leastBytes: number;
  readonly mostBytes: number;
  readonly onEnd: () => void;
  readonly tooSlow: () => Error;
  readonly tooLong: () => Error;
  /** What is thrown where the connection ends before the answer. */
  readonly brokenOff: (error: Error) => Error;
};

/** Passes an answer's body on, and ends it with an error where it comes too slowly or is too long. */
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
    // Where the reader is the slow one, the other side can do nothing about it.
    if (inWindow < leastBytes && !watched.writableNeedDrain) watched.destroy(tooSlow());
    inWindow = 0;
  }, windowMs);
  body.once('error', (error: Error) => watched.destroy(brokenOff(error)));
  // The callback runs at every kind of end; the reader of the stream gets the error.
  return pipeline(body, watched, () => {
    clearInterval(timer);
    onEnd();
  });
}
