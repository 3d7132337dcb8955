/**
 * A function that passes values on. Values that may wait are passed at most once in a given time; when several come in that
 * time, only the last of them is passed. `flush` passes the value that waits, at once.
 */
export type Throttled<Value> = { (value: Value, mayWait: boolean): void; flush(): void };

/**
 * Makes a {@link Throttled} function. A value that may not wait is passed at once, after the value that waits.
 * @param ms the shortest time in milliseconds between two values that may wait.
 */
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
      // No value was passed in the last `ms` milliseconds.
      pass(value);
      timer = setTimeout(flush, ms);
    } else {
      waiting = value;
    }
  };
  return Object.assign(receive, { flush });
}
