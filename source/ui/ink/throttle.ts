/**
 * A function that passes values on. Values that may wait are passed at most once in a given time; when several come in that
 * time, only the last of them is passed. `flush` passes the value that waits, at once.
 */
export type Throttled<Value> = { (value: Value, mayWait: boolean): void; flush(): void };

/**
 * Makes a {@link Throttled} function. A value that may not wait is passed at once, after the value that waits.
 * @param ms the shortest time in milliseconds between two values that may wait. After `flush` and after a value that may not
 * wait, the next value need not wait.
 */
export function throttle<Value>(ms: number, pass: (value: Value) => void): Throttled<Value> {
  let waiting: Value | undefined;
  /** Runs for `ms` milliseconds after each value that may wait was passed. */
  let timer: NodeJS.Timeout | undefined;
  const passWaiting = () => {
    if (waiting !== undefined) pass(waiting);
    waiting = undefined;
  };
  const startTimer = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (waiting === undefined) return;
      passWaiting();
      startTimer();
    }, ms);
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    passWaiting();
  };
  const receive = (value: Value, mayWait: boolean) => {
    if (!mayWait) {
      flush();
      pass(value);
    } else if (timer === undefined) {
      pass(value);
      startTimer();
    } else {
      waiting = value;
    }
  };
  return Object.assign(receive, { flush });
}
