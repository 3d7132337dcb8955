import type { Option } from '../../../../ceremony/question.ts';
import { cells, clip, padTo } from '../../../../terminal/cells.ts';
import type { Symbols } from '../../../../terminal/symbols.ts';
import { type Line, Lines, say } from '../../lines.tsx';
import { aroundOptions } from '../around-options.ts';
import { toneOfAside } from '../choice-row.tsx';
import type { FieldPlace, FieldView } from '../field-kind.ts';
import { countText, hiddenText, listHeight, pageTop } from '../option-list.ts';
import { textLines } from '../text-lines.ts';
import { filterLabel, noteOf } from './note.ts';
import { allRows, type ManyField, shownRows } from './state.ts';

/** Draws the filter, the rows with their ticks, and the number of rows that are not shown. */
export function viewMany(field: ManyField, { width, isTall, symbols }: FieldPlace): FieldView {
  return {
    ...listHeight(allRows(field).length, isTall),
    // One line each for the filter, an option, the number of hidden options, and a note. With fewer, no option would be seen.
    least: 4,
    draw: (rows) => <Lines lines={manyLines(field, { width, rows }, symbols)} />,
  };
}

/** Gives the lines of the field on this number of rows: the filter, the visible options, the hidden rows, a note. */
function manyLines(
  field: ManyField,
  { width, rows }: { readonly width: number; readonly rows: number },
  symbols: Symbols,
): readonly Line[] {
  const { question } = field;
  const shown = shownRows(field);
  const all = allRows(field);
  const { state } = field.list;
  const count = countText(field.list, { shown: shown.length, all: all.length });
  const chosen = `${field.chosen.length} chosen`;
  const shortLabel = filterLabel(field);
  // On a narrow screen, the label does not say that a value can be typed too.
  const label = shortLabel === 'Filter' && question.typed !== undefined && width >= 40 ? 'Filter or type' : shortLabel;
  const filter = textLines(
    {
      label,
      edit: field.filter,
      placeholder: field.list.state === 'refused' ? question.typed : undefined,
      right: [...(all.length === 0 ? [] : [`${chosen} ${symbols.dot} ${count}`]), chosen],
    },
    width,
    symbols,
  );
  const { above, below, room } = aroundOptions(filter, noteOf(field), { width, rows });
  const fits = shown.length <= room && state !== 'loading';
  // When the options do not fit, one row counts those that are hidden.
  const window = fits ? shown.length : Math.min(shown.length, Math.max(1, room - 1));
  const first = pageTop(field.rowIndex, { window, count: shown.length });
  const inWindow = shown.slice(first, first + window);
  const body = rowLines(field, { inWindow, first, width }, symbols);
  const hidden = shown.length - first - window;
  const more =
    fits || shown.length === 0 ? [] : [say(`      ${hiddenText({ above: first, below: hidden, state })}`, 'aside')];
  return [...above, ...body, ...more, ...below];
}

/** The columns before a label: the cursor and the tick. */
const marksWidth = 6;

/** The columns between the labels and the asides. */
const gapWidth = 2;

/** An aside on fewer columns is left out. */
const leastAside = 6;

/** Gives the lines of the visible options, one for each. `first` is the index of the first visible option. */
function rowLines(
  field: ManyField,
  { inWindow, first, width }: { readonly inWindow: readonly Option[]; readonly first: number; readonly width: number },
  symbols: Symbols,
): readonly Line[] {
  // All asides begin in one column, after the longest label that has an aside and leaves 20 columns of the line free. An
  // option with a longer label shows no aside.
  const column = Math.max(
    0,
    ...inWindow
      .filter((option) => asideOf(option) !== '')
      .map(({ label }) => cells(label))
      .filter((each) => each <= width - 20),
  );
  return inWindow.map((option, index): Line => {
    const isCurrent = first + index === field.rowIndex;
    const isDisabled = option.disabled !== undefined;
    const currentTone = isCurrent ? 'current' : undefined;
    const mark = field.chosen.includes(option.value) ? '[x]' : '[ ]';
    const text = clip(field.question.shown?.(option.label) ?? option.label, width - marksWidth, symbols.ellipsis);
    const free = width - marksWidth - column - gapWidth;
    const hasRoomForAside = free >= leastAside && cells(text) <= column;
    const aside = hasRoomForAside ? clip(asideOf(option), free, symbols.ellipsis) : '';
    return [
      isCurrent ? { text: `${symbols.current} `, tone: 'current' } : { text: '  ' },
      { text: `${mark} ${text}`, tone: isDisabled ? 'aside' : currentTone },
      { text: padTo('', aside === '' ? 0 : column - cells(text) + gapWidth) },
      { text: aside, tone: toneOfAside(option) },
    ];
  });
}

/** The text after a label: why the option cannot be chosen, or else its hint. */
const asideOf = ({ disabled, hint }: Option) => disabled ?? hint ?? '';
