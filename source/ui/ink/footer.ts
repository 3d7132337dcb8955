import { cells, clip } from '../../terminal/cells.ts';
import type { Symbols } from '../../terminal/symbols.ts';
import { stopQuestions } from '../stop-words.ts';
import type { Journey } from './journey.ts';
import { bindingsOf } from './keys.ts';
import type { Line } from './lines.tsx';

/** Gives the footer: a note about the last key, or the keys that work now. When the person wants to stop, also "Stop here?". */
export function footerLine(journey: Journey, width: number, symbols: Symbols): Line {
  if (journey.said !== undefined) return [{ text: clip(journey.said, width, symbols.ellipsis) }];
  if (journey.stopping === undefined) return hintsWithin(journey, width, symbols);
  const questions = stopQuestions(journey.stopping, journey.stage.phase === 'acting');
  // Beside the question there must be room for the key that stops.
  const gap = '  ';
  const leastBeside = cells(`${gap}enter stop`);
  const question = questions.find((text) => cells(text) + leastBeside <= width) ?? '';
  const hints = hintsWithin(journey, width - cells(question) - cells(gap), symbols);
  return [{ text: question, tone: 'warning' }, { text: question === '' ? '' : gap }, ...hints];
}

/**
 * Gives a line that names the keys that work now, but not those without a rank. Leaves out the keys of the lowest rank until the
 * line fits the width. The line is empty when not even one key fits.
 */
function hintsWithin(journey: Journey, width: number, symbols: Symbols): Line {
  const shown = bindingsOf(journey).filter(({ rank }) => rank !== undefined);
  const lowestRankFirst = shown.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  for (let leftOut = 0; leftOut < shown.length; leftOut += 1) {
    const hidden = new Set(lowestRankFirst.slice(0, leftOut));
    const hints = shown
      .filter((binding) => !hidden.has(binding))
      .flatMap(
        ({ key, does }, index): Line => [
          { text: index === 0 ? '' : ` ${symbols.dot} `, tone: 'aside' },
          { text: key === '↑↓' ? symbols.upDown : key, tone: 'key' },
          { text: ` ${does}`, tone: 'aside' },
        ],
      );
    if (hints.reduce((sum, { text }) => sum + cells(text), 0) <= width) return hints;
  }
  return [];
}
