/** ASCII without control characters. */
const plain = /^[\x20-\x7e]*$/;
/** Characters that take two cells: East Asian Width W and F (EastAsianWidth.txt of Unicode 17). */
const wide =
  /^[\u1100-\u115E\u2329\u232A\u2630-\u2637\u268A-\u268F\u2E80-\u303E\u3041-\u3247\u3250-\uA4C6\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6B\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{1B2FB}\u{1D300}-\u{1D376}\u{1F200}-\u{1F265}\u{20000}-\u{3FFFD}]/u;
/** Graphemes that a terminal draws as a picture: a flag, an emoji, a sign with a variation selector or joiner, a keycap. */
const picture =
  /^[\u{1F1E6}-\u{1F1FF}]{2}|^(?![\u{1F1E6}-\u{1F1FF}])\p{Emoji_Presentation}|\p{Extended_Pictographic}(?:\uFE0F|.*\u200D\p{Extended_Pictographic})|^[\d#*]\uFE0F?\u20E3/u;
/** Control characters and marks that take no cell. */
const invisible = /^[\p{Cc}\p{Cf}\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]+$/u;
/** Marks that take a cell of their own after their letter. */
const spacingMarks = /(?<=.)[\p{Mc}\uFF9E\uFF9F]/gsu;

/** Made at the first use, because making it takes long. */
let segmenter: Intl.Segmenter | undefined;

/** Splits a text into graphemes, which a person sees as single characters. */
export function graphemes(text: string): readonly string[] {
  if (plain.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Gives the number of columns that a text takes on the screen. It must have no line breaks. */
export function cells(text: string): number {
  if (plain.test(text)) return text.length;
  let total = 0;
  for (const grapheme of graphemes(text)) total += countCells(grapheme);
  return total;
}

/** Gives the number of columns of one grapheme. */
function countCells(grapheme: string): number {
  if (plain.test(grapheme)) return 1;
  if (invisible.test(grapheme)) return 0;
  if (picture.test(grapheme)) return 2;
  return (wide.test(grapheme) ? 2 : 1) + (grapheme.match(spacingMarks)?.length ?? 0);
}

/** Adds blanks at the end of a text until it has this width in columns. A longer text stays unchanged. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cells(text)));
}

/** Cuts a text to a width in columns; a cut text ends with `ellipsis`. */
export function clip(text: string, width: number, ellipsis: string): string {
  if (cells(text) <= width) return text;
  return text.slice(0, lengthWithin(text, width - cells(ellipsis))) + ellipsis;
}

/**
 * Breaks a text into lines of at most `width` columns: at its own line breaks, between words, and inside a word only when the word
 * alone is wider. A width below 1 counts as 1.
 */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, width)));
}

/** Breaks a text without line breaks into lines of at most `width` columns. */
function wrapLine(text: string, width: number): readonly string[] {
  if (cells(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  // Each word keeps the blanks after it.
  for (const word of text.split(/(?<= )(?=[^ ])/)) {
    if (line !== '' && cells(line + word.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    let remaining = word;
    // A word that is wider than a whole line is cut.
    while (cells(remaining.trimEnd()) > width) {
      const breakIndex = findBreak(remaining, width);
      lines.push(remaining.slice(0, breakIndex));
      remaining = remaining.slice(breakIndex);
    }
    line += remaining;
  }
  lines.push(line.trimEnd());
  return lines;
}

/**
 * Gives the index at which to break a word that is too wide. Breaks after the last separator, such as `/` or `:`, when it is in
 * the second half of the part that fits. Otherwise breaks where the width ends.
 */
function findBreak(word: string, width: number): number {
  const longest = Math.max(1, lengthWithin(word, width));
  const afterSeparator = /^.*[/:,=_]/su.exec(word.slice(0, longest))?.[0].length ?? 0;
  return afterSeparator > longest / 2 ? afterSeparator : longest;
}

/** Gives the length (UTF-16 units) of the longest beginning of a text that fits into the width (columns). */
function lengthWithin(text: string, width: number): number {
  let length = 0;
  let usedCells = 0;
  for (const grapheme of graphemes(text)) {
    usedCells += cells(grapheme);
    if (usedCells > width) break;
    length += grapheme.length;
  }
  return length;
}
