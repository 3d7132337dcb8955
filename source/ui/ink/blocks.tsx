import type { ReactNode } from 'react';
import type { Symbols } from '../../terminal/symbols.ts';
import { videoWords } from '../lesson-lines.ts';
import { waysOn } from '../ways-on.ts';
import { closingLine, closingTexts } from './closing-line.ts';
import { listView } from './fields/choice-list.tsx';
import type { FieldView, ListHold } from './fields/field-kind.ts';
import { kindOf } from './fields/kinds.ts';
import { linesView } from './fields/lines-view.tsx';
import type { Asking, Journey } from './journey.ts';
import { bindingsOf } from './keys.ts';
import { type Line, Lines, linesWithSign, paragraph, say } from './lines.tsx';
import { problemLines, requestLines } from './panels/problem.ts';
import { progressLines } from './panels/progress.ts';
import { tableLines } from './panels/table.ts';
import { type Block, cut } from './row-budget.ts';

/** A block of the body, with the function that draws it on a number of rows. */
export type BodyBlock = Block & { readonly draw: (rows: number) => ReactNode };

/** The room for the body, and what it needs to draw lists and seconds. */
export type Place = ListHold & {
  readonly width: number;
  readonly hasChecklist: boolean;
  readonly isTall: boolean;
  readonly symbols: Symbols;
  readonly seconds: number | undefined;
};

// When there are too few rows, the blocks with the lowest rank lose rows first. The page of `?` shows help and why too, so that
// these may go before the field and the problem.
const rank = { request: 1, lesson: 2, why: 3, help: 4, table: 5, title: 6, ask: 7, next: 8, field: 9, problem: 10 };

/** The blocks with the text of a question or a problem. */
export const textBlocks: ReadonlySet<string> = new Set<keyof typeof rank>(['ask', 'help', 'table', 'problem']);

/** Makes the word "Enabled" green in a line of a title: it is the state of a key that works. */
function greenEnabled(line: Line): Line {
  return line.flatMap(({ text, tone }) =>
    text
      .split(/\b(Enabled)\b/)
      .filter((part) => part !== '')
      .map((part) => (part === 'Enabled' ? { text: part, tone: 'good' } : { text: part, ...(tone && { tone }) })),
  );
}

/** Gives the blocks of the body for the present stage, from top to bottom. */
export function blocksOf(journey: Journey, place: Place): readonly BodyBlock[] {
  const { stage, step } = journey;
  const { width, hasChecklist, symbols, seconds } = place;
  // Without a checklist, the header names the step.
  const title = (text: string) => (hasChecklist ? [lines('title', [say(text, 'title')], place, 0)] : []);
  switch (stage.phase) {
    case 'between':
      return title(step?.title ?? 'Keyferry');
    case 'asking':
      return [
        ...(stage.field.question.title === undefined
          ? title(step?.title ?? 'Keyferry')
          : [lines('title', paragraph(stage.field.question.title, width, 'title').map(greenEnabled), place, 0)]),
        ...(stage.isFirst ? lessonBlock(journey, place) : []),
        ...askingBlocks(journey, stage, place),
      ];
    case 'acting':
      return [
        ...title(step?.title ?? ''),
        ...whyBlock(step?.why, place),
        progressBlock(progressLines(stage.lines, { width, seconds }, symbols)),
      ];
    case 'problem':
      return [
        ...title(step?.title ?? 'Keyferry'),
        lines('problem', problemLines(stage.problem, width, symbols), place, 4),
        block('field', listView({ ...place, rows: waysOn(stage.problem, stage.saved), rowValue: stage.rowValue })),
        lines('request', requestLines(stage.problem, width), place, 0),
      ];
    case 'closing':
      return [
        lines('title', [say(stage.title, 'title')], place, 0),
        lines(
          'field',
          closingTexts(stage).flatMap((line) => closingLine(line, width, stage)),
          { ...place, rest: () => restWords(journey) },
          1,
        ),
      ];
  }
}

/**
 * Gives the blocks of a question: its field, and the texts around the field. With a table, all texts are above the field; otherwise
 * the kind of the field decides where they are.
 */
