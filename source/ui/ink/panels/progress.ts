import { inUnits, unitOf } from '../../../ceremony/byte-count.ts';
import type { Progress } from '../../../ceremony/step.ts';
import { cells, padTo, wrap } from '../../../terminal/cells.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import { type Line, linesWithSign, type Span } from '../lines.tsx';

const barWidth = 20;

/** In the first seconds of an act, nothing counts them. */
const leastSeconds = 2;

/**
 * Gives the lines about the progress of a step. A line with byte counts has a bar. The last unfinished line that has
 * neither a bar nor a count-down also shows the seconds since the act began.
 * @param seconds the seconds since the act began; `undefined` when they are not shown.
 */
export function progressLines(
  lines: readonly Progress[],
  { width, seconds }: { readonly width: number; readonly seconds: number | undefined },
  symbols: Symbols,
): readonly Line[] {
  // A line with a count-down (`tick`) already says how long the wait is.
  const countingLine = lines.findLastIndex(
    ({ state, bytes, tick }) => state !== 'done' && bytes === undefined && tick === undefined,
  );
  return lines.flatMap((line, index) => {
    const isCounting = index === countingLine && seconds !== undefined && seconds >= leastSeconds;
    const waitWords = isCounting ? `${seconds} s` : '';
    return line.bytes === undefined || line.state === 'done'
      ? textRows(line, { width, waitWords }, symbols)
      : uploadRows(line, line.bytes, width, symbols);
  });
}

// The numbers that are added to widths are columns: two for the sign, and two or three blanks between the texts of a row.

/**
 * Gives the rows of an upload: label and meter, and the percentage below the meter. When the width is too small, the label has
 * a row of its own. The meter is the bar with the size, or only the size.
 */
function uploadRows(
  { label, note = '' }: Progress,
  bytes: NonNullable<Progress['bytes']>,
  width: number,
  symbols: Symbols,
): readonly Line[] {
  const sign: Span = { text: ' ' };
  const size = `${inUnits(bytes.done, bytes.total)} of ${inUnits(bytes.total, bytes.total)} ${unitOf(bytes.total)}`;
  const bar = barOf(bytes, symbols);
  const percent = `${bytes.total === 0 ? 100 : Math.floor((bytes.done / bytes.total) * 100)} %  ${note}`.trimEnd();
  // Four columns: two for the sign or an indent, and the two blanks between two texts.
  const meter = cells(bar + size) + 4 <= width ? `${bar}  ${size}` : size;
  if (cells(label) + cells(meter) + 4 > width)
    return [...linesWithSign(sign, label, width), ...[meter, percent].map((text): Line => [{ text: '  ' }, { text }])];
  const percentUnderMeter = padTo('', cells(label) + 4) + percent;
  return [...linesWithSign(sign, `${label}  ${meter}`, width), [{ text: percentUnderMeter }]];
}

/**
 * Gives the rows of a line without a bar: label, note and time in one row, or in several when the width is too small.
 * @param waitWords the time since the act began, or an empty text.
 */
function textRows(
  { label, state, note = '' }: Progress,
  { width, waitWords }: { readonly width: number; readonly waitWords: string },
  symbols: Symbols,
): readonly Line[] {
  const sign: Span = state === 'done' ? { text: symbols.done, tone: 'good' } : { text: ' ' };
  const aside = [note, waitWords].filter((part) => part !== '').join('  ');
  if (cells(label) + cells(aside) + 5 <= width)
    return linesWithSign(sign, padTo(label, cells(label) + 3) + aside, width);
  const below = aside === '' ? [] : wrap(aside, width - 4).map((text): Line => [{ text: `    ${text}` }]);
  return [...linesWithSign(sign, label, width), ...below];
}

/** Draws the bar of an upload. */
function barOf({ done, total }: NonNullable<Progress['bytes']>, { barFull, barEmpty }: Symbols): string {
  const full = total === 0 ? barWidth : Math.floor((Math.min(done, total) / total) * barWidth);
  return barFull.repeat(full) + barEmpty.repeat(barWidth - full);
}
