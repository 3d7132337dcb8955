const plain = /^[\x20-\x7e]*$/;
// East Asian Width W and F, and emoji that are drawn as pictures: two cells each.
const wide =
  /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;
const invisible = /^[\p{Cc}\p{Mn}\p{Me}\p{Cf}]+$/u;

let segmenter: Intl.Segmenter | undefined;

/** What a person takes for single characters. */
export function graphemes(text: string): readonly string[] {
  if (plain.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** How many columns a text takes on the screen. */
export function cells(text: string): number {
  if (plain.test(text)) return text.length;
  let total = 0;
  for (const grapheme of graphemes(text)) total += invisible.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1;
  return total;
}

/** The text filled with blanks to a width; longer text stays as it is. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cells(text)));
}

/** The beginning of a text that fits into a width, ending in `ellipsis` where something was cut. */
export function clip(text: string, width: number, ellipsis: string): string {
  if (cells(text) <= width) return text;
  return text.slice(0, lengthWithin(text, width - cells(ellipsis))) + ellipsis;
}

/** The text in lines no wider than `width`: broken between words, and inside a word only where it is wider itself. */
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
      const cut = breakIn(rest, width);
      lines.push(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
    line += rest;
  }
  lines.push(line.trimEnd());
  return lines;
}

/**
 * As {@link wrap}, for lines that a person copies from the scrollback: where a word is wider than the terminal, the line
 * is left to the terminal, which joins it again when it is copied.
 */
export function wrapToCopy(line: string, width: number): readonly string[] {
  return line.split(' ').some((word) => cells(word) > width) ? [line] : wrap(line, width);
}

/** ARNs and paths break behind their own separators, so that each part stays whole. */
function breakIn(word: string, width: number): number {
  const most = Math.max(1, lengthWithin(word, width));
  const nice = /^.*[/:,=_]/su.exec(word.slice(0, most))?.[0].length ?? 0;
  return nice > most / 2 ? nice : most;
}

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
