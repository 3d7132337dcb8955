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

/**
 * Gives the rows above the body. They name the key, the Region, the account and the caller, as far as these are known and have
 * room; without a checklist, also the step.
 */
export function headerLines(
  journey: Journey,
  { practice, steps }: HeaderFacts,
  layout: Layout,
  symbols: Symbols,
): readonly Line[] {
  const mark = practice || journey.where?.practice === true ? practiceMark : '';
  return layout.hasChecklist
    ? headerAboveChecklist(journey, mark, layout, symbols)
    : headerWithStep(journey, { mark, steps }, layout, symbols);
}

/** Gives the rows for a screen with a checklist: the name of the program, the place at the right, and a rule. */
function headerAboveChecklist(journey: Journey, mark: string, { width }: Layout, symbols: Symbols): readonly Line[] {
  const title = followsVideo(journey) ? ' Keyferry, video' : ' Keyferry';
  // The last column stays empty.
  const columns = width - 1;
  // There is at least one blank between the title and the place.
  const place = placeText(journey, mark, columns - cells(title) - 1, symbols);
  return [atSides(title, place, columns, symbols), ruleOf(width, symbols)];
}

/** Gives the rows for a screen without a checklist: the step with marks at the right; on most screens also the place and a rule. */
function headerWithStep(
  journey: Journey,
  { mark, steps }: { readonly mark: string; readonly steps: number },
  { width, rows }: Layout,
  symbols: Symbols,
): readonly Line[] {
  const marks = [mark, followsVideo(journey) ? 'video' : ''].filter((part) => part !== '').join(` ${symbols.dot} `);
  const title = titleOf(journey, steps, symbols, width - (marks === '' ? 0 : cells(marks) + 1));
  // On a very narrow screen, even a short title leaves no room for the marks.
  const fits = cells(title) + 1 + cells(marks) <= width;
  const first = atSides(title, fits ? marks : '', width, symbols);
  if (rows < leastRowsForRules) return [first];
  const rule = ruleOf(width, symbols);
  // The first row has the mark of practice already.
  const place = placeText(journey, '', width, symbols);
  return place === '' ? [first, rule] : [first, say(place), rule];
}

/** True when the person follows the tutorial's video. The header then has the word `video`. */
const followsVideo = ({ where }: Journey) => where?.asInTheVideo === true;

const ruleOf = (width: number, symbols: Symbols): Line => say(symbols.rule.repeat(width), 'aside');

/** Gives the title with the number of the step, shorter when the width needs it. Without a step, gives the program's name. */
function titleOf({ step, stepIndex }: Journey, steps: number, { dot, ellipsis }: Symbols, width: number): string {
  if (step === undefined) return 'Keyferry';
  const long = `Step ${stepIndex + 1} of ${steps} ${dot} ${step.title}`;
  const short = `${stepIndex + 1}/${steps} ${step.title}`;
  return cells(long) <= width ? long : clip(short, width, ellipsis);
}

/**
 * Gives the alias of the key, the mark of practice, the Region, the account, endpoints that are not AWS's own, and the caller.
 * Without `where`, gives only the mark. Leaves out what does not fit the width, one after the other: on practice AWS, when there is
 * an alias, the account; the kind of the caller, such as `role/`; the caller; the end of the alias; the whole alias, so that the
 * caller may fit again; the last parts of the place. The alias stays whole for so long because two keys often differ in the last
 * letters of their aliases.
 */
function placeText({ where }: Journey, mark: string, width: number, { dot, ellipsis }: Symbols): string {
  const separator = ` ${dot} `;
  const join = (parts: readonly string[]) => parts.filter((part) => part !== '').join(separator);
  if (where === undefined) return cells(mark) <= width ? mark : '';
  const { alias, region, account, endpoints, who } = where;
  const allOfPlace = [mark, region, account, endpoints];
  // Practice AWS has one account only, so that the account can be left out.
  const place = where.practice && alias !== '' ? [mark, region] : allOfPlace;
  const forms = [[...allOfPlace, who], [...place, who], [...place, nameOf(who)], place];
  const whole = forms.map((form) => join([alias, ...form])).find((text) => cells(text) <= width);
  if (whole !== undefined) return whole;
  const aliasWidth = width - cells(separator + join(place));
  if (alias !== '' && aliasWidth >= leastAlias) return join([clip(alias, aliasWidth, ellipsis), ...place]);
  // Without the alias, more fits: all forms again, and then the place without its last parts.
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
