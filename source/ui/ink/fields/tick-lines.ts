import { type Line, paragraph } from '../lines.tsx';

/** The columns of the box before a sentence to tick. */
const boxColumns = 4;

/** Gives a sentence with the box of its tick before it, on lines of this width in columns. */
export function tickLines(sentence: string, isTicked: boolean, width: number): readonly Line[] {
  const box = isTicked ? '[x] ' : '[ ] ';
  return paragraph(sentence, width - boxColumns).map(
    (line, index): Line => [
      { text: index === 0 ? box : ' '.repeat(boxColumns) },
      ...line.map(({ text }) => ({ text, tone: 'question' as const })),
    ],
  );
}
