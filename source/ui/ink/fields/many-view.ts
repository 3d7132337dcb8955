import type { ManyQuestion, Option } from '../../../ceremony/question.ts';
import { cells, clip, padTo } from '../../../terminal/cells.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import { type Line, paragraph, say } from '../lines.tsx';
import { allRows, type Many, shownRows, typedValue } from './many.ts';
import { textLines } from './text-view.ts';

/** Rows that a list of many likes to have, and that it can use at most: filter, blank row and note beside its rows. */
export function manyHeight(field: Many): { readonly want: number; readonly most: number } {
  const most = allRows(field).length + 4;
  return { want: Math.min(most, usualRows + 4), most };
}

const usualRows = 6;

/** Filter, rows with their ticks, and how many there are beside those shown. */
export function manyLines(
  { question, field }: { readonly question: ManyQuestion; readonly field: Many },
  { width, rows }: { readonly width: number; readonly rows: number },
  symbols: Symbols,
): readonly Line[] {
  const shown = shownRows(field);
  const all = allRows(field);
  const count = field.filter.text === '' ? `${all.length} in all` : `${shown.length} of ${all.length} shown`;
  const chosen = `${field.chosen.length} chosen`;
  const filter = textLines(
    {
      label: question.typed === undefined || width < 40 ? 'Filter' : 'Filter or type',
      edit: field.filter,
      placeholder: field.list.state === 'refused' ? question.typed : undefined,
      right: [...(all.length === 0 ? [] : [`${chosen} ${symbols.dot} ${count}`]), chosen],
    },
    width,
    symbols,
  );
  const note = stateOf(field, question);
  const notes = note === undefined ? [] : paragraph(note, width, 'quiet').slice(0, 2);
  const gap = rows - filter.length - notes.length > 3 ? 1 : 0;
  const room = Math.max(1, rows - filter.length - notes.length - gap);
  const window = shown.length <= room ? shown.length : Math.max(1, room - 1);
  const first = Math.max(0, Math.min(field.at - Math.floor(window / 2), shown.length - window));
  const inWindow = shown.slice(first, first + window);
  // Hints stand in one column, behind the longest label that has one.
  const column = Math.max(0, ...inWindow.map((option) => (asideOf(option) === '' ? 0 : cells(option.label))));
  const body = inWindow.map((option, index): Line => {
    const current = first + index === field.at;
    const mark = field.chosen.includes(option.value) ? '[x]' : '[ ]';
    const text = clip(question.shown?.(option.label) ?? option.label, width - 6, symbols.ellipsis);
    const free = width - 6 - column - 2;
    const aside = asideOf(option) === '' || free < 6 ? '' : clip(asideOf(option), free, symbols.ellipsis);
    return [
      { text: `${current ? symbols.current : ' '} `, tone: 'accent' },
      { text: `${mark} `, tone: option.disabled === undefined ? undefined : 'quiet' },
      { text, tone: option.disabled === undefined ? (current ? 'accent' : undefined) : 'quiet' },
      { text: aside === '' ? '' : padTo('', column - cells(text) + 2) + aside },
    ];
  });
  const hidden = shown.length - first - window;
  const more = shown.length <= room ? [] : [say(moreText(first, hidden), 'quiet')];
  return [...filter, ...(gap === 0 ? [] : [[]]), ...body, ...more, ...notes];
}

const asideOf = ({ disabled, hint }: Option) => disabled ?? hint ?? '';

function moreText(above: number, below: number): string {
  const parts = [
    ...(above > 0 ? [`${above} more above`] : []),
    ...(below > 0 ? [`${below} ${above > 0 ? '' : 'more '}below`] : []),
  ];
  return `      ${parts.join(', ')}`;
}

function stateOf(field: Many, question: ManyQuestion): string | undefined {
  const typed = typedValue(field, question);
  if (typed !== undefined) return `Not in the list. Enter adds it.`;
  if (field.list.state === 'loading') return field.list.options.length === 0 ? 'Reading the list' : 'More are coming';
  if (field.list.state === 'refused') {
    const still = question.typed === undefined ? '' : ` You can still type: ${question.typed}.`;
    return `The list cannot be read: ${field.list.why ?? 'no answer'}.${still}`;
  }
  return shownRows(field).length === 0 && field.filter.text !== '' ? 'Nothing matches.' : undefined;
}
