/**
 * Rewrites an update of the screen into fewer bytes, with only those sequences that mosh, GNU screen and tmux know.
 *
 * Ink moves between lines with CNL (`ESC [ E`) and CPL (`ESC [ F`), which mosh 1.4 ignores. By ECMA-48 8.3.12 and 8.3.13
 * they move down or up to the beginning of a line. CUD (`ESC [ B`) or CUU (`ESC [ A`) with a carriage return does the same.
 * Synchronized output (private mode 2026) is left out, because mosh and screen do not know it. To save bytes over ssh,
 * several moves become one move, a move takes the place of blanks in a line that was cleared, and styles are written only where
 * a letter needs them: see {@link shortenStyles}.
 */
export function shortenUpdate(update: string): string {
  const withoutSynchronization = update.replaceAll(/\u001B\[\?2026[hl]/g, '');
  return skipBlanks(dropReturns(shortenStyles(shortenMoves(withoutSynchronization))));
}

/**
 * Replaces several moves of the cursor by one. Moves to the beginning of a later or earlier line (CNL, CPL) become a move down or
 * up (CUD, CUU), and a carriage return unless a sequence that sets the column (CHA) follows.
 */
function shortenMoves(update: string): string {
  return (
    update
      .replaceAll(
        /((?:\u001B\[\d*E)+)(\u001B\[\d+G)?/g,
        (_, moves: string, column = '\r') => `${mergeMoves(moves, 'B')}${column}`,
      )
      .replaceAll(
        /((?:\u001B\[\d*F)+)(\u001B\[\d+G)?/g,
        (_, moves: string, column = '\r') => `${mergeMoves(moves, 'A')}${column}`,
      )
      // A move up and then down becomes one move up, when it ends higher than it began.
      .replaceAll(/\u001B\[(\d+)A\u001B\[(\d*)B/g, (both, up: string, down: string) => {
        const lines = Number(up) - Number(down || 1);
        return lines > 0 ? `\u001B[${lines === 1 ? '' : lines}A` : both;
      })
  );
}

/**
 * Removes what sets the column twice at a line feed: CHA to the first column after CR LF, and the CR of a CR LF when any other CHA
 * follows, also after CUD.
 */
function dropReturns(update: string): string {
  return update.replaceAll('\r\n\u001B[1G', '\r\n').replaceAll(/\r(?=\n(?:\u001B\[\d*B)?\u001B\[\d+G)/g, '');
}

/** Replaces six or more blanks before other text by a move of the cursor (CUF), in a line that EL has cleared up to its end. */
function skipBlanks(update: string): string {
  return update.replaceAll(
    /(?<=\u001B\[K(?:[^\r\n\u001B]|\u001B\[[\d;]*m)*) {6,}(?=[^\r\n ])/g,
    (blanks) => `\u001B[${blanks.length}C`,
  );
}

/** The two styles of this program's text, as the codes of SGR (ECMA-48 8.3.117). */
type Style = { readonly weight: string; readonly colour: string };

/** The codes that reset the weight and the colour. */
const normal: Style = { weight: '22', colour: '39' };

/**
 * Writes weight and colour only before letters that have another style than the letters before them, in one sequence. Ink
 * closes and opens styles at each piece of text, and repeats those of the unchanged beginning of a line. An update with
 * any other style stays as it is, such as one with a background, which also shows on blanks. So does one that is bold and dim at
 * once.
 */
function shortenStyles(update: string): string {
  let wanted = normal;
  let written = normal;
  let short = '';
  /**
   * Gives the sequence from the style that was written last to the wanted one; empty when they are the same. From then on, the
   * wanted one counts as written.
   */
  const takeChange = () => {
    const codes = [
      ...(wanted.weight === written.weight ? [] : changesOfWeight(written.weight, wanted.weight)),
      ...(wanted.colour === written.colour ? [] : [wanted.colour]),
    ];
    written = wanted;
    return codes.length === 0 ? '' : `\u001B[${codes.join(';')}m`;
  };
  for (const [piece, code] of update.matchAll(/\u001B\[([\d;]*)m|\u001B(?:\[[^@-~]*[@-~])?|[^\u001B]+/g)) {
    if (code !== undefined) {
      const next = styleAfter(wanted, code);
      if (next === undefined) return update;
      wanted = next;
    } else if (piece.startsWith('\u001B')) {
      short += piece;
    } else {
      const letters = piece.trimStart();
      short += piece.slice(0, piece.length - letters.length);
      if (letters !== '') short += takeChange() + letters;
    }
  }
  return short + takeChange();
}

/**
 * Gives a style after an SGR code that sets or resets the weight or one of the 16 colours. Gives `undefined` for every other code,
 * and for a weight that is added to another one.
 */
function styleAfter(style: Style, code: string): Style | undefined {
  if (/^(?:39|3[0-7]|9[0-7])$/.test(code)) return { ...style, colour: code };
  if (code === normal.weight) return { ...style, weight: code };
  const isOnlyWeight = /^[12]$/.test(code) && style.weight === normal.weight;
  return isOnlyWeight ? { ...style, weight: code } : undefined;
}

/** Gives the codes from one weight to another. Bold and dim do not replace each other: the normal weight comes between them. */
const changesOfWeight = (from: string, to: string) =>
  from === normal.weight || to === normal.weight ? [to] : [normal.weight, to];

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
