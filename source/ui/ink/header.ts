import { cells, clip, padTo } from '../../terminal/cells.ts';
import type { Symbols } from '../../terminal/symbols.ts';
import type { Journey } from './journey.ts';
import type { Layout } from './layout.ts';
import { type Line, say } from './lines.tsx';

type HeaderFacts = { readonly practice: boolean; readonly steps: number };

/** Gives the rows above the body. With a checklist they say who and where; without one, they also name the step. */
export function headerLines(
  journey: Journey,
  { practice, steps }: HeaderFacts,
  room: Layout,
  symbols: Symbols,
): readonly Line[] {
  const rule = say(symbols.rule.repeat(room.width), 'quiet');
  const mark = practice || journey.where?.practice === true ? 'PRACTICE' : '';
  if (room.hasChecklist)
    return [placeAtSides(' Keyferry', [mark, ...whereabouts(journey)], `${symbols.dot} `, room.width - 1), rule];
  const title = titleOf(journey, steps, symbols, room.width - (mark === '' ? 0 : mark.length + 1));
  const first = placeAtSides(title, [mark], '', room.width);
  if (room.rows < 12) return [first];
  const where = joinWithin(whereabouts(journey), ` ${symbols.dot} `, room.width);
  return where === '' ? [first, rule] : [first, say(where), rule];
}

function titleOf({ step, stepIndex }: Journey, steps: number, { dot, ellipsis }: Symbols, width: number): string {
  if (step === undefined) return 'Keyferry';
  const long = `Step ${stepIndex + 1} of ${steps} ${dot} ${step.title}`;
  const short = `${stepIndex + 1}/${steps} ${step.title}`;
  return cells(long) <= width ? long : clip(short, width, ellipsis);
}

function whereabouts({ where }: Journey): readonly string[] {
  return where === undefined
    ? []
    : [where.region, where.account, where.endpoints, where.who].filter((part) => part !== '');
}

/** Makes a line with `left` and, at the right edge, as many of `parts` as fit. The last parts are left out first. */
function placeAtSides(left: string, parts: readonly string[], separator: string, width: number): Line {
  const right = joinWithin(
    parts.filter((part) => part !== ''),
    ` ${separator}`,
    width - cells(left) - 1,
  );
  const gap = padTo('', width - cells(left) - cells(right));
  const [practice, rest] = right.startsWith('PRACTICE') ? ['PRACTICE', right.slice(8)] : ['', right];
  return [{ text: left, tone: 'strong' }, { text: gap }, { text: practice, tone: 'caution' }, { text: rest }];
}

/** Joins the first parts, as many as fit the width. */
function joinWithin(parts: readonly string[], separator: string, width: number): string {
  for (let count = parts.length; count > 0; count -= 1) {
    const text = parts.slice(0, count).join(separator);
    if (cells(text) <= width) return text;
  }
  return '';
}
