import { Text } from 'ink';
import { createContext, useContext } from 'react';
import { wrap } from '../../terminal/cells.ts';
import { printable } from '../../terminal/printable.ts';
import { type Symbols, symbolsFor } from '../../terminal/symbols.ts';
import { looks, type Tone } from './tones.ts';

/** A piece of a line. */
export type Span = { readonly text: string; readonly tone?: Tone | undefined };

/** One row of the screen, as pieces of text. The row must fit the width of its place. */
export type Line = readonly Span[];

export const blank: Line = [];

/** Makes a line with one piece of text. */
export const say = (text: string, tone?: Tone): Line => [{ text, tone }];

/** Wraps a text into lines. */
export function paragraph(text: string, width: number, tone?: Tone): readonly Line[] {
  return wrap(text, width).map((line) => say(line, tone));
}

/** Wraps a text with a sign before its first line. Further lines are indented as far as the text of the first line. */
export function linesWithSign(sign: Span, text: string, width: number, tone?: Tone): readonly Line[] {
  return wrap(text, Math.max(1, width - 2)).map((line, index) => [
    index === 0 ? { text: `${sign.text} `, tone: sign.tone } : { text: '  ' },
    { text: line, tone },
  ]);
}

const UnicodeContext = createContext(true);
export const UnicodeProvider = UnicodeContext.Provider;

/** Gives the signs of this terminal. */
export function useSymbols(): Symbols {
  return symbolsFor({ unicode: useContext(UnicodeContext) });
}

/**
 * Draws rows of the screen. Every shown text passes here and loses its control characters. All rows are one `Text` of Ink,
 * because Ink measures each component: with a box for each row, the first frame would take twice the time.
 */
export function Lines({ lines }: { readonly lines: readonly Line[] }) {
  const unicode = useContext(UnicodeContext);
  if (lines.length === 0) return null;
  return (
    <Text wrap="hard">
      {lines.flatMap((line, row) => [
        ...(row === 0 ? [] : ['\n']),
        ...(line.length === 0 ? [' '] : line.map((span, index) => toned(span, `${row}/${index}`, unicode))),
      ])}
    </Text>
  );
}

/** Draws a piece of text in its look. `key` tells React which piece of the rows it is. */
function toned({ text, tone }: Span, key: string, unicode: boolean) {
  const shown = printable(text, { unicode });
  const look = tone === undefined ? {} : looks[tone];
  if (shown === '' || Object.keys(look).length === 0) return shown;
  return (
    <Text key={key} {...look}>
      {shown}
    </Text>
  );
}
