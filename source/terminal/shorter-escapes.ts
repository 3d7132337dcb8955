/**
 * Rewrites an update of the screen into fewer bytes, with only those sequences that mosh, GNU screen and tmux know.
 *
 * Ink moves between lines with CNL (`ESC [ E`) and CPL (`ESC [ F`), which mosh 1.4 ignores. By ECMA-48 8.3.12 and 8.3.13
 * they move down or up to the beginning of a line. CUD (`ESC [ B`) or CUU (`ESC [ A`) with a carriage return does the same.
 * Synchronized output (private mode 2026) is left out, because mosh and screen do not know it. To save bytes over ssh,
 * several moves become one move, and a colour is left out when it is reset before any letter.
 */
export function shortenUpdate(update: string): string {
  return (
    update
      .replaceAll(/\u001B\[\?2026[hl]/g, '')
      // A sequence that sets the column may follow. It takes the place of the carriage return.
      .replaceAll(
        /((?:\u001B\[\d*E)+)(\u001B\[\d+G)?/g,
        (_, moves: string, column = '\r') => `${mergeMoves(moves, 'B')}${column}`,
      )
      .replaceAll(
        /((?:\u001B\[\d*F)+)(\u001B\[\d+G)?/g,
        (_, moves: string, column = '\r') => `${mergeMoves(moves, 'A')}${column}`,
      )
      .replaceAll(/\u001B\[(?:3[0-7]|9[0-7])m(?=\u001B\[39m)/g, '')
  );
}

/**
 * Replaces several cursor moves in one direction by one move.
 * @param moves the sequences of these moves. A move without a number is a move by one line.
 * @param direction the final byte of the new sequence: `A` is up, `B` is down.
 */
function mergeMoves(moves: string, direction: 'A' | 'B'): string {
  const lines = [...moves.matchAll(/\[(\d*)/g)].reduce((sum, [, count]) => sum + Math.max(1, Number(count)), 0);
  return `\u001B[${lines === 1 ? '' : lines}${direction}`;
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
