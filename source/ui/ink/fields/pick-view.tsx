import { Box } from 'ink';
import type { ChoiceQuestion } from '../../../ceremony/question.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import { Lines, paragraph, useSymbols } from '../lines.tsx';
import { countText } from './option-list.ts';
import { type Pick, pickRows, typedName } from './pick.ts';
import { Picker } from './picker.tsx';
import { textLines } from './text-view.ts';

type Props = {
  readonly question: ChoiceQuestion;
  readonly field: Pick;
  readonly width: number;
  readonly rows: number;
};

/** Filter, rows, and how many there are beside those shown. */
export function PickView({ question, field, width, rows }: Props) {
  const symbols = useSymbols();
  const filter = filterLines(field, width, symbols);
  const note = noteOf(field, question);
  const notes = note === undefined ? [] : paragraph(note, width, 'quiet').slice(0, 2);
  const gap = rows - filter.length - notes.length > 3 ? [[]] : [];
  const shown = pickRows(field);
  return (
    <Box flexDirection="column">
      <Lines lines={[...filter, ...gap]} />
      <Picker
        rows={shown}
        at={field.at}
        state={field.list.state}
        width={width}
        height={Math.max(1, rows - filter.length - gap.length - notes.length)}
      />
      <Lines lines={notes} />
    </Box>
  );
}

function filterLines(field: Pick, width: number, symbols: Symbols) {
  const count = countText(field.list, { shown: pickRows(field).length, all: field.list.options.length });
  const right = field.list.options.length === 0 ? [] : [count];
  return textLines({ label: 'Filter', edit: field.filter, right }, width, symbols);
}

/** What stands below the rows, or in their place. */
export function noteOf(field: Pick, question: ChoiceQuestion): string | undefined {
  const { options, state } = field.list;
  if (pickRows(field).length > 0) return undefined;
  if (state === 'loading') return options.length === 0 ? 'Reading the list' : 'Reading on';
  if (typedName(field, question) !== undefined) return 'Not in the list. Enter takes it as it stands.';
  return 'Nothing matches.';
}
