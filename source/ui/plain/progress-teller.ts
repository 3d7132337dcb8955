import type { Progress } from '../../ceremony/step.ts';

/** An upload gets another line each time that this fraction of its bytes is done. */
const fractionPerLine = 0.25;

/**
 * Makes a function that prints progress as lines. It prints a line only when the line has changed, and none for the seconds of a
 * wait. Of an upload, it prints each quarter but the last; another line follows when the upload is done.
 */
export function progressTeller(say: (line: string) => void): (progress: Progress) => void {
  /** The last printed line, by the id of the progress. */
  const lastLines = new Map<string, string>();
  return ({ id, label, note, state, bytes, tick }) => {
    if (tick === true) return;
    const fraction = bytes === undefined || bytes.total === 0 ? 0 : bytes.done / bytes.total;
    // The fraction, rounded down to a whole number of quarters.
    const reached = Math.floor(fraction / fractionPerLine) * fractionPerLine;
    const isUploading = state === 'working' && reached > 0;
    // All bytes are sent, but the upload is not done: a line will come when it is.
    if (isUploading && reached >= 1) return;
    const line = isUploading
      ? `  ${label}: ${note ?? 'working'}, ${reached * 100} %`
      : `  ${label}${note === undefined ? '' : `, ${note}`}`;
    if (lastLines.get(id) === line) return;
    lastLines.set(id, line);
    say(line);
  };
}
