import type { Progress } from '../../ceremony/step.ts';

/** The fraction of an upload after which another line about it is printed. */
const share = 0.25;

/** Makes a function that prints progress as lines. It prints no line twice, and for an upload one line a quarter. */
export function progressTeller(say: (line: string) => void): (progress: Progress) => void {
  const told = new Map<string, string>();
  return ({ id, label, note, state, bytes, tick }) => {
    if (tick === true) return;
    const far = bytes === undefined || bytes.total === 0 ? 0 : Math.floor(bytes.done / bytes.total / share) * share;
    const line =
      state === 'working' && far > 0 && far < 1
        ? `  ${label}: ${note ?? 'working'}, ${far * 100} %`
        : state === 'working' && far > 0
          ? told.get(id)
          : `  ${label}${note === undefined ? '' : `, ${note}`}`;
    if (line === undefined || told.get(id) === line) return;
    told.set(id, line);
    say(line);
  };
}
