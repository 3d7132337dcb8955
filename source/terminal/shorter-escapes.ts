/**
 * Rewrites an update of the screen into fewer bytes, with only those sequences that mosh, GNU screen and tmux know.
 *
 * Ink moves between lines with CNL (`ESC [ E`) and CPL (`ESC [ F`), which mosh 1.4 ignores. By ECMA-48 8.3.12 and 8.3.13 they
 * move down or up to the beginning of a line, so that CUD or CUU and a carriage return do the same. Synchronized output
 * (private mode 2026) is left out, because mosh and screen do not know it. To save bytes over ssh, several moves become
 * one, and a colour that is reset before a letter is written is left out.
 */
export function shortenUpdate(update: string): string {
  return update
    .replaceAll(/\u001B\[\?2026[hl]/g, '')
    .replaceAll(
      /((?:\u001B\[\d*E)+)(\u001B\[\d+G)?/g,
      (_, run: string, column = '\r') => `${mergeMoves(run, 'B')}${column}`,
    )
    .replaceAll(
      /((?:\u001B\[\d*F)+)(\u001B\[\d+G)?/g,
      (_, run: string, column = '\r') => `${mergeMoves(run, 'A')}${column}`,
    )
    .replaceAll(/\u001B\[(?:3[0-7]|9[0-7])m(?=\u001B\[39m)/g, '');
}

/** Replaces several cursor moves in one direction by one. A move without a number is a move by one line. */
function mergeMoves(run: string, way: 'A' | 'B'): string {
  const lines = [...run.matchAll(/\[(\d*)/g)].reduce((sum, [, count]) => sum + Math.max(1, Number(count)), 0);
  return `\u001B[${lines === 1 ? '' : lines}${way}`;
}

/** Gives a proxy of the stream that passes every written text through {@link shortenUpdate}. */
export function shortenEscapes(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (chunk: Uint8Array | string, ...rest: unknown[]) =>
    Reflect.apply(stdout.write, stdout, [typeof chunk === 'string' ? shortenUpdate(chunk) : chunk, ...rest]);
  return new Proxy(stdout, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
