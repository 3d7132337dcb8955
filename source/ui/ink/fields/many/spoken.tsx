import { Box } from 'ink';
import { Items, Say, Textbox } from '../../spoken/parts.tsx';
import { countText } from '../option-list.ts';
import { filterLabel, noteOf } from './note.ts';
import { allRows, type ManyField, shownRows } from './state.ts';

/** The rows before and after the cursor that are read out. */
const rowsAtEitherSide = 2;

/** Renders the rows around the cursor for a screen reader, the note, and the filter. */
export function speakMany(field: ManyField) {
  const { question, list, filter, rowIndex, chosen } = field;
  const rows = shownRows(field);
  const first = Math.max(0, rowIndex - rowsAtEitherSide);
  const note = noteOf(field);
  const count = countText(list, { shown: rows.length, all: allRows(field).length });
  return (
    <>
      <Items>
        {rows.slice(first, first + 2 * rowsAtEitherSide + 1).map(({ value, label, hint }, index) => {
          // On the screen, spaces align the parts of labels in columns. A screen reader needs none of them.
          const spokenLabel = (question.shown?.(label) ?? label).replaceAll(/ +/g, ' ');
          const text = hint === undefined ? spokenLabel : `${spokenLabel}, ${hint}`;
          return (
            <Box
              key={value}
              aria-role="checkbox"
              aria-state={{ selected: first + index === rowIndex, checked: chosen.includes(value) }}
            >
              <Say lines={[text]} />
            </Box>
          );
        })}
      </Items>
      <Say lines={note === undefined ? [] : [note]} />
      <Textbox label={filterLabel(field)} edit={filter} aside={`${chosen.length} chosen, ${count}`} />
    </>
  );
}
