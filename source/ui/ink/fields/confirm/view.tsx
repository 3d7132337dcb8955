import type { Line } from '../../lines.tsx';
import type { FieldPlace, FieldView } from '../field-kind.ts';
import { linesView } from '../lines-view.tsx';
import { tickLines } from '../tick-lines.ts';
import type { ConfirmField } from './state.ts';

/** Draws the question with the tick before it. */
export function viewConfirm({ question, isTicked }: ConfirmField, place: FieldPlace): FieldView {
  const { width, symbols } = place;
  const lines = tickLines(question.ask, isTicked, width - 2).map(
    (line, index): Line => [{ text: index === 0 ? `${symbols.current} ` : '  ', tone: 'current' }, ...line],
  );
  return linesView(lines, place);
}
