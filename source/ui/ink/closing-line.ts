import type { ClosingPage, Emphasis } from '../../ceremony/conclusion.ts';
import { wrap } from '../../terminal/cells.ts';
import type { Closing } from './journey.ts';
import { type Line, paragraph, say } from './lines.tsx';
import { shellRows } from './panels/shell-rows.ts';
import type { Tone } from './tones.ts';

/** Gives the lines of the last page. The result of the last action comes first. */
export const closingTexts = ({ notice, lines }: Closing): readonly string[] =>
  notice === undefined ? lines : [notice, '', ...lines];

const tones: Readonly<Record<Emphasis, Tone>> = { heading: 'title', keep: 'advice', good: 'good' };

/**
 * Wraps a line of the last page. The whole line, or one text in each row, stands out when the page names it in `emphasis`. A
 * command is broken so that a person can paste the rows unchanged.
 */
export function closingLine(
  text: string,
  width: number,
  { emphasis = new Map(), commands = [] }: Pick<ClosingPage, 'emphasis' | 'commands'>,
): readonly Line[] {
  if (commands.includes(text)) {
    const indent = text.length - text.trimStart().length;
    return shellRows(text.trim(), width - indent).map((row) => say(' '.repeat(indent) + row));
  }
  const lineEmphasis = emphasis.get(text);
  if (lineEmphasis !== undefined) return paragraph(text, width, tones[lineEmphasis]);
  return wrap(text, width).map((row) => {
    const [part, partEmphasis] = [...emphasis].find(([words]) => row.includes(words)) ?? [];
    if (part === undefined || partEmphasis === undefined) return say(row);
    const start = row.indexOf(part);
    return [
      { text: row.slice(0, start) },
      { text: part, tone: tones[partEmphasis] },
      { text: row.slice(start + part.length) },
    ];
  });
}
