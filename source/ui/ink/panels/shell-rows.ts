type Quote = 'none' | 'single' | 'double';

/**
 * Breaks a line of shell into rows of at most `width` columns, in such a way that the copied rows still are the same command.
 * A row ends at a space with a backslash. A word that is too long is broken so that the shell joins its parts (POSIX, 2.2).
 */
export function shellRows(line: string, width: number): readonly string[] {
  const room = Math.max(12, width);
  if (line.length <= room) return [line];
  const rows: string[] = [];
  let row = '';
  /** The open quotes at this place, from the outermost `$(` inwards. The last one applies here. */
  let quotes: readonly Quote[] = ['none'];
  /** The index of the last space outside quotes in `row`, and in `line`. */
  let space: { readonly inRow: number; readonly inLine: number; readonly quotes: readonly Quote[] } | undefined;
  for (let index = 0; index < line.length; ) {
    const quote = quotes.at(-1) ?? 'none';
    const unit = unitAt(line, index, quote);
    // Two columns stay free for the end of a row: a space or a quote, and the backslash.
    if (row.length + unit.length > room - 2 && line.length - index > room - row.length) {
      if (space !== undefined) {
        rows.push(`${row.slice(0, space.inRow)} \\`);
        index = space.inLine + 1;
        row = rest(line, index) + 4 > room ? '' : '  ';
        quotes = space.quotes;
      } else {
        rows.push(row + (quote === 'single' ? "'\\" : '\\'));
        row = quote === 'single' ? "'" : '';
      }
      space = undefined;
      continue;
    }
    if (quote === 'none' && unit === ' ' && row.trim() !== '') space = { inRow: row.length, inLine: index, quotes };
    quotes = quotesAfter(unit, quotes);
    row += unit;
    index += unit.length;
  }
  return [...rows, row];
}

/** Gives the length of the word that begins at an index and ends before the next space. */
const rest = (line: string, index: number) => line.slice(index).search(/ |$/u);

/** Gives the next character. A backslash with its character, and `$(` in double quotes, are not separated. */
function unitAt(line: string, index: number, quote: Quote): string {
  const isPair = quote !== 'single' && (line[index] === '\\' || (quote === 'double' && line.startsWith('$(', index)));
  const length = isPair ? 2 : 1;
  const end = index + length;
  // The second half of a surrogate pair goes with the first.
  const low = /[\uD800-\uDBFF]/u.test(line[end - 1] ?? '') ? 1 : 0;
  return line.slice(index, end + low);
}

/** Gives the open quotes after a character. Inside `$(...)` quoting starts anew, also between double quotes: POSIX, 2.6.3. */
function quotesAfter(unit: string, quotes: readonly Quote[]): readonly Quote[] {
  const quote = quotes.at(-1);
  const around = quotes.slice(0, -1);
  if (unit === "'" && quote !== 'double') return [...around, quote === 'single' ? 'none' : 'single'];
  if (unit === '"' && quote !== 'single') return [...around, quote === 'double' ? 'none' : 'double'];
  if (unit === '$(' || (unit === '(' && quote === 'none')) return [...quotes, 'none'];
  return unit === ')' && quote === 'none' && around.length > 0 ? around : quotes;
}
