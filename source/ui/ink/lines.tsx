import { Text } from 'ink';
import { createContext, useContext } from 'react';
import { wrap } from '../../terminal/cells.ts';
import { printable } from '../../terminal/printable.ts';
import { type Symbols, symbolsFor } from '../../terminal/symbols.ts';

/** What a piece of text is, beside what it says: colour only repeats glyphs and words. */
export type Tone = 'strong' | 'accent' | 'good' | 'caution' | 'bad' | 'quiet';

/** A piece of a line. */
export type Span = { readonly text: string; readonly tone?: Tone | undefined };

/** One row of the screen, no wider than its place. */
export type Line = readonly Span[];

const looks: Readonly<Record<Tone, { readonly color?: string; readonly bold?: boolean }>> = {
  strong: { bold: true },
  accent: { color: 'cyan' },
  good: { color: 'green' },
  caution: { color: 'yellow' },
  bad: { color: 'red' },
  quiet: { color: 'gray' },
};

export const blank: Line = [];

/** Gives a line of one piece. */
export const say = (text: string, tone?: Tone): Line => [{ text, tone }];

/** Gives a text wrapped into lines. */
export function paragraph(text: string, width: number, tone?: Tone): readonly Line[] {
  return wrap(text, width).map((line) => say(line, tone));
}

/** Wraps a text, with a sign before its first line; the further lines begin under the first letter of the text. */
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
 * Rows of the screen. Every text that is shown passes here, and leaves its control characters behind. All rows are one
 * text, so that the layout has one thing to measure: a first frame costs half as much as with a box for each row.
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

function toned({ text, tone }: Span, key: string, unicode: boolean) {
  const shown = printable(text, { unicode });
  if (tone === undefined || shown === '') return shown;
  return (
    <Text key={key} {...looks[tone]}>
      {shown}
    </Text>
  );
}
