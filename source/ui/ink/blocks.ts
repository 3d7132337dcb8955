import type { ChoiceQuestion, Question } from '../../ceremony/question.ts';
import type { Symbols } from '../../terminal/symbols.ts';
import { waysOn } from '../ways-on.ts';
import { type ChoiceRow, choiceLayout } from './fields/choice-row.tsx';
import { shownEdit } from './fields/editing.ts';
import { allRows } from './fields/many.ts';
import { manyLines } from './fields/many-view.ts';
import { listHeight } from './fields/option-list.ts';
import { type Pick, pickRows } from './fields/pick.ts';
import { secretLines } from './fields/secret-view.ts';
import { textLines } from './fields/text-view.ts';
import { type Block, cut } from './fit.ts';
import type { Asking, Journey } from './journey.ts';
import { type Line, paragraph, say, signed } from './lines.tsx';
import { problemLines, requestLines } from './panels/problem.ts';
import { progressLines } from './panels/progress.ts';
import { tableLines } from './panels/table.ts';

/** A block of the body: rows of text, or the rows of a list that has keys of its own. */
export type BodyBlock = Block &
  (
    | { readonly lines: (rows: number) => readonly Line[] }
    | { readonly choices: readonly ChoiceRow[]; readonly at: string | undefined }
    | { readonly pick: Pick; readonly question: ChoiceQuestion }
  );

type Place = {
  readonly width: number;
  readonly sidebar: boolean;
  readonly tall: boolean;
  readonly symbols: Symbols;
  readonly seconds: number | undefined;
};

// What gives way first when rows are short: the notes and the why can be read with ?, the field and its problem cannot.
const rank = { request: 1, why: 2, help: 3, table: 4, title: 5, ask: 6, next: 7, field: 8, problem: 9 };

/** The body of a stage, in reading order. */
export function blocksOf(journey: Journey, place: Place): readonly BodyBlock[] {
  const { stage, step } = journey;
  const { width, sidebar, symbols, seconds } = place;
  const title = (text: string) => (sidebar ? [text1('title', say(text, 'strong'))] : []);
  const text1 = (id: keyof typeof rank, line: Line): BodyBlock => fixed(id, [line], place, 0);
  switch (stage.phase) {
    case 'between':
      return title(step?.title ?? 'Keyferry');
    case 'asking':
      return [...(sidebar ? title(step?.title ?? 'Keyferry') : []), ...askingBlocks(journey, stage, place)];
    case 'acting':
      return [
        ...title(step?.title ?? ''),
        ...whyBlock(step?.why, place),
        fixed('field', progressLines(stage.lines, { width, seconds }, symbols), place, 1, 'last'),
      ];
    case 'problem': {
      const rows = waysOn(stage.problem, stage.losesKey);
      return [
        ...title(step?.title ?? 'Keyferry'),
        fixed('problem', problemLines(stage.problem, width, symbols), place, 4),
        list('field', { rows, at: stage.at }, width),
        fixed('request', requestLines(stage.problem, width), place, 0),
      ];
    }
    case 'closing':
      return [
        fixed('title', [say(stage.title, 'strong')], place, 0),
        fixed(
          'field',
          stage.lines.flatMap((line) => paragraph(line, width)),
          place,
          1,
        ),
      ];
  }
}

function askingBlocks({ step }: Journey, stage: Asking, place: Place): readonly BodyBlock[] {
  const { question, field, opening } = stage;
  const { width, symbols, tall } = place;
  const ask = question.kind === 'confirm' ? [] : [fixed('ask', paragraph(question.ask, width, 'strong'), place, 1)];
  const help = question.help === undefined ? [] : [fixed('help', paragraph(question.help, width), place, 0)];
  // Consequences come before a tick, a list of people or a table that one agrees to; elsewhere notes stand below.
  const helpFirst = question.table !== undefined || ['confirm', 'phrase', 'many'].includes(question.kind);
  const input: readonly BodyBlock[] =
    field.kind === 'choice' && field.list.options.length > 0
      ? [list('field', { rows: field.list.options, at: field.at }, width)]
      : field.kind === 'pick' && question.kind === 'choice'
        ? [
            {
              id: 'field',
              ...listHeight(pickRows(field).length, tall),
              least: 3,
              rank: rank.field,
              gap: true,
              pick: field,
              question,
            },
          ]
        : field.kind === 'many' && question.kind === 'many'
          ? [
              {
                id: 'field',
                ...listHeight(allRows(field).length, tall),
                least: 4,
                rank: rank.field,
                gap: true,
                lines: (rows) => manyLines({ question, field }, { width, rows }, symbols),
              },
            ]
          : [fixed('field', inputLines(stage, place), place, 1)];
  return [
    ...(opening ? whyBlock(step?.why, place) : []),
    ...(question.table === undefined ? [] : [fixed('table', tableLines(question.table, width, symbols), place, 3)]),
    ...(question.table === undefined ? [] : help),
    ...ask,
    ...(helpFirst && question.table === undefined ? help : []),
    ...input,
    ...statusBlock(stage, place),
    ...(helpFirst ? [] : help),
  ];
}

