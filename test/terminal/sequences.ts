/**
 * Every control sequence that may leave the program, by what mosh 1.4 (terminalfunctions.cc), GNU screen 4.9 (ansi.c) and
 * tmux 3.3 (input.c) know. What one of them does not know is here only where the screen looks the same without it.
 */
const everywhere: ReadonlySet<string> = new Set([
  // CUU, CUD, CUF, CHA, CUP, ED, EL (ECMA-48 8.3) and SGR with bold and the colours that each of them has.
  ...['CSI A', 'CSI B', 'CSI C', 'CSI G', 'CSI H', 'CSI J', 'CSI K'],
  ...['CSI 1m', 'CSI 22m', 'CSI 31m', 'CSI 32m', 'CSI 33m', 'CSI 36m', 'CSI 39m'],
  // Dim letters: mosh leaves it out, and shows them as any others.
  'CSI 2m',
  // Whether the cursor is shown.
  ...['CSI ?25h', 'CSI ?25l'],
  // Bracketed paste. screen 4.9 does not know it and leaves it out; text that is pasted there comes as keys.
  ...['CSI ?2004h', 'CSI ?2004l'],
]);

/** Links and the clipboard: sent only where the terminal is known to take them, or the person asked for a copy. */
export const onRequest: ReadonlySet<string> = new Set(['OSC 8', 'OSC 52']);

const sequence =
  /\u001B\[(?<mark>[<-?]?)(?<numbers>[\d:;]*)(?<between>[ -/]*)(?<end>[@-~])|\u001B\](?<osc>\d+)[^\u0007\u001B]*(?:\u0007|\u001B\\)|\u001B.?|[^\P{Cc}\r\n]/gsu;

/** The names of the control sequences in what a program wrote, and of what is none, each once. Each style has its own name. */
export function sequencesIn(written: string): ReadonlySet<string> {
  return new Set(
    [...written.matchAll(sequence)].flatMap(({ 0: whole, groups: { mark, numbers, between, end, osc } = {} }) => {
      if (osc !== undefined) return [`OSC ${osc}`];
      if (end === undefined) return [JSON.stringify(whole)];
      if (mark !== '' || between !== '') return [`CSI ${mark}${numbers}${between}${end}`];
      return end === 'm' ? (numbers ?? '').split(';').map((number) => `CSI ${number}m`) : [`CSI ${end}`];
    }),
  );
}

/** Those that may not leave the program. */
export function unknownIn(written: string): readonly string[] {
  return [...sequencesIn(written)].filter((name) => !everywhere.has(name) && !onRequest.has(name));
}
