import type { ClosingPage, Emphasis } from '../../ceremony/conclusion.ts';
import { wrap } from '../../terminal/cells.ts';
import type { Closing } from './journey.ts';
import { type Line, paragraph, say } from './lines.tsx';
import { shellRows } from './panels/shell-rows.ts';
import type { Tone } from './tones.ts';

/** Gives the texts of the last page, one a line: what came of the last action first. */
export const closingTexts = ({ notice, lines }: Closing): readonly string[] =>
  notice === undefined ? lines : [notice, '', ...lines];

const tones: Readonly<Record<Emphasis, Tone>> = { heading: 'title', keep: 'advice', good: 'good' };

/**
 * Wraps a line of the last page, and lets the texts in it stand out that the page names. A command is broken so that it can be
 * pasted as it stands.
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
  const whole = emphasis.get(text);
  if (whole !== undefined) return paragraph(text, width, tones[whole]);
  return wrap(text, width).map((row) => {
    const [part, why] = [...emphasis].find(([words]) => row.includes(words)) ?? [];
    if (part === undefined || why === undefined) return say(row);
    const start = row.indexOf(part);
    return [{ text: row.slice(0, start) }, { text: part, tone: tones[why] }, { text: row.slice(start + part.length) }];
  });
}
