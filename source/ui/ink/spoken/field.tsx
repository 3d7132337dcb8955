import { Box } from 'ink';
import type { Question } from '../../../ceremony/question.ts';
import { ChoiceList, rowsWithin } from '../fields/choice-list.tsx';
import { shownEdit } from '../fields/editing.ts';
import { shownRows } from '../fields/many.ts';
import { countText } from '../fields/option-list.ts';
import { pickRows } from '../fields/pick.ts';
import { noteOf } from '../fields/pick-view.tsx';
import { Picker } from '../fields/picker.tsx';
import type { Asking } from '../journey.ts';
import { Items, Say, Textbox } from './parts.tsx';

type ListProps = Pick<Parameters<typeof ChoiceList>[0], 'isFocused' | 'onPoint'> & {
  /** Lines for a page, and for a list. */
  readonly place: { readonly width: number; readonly rows: number };
};

/** Lines are as long as they need to be: whoever hears them does not see them wrapped. */
const width = 1000;

const nothingShown = { text: '', cursor: 0 };

/** What a question is answered with. */
export function SpokenField({ asking: { question, field }, ...props }: ListProps & { readonly asking: Asking }) {
  switch (field.kind) {
    case 'text':
    case 'phrase':
      return (
        <Textbox
          label={question.label}
          edit={shownEdit(field.edit, question.shown)}
          aside={field.kind === 'phrase' ? declineWords(question) : refusedWords(field.instead, question)}
        />
      );
    case 'secret': {
      const { count } = field.secret;
      const typed = `${count} ${count === 1 ? 'character' : 'characters'}, not read out`;
      return <Textbox label={question.label} edit={nothingShown} aside={typed} />;
    }
    case 'confirm':
      return (
        <Box aria-role="checkbox" aria-state={{ checked: field.ticked }}>
          <Say lines={[question.ask]} />
        </Box>
      );
    case 'choice':
      return <SpokenList {...props} rows={field.list.options} at={field.at} />;
    case 'pick': {
      const rows = pickRows(field);
      const note = question.kind === 'choice' ? noteOf(field, question) : undefined;
      return (
        <>
          <Items>
            <Picker rows={rows} at={field.at} state={field.list.state} width={width} height={props.place.rows - 4} />
          </Items>
          <Say lines={note === undefined ? [] : [note]} />
          <Textbox
            label="Filter"
            edit={field.filter}
            aside={countText(field.list, { shown: rows.length, all: field.list.options.length })}
          />
        </>
      );
    }
    case 'many': {
      const rows = shownRows(field);
      const first = Math.max(0, field.at - 2);
      return (
        <>
          <Items>
            {rows.slice(first, first + 5).map(({ value, label, hint }, index) => (
              <Box
                key={value}
                aria-role="checkbox"
                aria-state={{ selected: first + index === field.at, checked: field.chosen.includes(value) }}
              >
                <Say lines={[[question.shown?.(label) ?? label, ...(hint === undefined ? [] : [hint])].join(', ')]} />
              </Box>
            ))}
          </Items>
          <Textbox
            label="Filter"
            edit={field.filter}
            aside={`${field.chosen.length} chosen, ${countText(field.list, { shown: rows.length, all: field.list.options.length })}`}
          />
        </>
      );
    }
  }
}

function declineWords(question: Question): string {
  return question.kind === 'phrase' ? `enter alone: ${question.decline}` : '';
}

function refusedWords(list: { readonly why?: string } | undefined, { form }: Question): string {
  return list === undefined ? '' : `the list cannot be read; type ${form}`;
}

/** A list of which one row is chosen. */
export function SpokenList(props: ListProps & Pick<Parameters<typeof ChoiceList>[0], 'rows' | 'at'>) {
  const { place, ...list } = props;
  const limit = rowsWithin(Math.max(4, place.rows - 4), list.rows, width);
  return (
    <Items>
      <ChoiceList {...list} key={limit} width={width} limit={limit} />
    </Items>
  );
}
