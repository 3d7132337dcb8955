import { cells, clip, padTo } from '../../terminal/cells.ts';
import type { Symbols } from '../../terminal/symbols.ts';
import type { Journey } from './journey.ts';
import { type Layout, leastRowsForRules } from './layout.ts';
import { type Line, say } from './lines.tsx';

/** Says that nothing here is in an account of AWS. */
const practiceMark = 'PRACTICE';

type HeaderFacts = { readonly practice: boolean; readonly steps: number };

/** At least this number of columns is shown of an alias that does not fit. */
const leastAlias = 14;

/** Gives the rows above the body. They name the key, the Region, the account and the caller; without a checklist, also the step. */
export function headerLines(
  journey: Journey,
  { practice, steps }: HeaderFacts,
  layout: Layout,
  symbols: Symbols,
): readonly Line[] {
  const rule = say(symbols.rule.repeat(layout.width), 'aside');
  const mark = practice || journey.where?.practice === true ? practiceMark : '';
  const followed = journey.where?.asInTheVideo === true;
  if (layout.hasChecklist) {
    const title = followed ? ' Keyferry, video' : ' Keyferry';
    const place = placeWithin(journey, mark, layout.width - 1 - cells(title) - 1, symbols);
    return [atSides(title, place, layout.width - 1, symbols), rule];
  }
  const marks = [mark, followed ? 'video' : ''].filter((part) => part !== '').join(` ${symbols.dot} `);
  const title = titleOf(journey, steps, symbols, layout.width - (marks === '' ? 0 : cells(marks) + 1));
  const first = atSides(title, cells(title) + 1 + cells(marks) <= layout.width ? marks : '', layout.width, symbols);
  if (layout.rows < leastRowsForRules) return [first];
  const place = placeWithin(journey, '', layout.width, symbols);
  return place === '' ? [first, rule] : [first, say(place), rule];
}

/** Gives the title with the number of the step, in a short form when the long form does not fit the width. */
function titleOf({ step, stepIndex }: Journey, steps: number, { dot, ellipsis }: Symbols, width: number): string {
  if (step === undefined) return 'Keyferry';
  const long = `Step ${stepIndex + 1} of ${steps} ${dot} ${step.title}`;
  const short = `${stepIndex + 1}/${steps} ${step.title}`;
  return cells(long) <= width ? long : clip(short, width, ellipsis);
}

/**
 * Gives the alias of the key, the mark of practice, the Region, the account, endpoints that are not AWS's own, and the caller,
 * as far as they fit the width. Two keys often differ in the last letters of their aliases. So the whole alias is shown before
 * the caller, and is shortened only when it does not even fit beside the account.
 */
function placeWithin({ where }: Journey, mark: string, width: number, { dot, ellipsis }: Symbols): string {
  const separator = ` ${dot} `;
  const join = (parts: readonly string[]) => parts.filter((part) => part !== '').join(separator);
  if (where === undefined) return cells(mark) <= width ? mark : '';
  const { alias, region, account, endpoints, who } = where;
  const inAccount = [mark, region, account, endpoints];
  // Practice AWS has one account only.
  const place = where.practice && alias !== '' ? [mark, region] : inAccount;
  const forms = [[...inAccount, who], [...place, who], [...place, nameOf(who)], place];
  const whole = forms.map((form) => join([alias, ...form])).find((text) => cells(text) <= width);
  if (whole !== undefined) return whole;
  const aliasWidth = width - cells(separator + join(place));
  if (alias !== '' && aliasWidth >= leastAlias) return join([clip(alias, aliasWidth, ellipsis), ...place]);
  const shorter = [...forms, ...place.map((_, index) => place.slice(0, -1 - index))];
  return shorter.map(join).find((text) => cells(text) <= width) ?? '';
}

/** Gives the name of a caller without its kind: `SecurityAdmin` of `role/SecurityAdmin`. */
const nameOf = (who: string) => who.slice(who.indexOf('/') + 1);

/** Makes a line with `left`, and with `right` at the right edge, in which the mark of practice stands out as a warning. */
function atSides(left: string, right: string, width: number, { dot }: Symbols): Line {
  const gap = padTo('', width - cells(left) - cells(right));
  const parts = right
    .split(` ${dot} `)
    .flatMap(
      (part, index): Line => [
        { text: index === 0 ? '' : ` ${dot} ` },
        { text: part, tone: part === practiceMark ? 'warning' : undefined },
      ],
    );
  return [{ text: left, tone: 'title' }, { text: gap }, ...parts];
}
