import { cells, clip, padTo } from '../../terminal/cells.ts';
import type { Symbols } from '../../terminal/symbols.ts';
import type { Journey } from './journey.ts';
import { type Layout, leastRowsForRules } from './layout.ts';
import { type Line, say } from './lines.tsx';

type HeaderFacts = { readonly practice: boolean; readonly steps: number };

/** Gives the rows above the body. They name the account, the Region and the caller; without a checklist, also the step. */
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
  if (room.rows < leastRowsForRules) return [first];
  const where = joinWithin(whereabouts(journey), ` ${symbols.dot} `, room.width);
  return where === '' ? [first, rule] : [first, say(where), rule];
}

/** Gives the title with the number of the step, in a short form where the long form does not fit the width. */
function titleOf({ step, stepIndex }: Journey, steps: number, { dot, ellipsis }: Symbols, width: number): string {
  if (step === undefined) return 'Keyferry';
  const long = `Step ${stepIndex + 1} of ${steps} ${dot} ${step.title}`;
  const short = `${stepIndex + 1}/${steps} ${step.title}`;
  return cells(long) <= width ? long : clip(short, width, ellipsis);
}

/** Gives the Region, the account, endpoints that are not AWS's own, and the caller, in the order of the header. */
function whereabouts({ where }: Journey): readonly string[] {
  return where === undefined
    ? []
    : [where.region, where.account, where.endpoints, where.who].filter((part) => part !== '');
}

/**
 * Makes a line with `left` and, at the right edge, as many of `parts` as fit. Where not all fit, the last parts are left out.
 * "PRACTICE" at the beginning of the parts gets the colour of a caution.
 */
function placeAtSides(left: string, parts: readonly string[], separator: string, width: number): Line {
  const right = joinWithin(
    parts.filter((part) => part !== ''),
    ` ${separator}`,
    width - cells(left) - 1,
  );
  const gap = padTo('', width - cells(left) - cells(right));
  const practice = right.startsWith('PRACTICE') ? 'PRACTICE' : '';
  const rest = right.slice(practice.length);
  return [{ text: left, tone: 'strong' }, { text: gap }, { text: practice, tone: 'caution' }, { text: rest }];
}

/** Joins as many of the first parts as fit the width. Gives an empty text when not even one fits. */
function joinWithin(parts: readonly string[], separator: string, width: number): string {
  for (let count = parts.length; count > 0; count -= 1) {
    const text = parts.slice(0, count).join(separator);
    if (cells(text) <= width) return text;
  }
  return '';
}
