/** Passes values on; those that may wait come at most once in a while, and the last of them always comes. */
export type Throttled<Value> = { (value: Value, mayWait: boolean): void; flush(): void };

/** Makes a {@link Throttled} receiver. A value that may not wait also brings out the one that waits. */
export function throttle<Value>(ms: number, pass: (value: Value) => void): Throttled<Value> {
  let waiting: Value | undefined;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting !== undefined) pass(waiting);
    waiting = undefined;
  };
  const receive = (value: Value, mayWait: boolean) => {
    if (!mayWait) {
      flush();
      pass(value);
    } else if (timer === undefined) {
      pass(value);
      timer = setTimeout(flush, ms);
    } else {
      waiting = value;
    }
  };
  return Object.assign(receive, { flush });
}
