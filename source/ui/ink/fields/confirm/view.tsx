import { type Line, paragraph } from '../../lines.tsx';
import type { FieldPlace, FieldView } from '../field-kind.ts';
import { linesView } from '../lines-view.tsx';
import type { ConfirmField } from './state.ts';

/** Draws the question with the tick before it. */
export function viewConfirm({ question, isTicked }: ConfirmField, place: FieldPlace): FieldView {
  const { width, symbols } = place;
  const mark = isTicked ? '[x]' : '[ ]';
  const lines = paragraph(question.ask, width - 6).map(
    (line, index): Line => [
      { text: index === 0 ? `${symbols.current} ` : '  ', tone: 'current' },
      { text: index === 0 ? `${mark} ` : '    ' },
      ...line.map(({ text }) => ({ text, tone: 'question' as const })),
    ],
  );
  return linesView(lines, place);
}