function whyBlock(why: string | undefined, place: Place): readonly BodyBlock[] {
  if (why === undefined) return [];
  return [
    {
      ...fixed('why', cut(paragraph(why, place.width), { rows: 3, width: place.width }, place.symbols), place, 0),
      whole: true,
    },
  ];
}

/** The field of a question that is not a list. */
function inputLines({ question, field }: Asking, { width, symbols }: Place): readonly Line[] {
  switch (field.kind) {
    case 'text':
    case 'phrase':
      return textLines(
        { label: question.label, edit: shownEdit(field.edit, question.shown), placeholder: placeholderOf(question) },
        width,
        symbols,
      );
    case 'secret':
      return secretLines({ label: question.label, secret: field.secret }, width, symbols);
    case 'confirm': {
      const mark = field.ticked ? '[x]' : '[ ]';
      return paragraph(question.ask, width - 6).map((line, index) => [
        { text: index === 0 ? `${symbols.current} ` : '  ', tone: 'accent' },
        { text: index === 0 ? `${mark} ` : '    ' },
        ...line.map(({ text }) => ({ text, tone: 'strong' as const })),
      ]);
    }
    case 'choice':
      return [say(field.list.state === 'loading' ? 'Reading the list' : 'There is nothing to choose from.', 'quiet')];
    case 'pick':
    case 'many':
      return [];
  }
}

function placeholderOf(question: Question): string | undefined {
  if (question.kind === 'phrase') return `enter alone: ${question.decline}`;
  return question.kind === 'text' || question.kind === 'file' ? question.placeholder : undefined;
}

/** Under the field: what is wrong with it, that it is being checked, or what it stands for. */
function statusBlock({ question, problem, verifying, notice, field }: Asking, place: Place): readonly BodyBlock[] {
  const { width, symbols } = place;
  if (verifying) return [fixed('problem', [say('Checking', 'quiet')], place, 1)];
  if (problem !== undefined)
    return [fixed('problem', signed({ text: symbols.problem, tone: 'bad' }, problem, width), place, 2)];
  if (notice !== undefined && notice !== '')
    return [
      fixed(
        'problem',
        paragraph(notice, width - 2).map((line): Line => [{ text: '  ' }, ...line]),
        place,
        1,
      ),
    ];
  const list = field.kind === 'choice' ? field.list : field.kind === 'text' ? field.instead : undefined;
  if (list === undefined || (list.state !== 'refused' && field.kind === 'choice')) return [];
  const why = list.state === 'refused' ? `The list cannot be read: ${list.why ?? 'no answer'}.` : 'The list is empty.';
  const typed = field.kind === 'text' ? ` Type ${question.form}.` : '';
  return [fixed('problem', signed({ text: symbols.caution, tone: 'caution' }, why + typed, width), place, 1)];
}

function list(
  id: string,
  { rows, at }: { rows: readonly ChoiceRow[]; at: string | undefined },
  width: number,
): BodyBlock {
  const { each } = choiceLayout(rows, width);
  return {
    id,
    want: rows.length * each,
    least: Math.min(rows.length, each > 1 ? 1 : 2) * each + 1,
    rank: rank.field,
    gap: true,
    choices: rows,
    at,
  };
}

function fixed(
  id: keyof typeof rank,
  lines: readonly Line[],
  { width, symbols }: Place,
  least: number,
  keep: 'first' | 'last' = 'first',
): BodyBlock {
  return {
    id,
    want: lines.length,
    least: Math.min(least, lines.length),
    rank: rank[id],
    gap: true,
    lines: (rows) => (keep === 'last' ? lines.slice(-rows) : cut(lines, { rows, width }, symbols)),
  };
}
