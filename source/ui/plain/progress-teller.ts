import type { Progress } from '../../ceremony/step.ts';

/** How far an upload must come before another line about it is worth reading. */
const share = 0.25;

/** Tells progress in lines, each thing once: no line is repeated, and bytes are told in quarters. */
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
