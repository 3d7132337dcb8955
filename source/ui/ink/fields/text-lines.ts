import { cells, clip, graphemes, padTo } from '../../../terminal/cells.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import { type Line, type Span, say } from '../lines.tsx';
import type { Edit } from './editing.ts';

/** A text that is being typed, with the texts around it. */
type TextLine = {
  /** Shown before the text, or above it. */
  readonly label: string;
  readonly edit: Edit;
  /** Shown after the cursor while the text is empty. */
  readonly placeholder?: string | undefined;
  /** The first of these texts that fits is shown at the right edge. */
  readonly right?: readonly string[];
};

/**
 * Gives the lines of a text that is being typed. The label is before the text, or above it when it would fill more than
 * half of the width.
 */
export function textLines(
  { label, edit, placeholder, right = [] }: TextLine,
  width: number,
  symbols: Symbols,
): readonly Line[] {
  const prefix = `${label}: `;
  const isLabelAbove = cells(prefix) > width / 2;
  const room = isLabelAbove ? width : width - cells(prefix);
  const typed = aroundCursor(edit, room, symbols);
  /** The columns that are free at the right. */
  let free = room - typed.reduce((sum, { text }) => sum + cells(text), 0);
  const line: Span[] = isLabelAbove ? [...typed] : [{ text: prefix }, ...typed];
  // In four columns or less, no word of the placeholder could be read.
  if (edit.text === '' && placeholder !== undefined && free > 4) {
    const hint = ` ${clip(placeholder, free - 1, symbols.ellipsis)}`;
    line.push({ text: hint, tone: 'aside' });
    free -= cells(hint);
  }
  // At least two blanks are between the typed text and the text at the right edge.
  const aside = right.find((text) => cells(text) + 2 <= free);
  if (aside !== undefined) line.push({ text: padTo('', free - cells(aside)) + aside });
  return isLabelAbove ? [say(label), line] : [line];
}

/** Beside the beginning of a long text, at most this number of columns is kept free for what follows the cursor. */
const mostKeptAfterCursor = 8;

/** Gives the text with its cursor. When the text does not fit the width, gives only the part around the cursor. */
function aroundCursor({ text, cursor }: Edit, width: number, { cursor: bar, ellipsis }: Symbols): readonly Span[] {
  const before = graphemes(text.slice(0, cursor));
  const after = graphemes(text.slice(cursor));
  const room = Math.max(2, width - 1);
  // At most a third of the width is kept for the text after the cursor. It gets more when the text before it is short.
  const roomAfter = after.length === 0 ? 0 : Math.min(mostKeptAfterCursor, Math.floor(room / 3));
  const left = lastWithin(before, Math.max(1, room - roomAfter), ellipsis);
  const right = firstWithin(after, room - cells(left), ellipsis);
  return [{ text: left }, { text: bar }, { text: right }];
}

/** Joins as many of the first graphemes as fit the width, with an ellipsis for those that are left out. */
function firstWithin(all: readonly string[], width: number, ellipsis: string): string {
  const whole = all.join('');
  if (cells(whole) <= width) return whole;
  let kept = '';
  for (const grapheme of all) {
    if (cells(kept + grapheme) > width - 1) break;
    kept += grapheme;
  }
  return width < 1 ? '' : kept + ellipsis;
}

/** Joins as many of the last graphemes as fit the width, with an ellipsis for those that are left out. */
function lastWithin(all: readonly string[], width: number, ellipsis: string): string {
  const whole = all.join('');
  if (cells(whole) <= width) return whole;
  let kept = '';
  for (const grapheme of all.toReversed()) {
    if (cells(grapheme + kept) > width - 1) break;
    kept = grapheme + kept;
  }
  return ellipsis + kept;
}
