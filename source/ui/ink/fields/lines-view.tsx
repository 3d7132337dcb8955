import type { Symbols } from '../../../terminal/symbols.ts';
import { type Line, Lines } from '../lines.tsx';
import { cut } from '../row-budget.ts';
import type { FieldView } from './field-kind.ts';

type Place = {
  readonly width: number;
  readonly symbols: Symbols;
  /** Gives the words that say where the lines are for which there is no room. */
  readonly rest?: () => string;
};

/**
 * Makes the view of text lines, with one row for each line.
 * @param least the fewest rows with which the lines are still useful.
 */
export function linesView(lines: readonly Line[], { width, symbols, rest }: Place, least = 1): FieldView {
  return {
    want: lines.length,
    least: Math.min(least, lines.length),
    draw: (rows) => <Lines lines={cut(lines, { rows, width, rest }, symbols)} />,
  };
}