function askingBlocks(journey: Journey, stage: Asking, place: Place): readonly BodyBlock[] {
  const { step } = journey;
  const { field, isFirst } = stage;
  const { ask, title, help, table } = field.question;
  const { width, symbols } = place;
  const kind = kindOf(field);
  const rest = () => restWords(journey);
  const askBlock = kind.ask === 'inside' ? [] : [lines('ask', paragraph(ask, width, 'question'), place, 1)];
  const helpBlock = help === undefined ? [] : [lines('help', paragraph(help, width, 'note'), { ...place, rest }, 0)];
  const fieldBlocks = [block('field', kind.view(field, place)), ...statusBlock(stage, place)];
  // A question with a title of its own is about more than its step, whose reason is on the page of `?`.
  const why = isFirst && title === undefined ? whyBlock(step?.why, place) : [];
  // A table shows consequences. The person should read them before the question.
  if (table !== undefined)
    return [
      ...why,
      lines('table', tableLines(table, width, symbols), { ...place, rest }, 3),
      ...helpBlock,
      ...askBlock,
      ...fieldBlocks,
    ];
  return kind.help === 'above'
    ? [...why, ...askBlock, ...helpBlock, ...fieldBlocks]
    : [...why, ...askBlock, ...fieldBlocks, ...helpBlock];
}

/** Names the key that shows what the screen has no room for; empty when no such key works. */
function restWords(journey: Journey): string {
  const why = bindingsOf(journey).find(({ action }) => typeof action === 'object' && action.type === 'why');
  return why === undefined ? '' : `(${why.key} shows all)`;
}

/** Makes the block that says where in the video this step is. Makes none when the video has no such step, or is not followed. */
function lessonBlock({ step, where }: Journey, place: Place): readonly BodyBlock[] {
  const words = where?.asInTheVideo === true ? videoWords(step?.lesson) : undefined;
  if (words === undefined) return [];
  return [{ ...lines('lesson', paragraph(words, place.width, 'note'), place, 0), hasGap: false }];
}

/** Makes the block that says why a step exists. It is cut to three rows, and has all of these rows on the screen or none. */
function whyBlock(why: string | undefined, place: Place): readonly BodyBlock[] {
  if (why === undefined) return [];
  const { width, symbols } = place;
  return [
    { ...lines('why', cut(paragraph(why, width, 'note'), { rows: 3, width }, symbols), place, 0), isWhole: true },
  ];
}

/** Makes the block of progress lines. With few rows, it shows the last lines, which are about the present work. */
function progressBlock(progress: readonly Line[]): BodyBlock {
  const draw = (rows: number) => <Lines lines={progress.slice(-rows)} />;
  return block('field', { want: progress.length, least: Math.min(1, progress.length), draw });
}

/**
 * Makes the block under the field. It says the first of these that there is: that the answer is being checked, what is wrong, the
 * notice about the text or the chosen values, a warning. Makes no block when there is none.
 */
function statusBlock({ problem, isVerifying, notice, field }: Asking, place: Place): readonly BodyBlock[] {
  const { width, symbols } = place;
  if (isVerifying) return [lines('problem', [say('Checking', 'note')], place, 1)];
  if (problem !== undefined)
    return [lines('problem', linesWithSign({ text: symbols.problem, tone: 'bad' }, problem, width), place, 2)];
  if (notice !== undefined && notice !== '')
    return [lines('problem', linesWithSign({ text: ' ' }, notice, width), place, 1)];
  const caution = kindOf(field).caution?.(field);
  if (caution === undefined) return [];
  return [lines('problem', linesWithSign({ text: symbols.caution, tone: 'warning' }, caution, width), place, 1)];
}

/** Makes a block from a view, with the rank of its id and a blank row above. */
const block = (id: keyof typeof rank, view: FieldView): BodyBlock => ({ id, rank: rank[id], hasGap: true, ...view });

/** Makes a block of text lines. With fewer than `least` rows the block is of no use. */
const lines = (
  id: keyof typeof rank,
  text: readonly Line[],
  place: Place & { readonly rest?: () => string },
  least: number,
): BodyBlock => block(id, linesView(text, place, least));
