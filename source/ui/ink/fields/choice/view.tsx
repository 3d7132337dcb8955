import { Box } from 'ink';
import { blank, Lines, say } from '../../lines.tsx';
import { cut } from '../../row-budget.ts';
import { listView } from '../choice-list.tsx';
import type { FieldPlace, FieldView } from '../field-kind.ts';
import { linesView } from '../lines-view.tsx';
import { tickLines } from '../tick-lines.ts';
import type { ChoiceField } from './state.ts';

/** Draws the rows, or a line that says that the list is empty. The sentence to tick is below the rows. */
export function viewChoice({ options, rowValue, question, isTicked }: ChoiceField, place: FieldPlace): FieldView {
  if (options.length === 0) return linesView([say('There is nothing to choose from.', 'note')], place);
  const list = listView({ ...place, rows: options, rowValue });
  if (question.tick === undefined || isTicked === undefined) return list;
  const sentence = tickLines(question.tick.ask, isTicked, place.width - 2).map((line) => [{ text: '  ' }, ...line]);
  return {
    want: list.want + 1 + sentence.length,
    least: list.least + sentence.length,
    draw: (rows) => {
      const gap = rows > list.want + sentence.length ? [blank] : [];
      // On a very small screen, the page of `?` has the whole sentence.
      const shown = cut(sentence, { rows: Math.max(1, rows - list.least), width: place.width }, place.symbols);
      return (
        <Box flexDirection="column">
          {list.draw(rows - gap.length - shown.length)}
          <Lines lines={[...gap, ...shown]} />
        </Box>
      );
    },
  };
}
