const plain = /^[\x20-\x7e]*$/;
// East Asian Width W and F (EastAsianWidth.txt of Unicode 17), and emoji that are drawn as pictures: two cells each.
const wide =
  /^[\u1100-\u115E\u2329\u232A\u2630-\u2637\u268A-\u268F\u2E80-\u303E\u3041-\u3247\u3250-\uA4C6\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6B\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{1B2FB}\u{1D300}-\u{1D376}\u{1F200}-\u{1F265}\u{20000}-\u{3FFFD}]/u;
const picture =
  /^[\u{1F1E6}-\u{1F1FF}]{2}|^(?![\u{1F1E6}-\u{1F1FF}])\p{Emoji_Presentation}|\p{Extended_Pictographic}(?:\uFE0F|.*\u200D\p{Extended_Pictographic})|^[\d#*]\uFE0F?\u20E3/u;
const invisible = /^[\p{Cc}\p{Cf}\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]+$/u;
/** Marks that take a cell of their own after their letter. */
const spacing = /(?<=.)[\p{Mc}\uFF9E\uFF9F]/gsu;

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
  for (const grapheme of graphemes(text)) total += cellsOf(grapheme);
  return total;
}

function cellsOf(grapheme: string): number {
  if (plain.test(grapheme)) return 1;
  if (invisible.test(grapheme)) return 0;
  if (picture.test(grapheme)) return 2;
  return (wide.test(grapheme) ? 2 : 1) + (grapheme.match(spacing)?.length ?? 0);
}

/** Adds blanks to a text until it has this width in columns. Longer text stays unchanged. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cells(text)));
}

/** Cuts a text to a width in columns; a cut text ends with `ellipsis`. */
export function clip(text: string, width: number, ellipsis: string): string {
  if (cells(text) <= width) return text;
  return text.slice(0, lengthWithin(text, width - cells(ellipsis))) + ellipsis;
}

/** Breaks a text into lines of at most `width` columns: between words, and inside a word only when the word is wider. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, width)));
}

function wrapLine(text: string, width: number): readonly string[] {
  if (cells(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )(?=[^ ])/)) {
    if (line !== '' && cells(line + word.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    let rest = word;
    while (line === '' && cells(rest.trimEnd()) > width) {
      const cut = findBreak(rest, width);
      lines.push(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
    line += rest;
  }
  lines.push(line.trimEnd());
  return lines;
}

/**
 * Wraps a line like {@link wrap}, for text that a person copies from the scrollback. A line with a word wider than the
 * terminal is not wrapped: the terminal breaks the line itself and joins it again when a person copies it.
 */
export function wrapToCopy(line: string, width: number): readonly string[] {
  return line.split(' ').some((word) => cells(word) > width) ? [line] : wrap(line, width);
}

/** Gives the index at which to break a word that is too long: after a separator such as `/` or `:`, as in ARNs and paths. */
function findBreak(word: string, width: number): number {
  const most = Math.max(1, lengthWithin(word, width));
  const nice = /^.*[/:,=_]/su.exec(word.slice(0, most))?.[0].length ?? 0;
  return nice > most / 2 ? nice : most;
}

/** Gives the length (UTF-16 units) of the longest beginning of a text that fits the width. */
function lengthWithin(text: string, width: number): number {
  let length = 0;
  let used = 0;
  for (const grapheme of graphemes(text)) {
    used += cells(grapheme);
    if (used > width) break;
    length += grapheme.length;
  }
  return length;
}
