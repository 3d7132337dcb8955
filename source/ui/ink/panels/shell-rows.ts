/** The kind of quotes around a place in a line of shell. */
type Quote = 'none' | 'single' | 'double';

/** The fewest columns of a row, also on a narrower terminal. */
const narrowest = 12;

/**
 * Breaks a line of shell into rows of at most `width` columns, in such a way that the copied rows are still the same command.
 * A row ends at a space outside quotes, and gets a backslash as its end. When no such space fits, a word is broken with a
 * backslash and, in single quotes, with a closing and an opening quote; the shell joins the parts (POSIX, 2.2).
 */
export function shellRows(line: string, width: number): readonly string[] {
  const room = Math.max(narrowest, width);
  if (line.length <= room) return [line];
  const rows: string[] = [];
  let row = '';
  /** The kind of quotes at this place, for each open `$(` from the outside inwards. The last kind applies here. */
  let quotes: readonly Quote[] = ['none'];
  /** The last space outside quotes in this row: its index in `row`, its index in `line`, and the quotes at that place. */
  let space: { readonly inRow: number; readonly inLine: number; readonly quotes: readonly Quote[] } | undefined;
  for (let index = 0; index < line.length; ) {
    const quote = quotes.at(-1) ?? 'none';
    const unit = unitAt(line, index, quote);
    // Two columns stay free for the end of a row: a space or a quote, and the backslash. The last row needs no such end.
    const fits = row.length + unit.length <= room - 2;
    const isLastRow = line.length - index <= room - row.length;
    if (!fits && !isLastRow) {
      if (space !== undefined) {
        rows.push(`${row.slice(0, space.inRow)} \\`);
        index = space.inLine + 1;
        // The next row is indented, but not where its first word would then not fit, with a space and a backslash after it.
        row = wordLength(line, index) + 4 > room ? '' : '  ';
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
const wordLength = (line: string, index: number) => line.slice(index).search(/ |$/u);

/** Gives the next character, or two that must stay together: a backslash and its character, or `$(` in double quotes. */
function unitAt(line: string, index: number, quote: Quote): string {
  const isPair = quote !== 'single' && (line[index] === '\\' || (quote === 'double' && line.startsWith('$(', index)));
  const length = isPair ? 2 : 1;
  const end = index + length;
  // A character beyond U+FFFF has two UTF-16 units, which must stay together. U+D800 to U+DBFF are the first ones.
  const isHalf = /[\uD800-\uDBFF]/u.test(line[end - 1] ?? '');
  return line.slice(index, isHalf ? end + 1 : end);
}

/**
 * Gives the quotes after a character. Inside `$(...)` quoting starts again, also between double quotes (POSIX, 2.6.3). The same
 * holds inside `(...)`, when the bracket is not in quotes.
 */
function quotesAfter(unit: string, quotes: readonly Quote[]): readonly Quote[] {
  const quote = quotes.at(-1);
  const around = quotes.slice(0, -1);
  if (unit === "'" && quote !== 'double') return [...around, quote === 'single' ? 'none' : 'single'];
  if (unit === '"' && quote !== 'single') return [...around, quote === 'double' ? 'none' : 'double'];
  if (unit === '$(' || (unit === '(' && quote === 'none')) return [...quotes, 'none'];
  return unit === ')' && quote === 'none' && around.length > 0 ? around : quotes;
}
