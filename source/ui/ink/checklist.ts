import { clip } from '../../terminal/cells.ts';
import type { Symbols } from '../../terminal/symbols.ts';
import { blank, type Line, say } from './lines.tsx';

/** The places where the key can be, in the order in which it goes through them. */
const places = ['you', 'KMS', 'S3'] as const;

type Checklist = {
  readonly titles: readonly string[];
  /** The index of the present step. It is the number of steps when all are done. */
  readonly stepIndex: number;
  /** Where the key is now. */
  readonly place: (typeof places)[number] | undefined;
};

/** The columns of the mark before a title, with a blank at each side. */
const markWidth = 3;

/**
 * Gives the list of steps. When it is known where the key is, a line below the list shows it, if two more rows are free. With a
 * third one, a label says what that line is.
 */
export function checklistLines(
  { titles, stepIndex, place }: Checklist,
  { width, rows }: { readonly width: number; readonly rows: number },
  symbols: Symbols,
): readonly Line[] {
  const steps = titles.map((title, index): Line => {
    // The last column stays empty.
    const name = clip(title, width - markWidth - 1, symbols.ellipsis);
    if (index < stepIndex)
      return [
        { text: ` ${symbols.done} `, tone: 'good' },
        { text: name, tone: 'past' },
      ];
    if (index === stepIndex)
      return [
        { text: ` ${symbols.current} `, tone: 'current' },
        { text: name, tone: 'title' },
      ];
    return say(` ${symbols.todo} ${name}`, 'past');
  });
  const rowsBelow = rows - titles.length;
  // A blank row and the places, and with a third row their label.
  if (place === undefined || rowsBelow < 2) return steps;
  const label = rowsBelow < 3 ? [] : [say('   where the key is', 'aside')];
  return [...steps, blank, ...label, placesLine(place, symbols)];
}

/** Gives the line with all places, in which the present place has brackets. */
function placesLine(place: Checklist['place'], { joint }: Symbols): Line {
  const spans = places.flatMap(
    (name, index): Line => [
      { text: index === 0 ? '' : ` ${joint} `, tone: 'past' },
      name === place ? { text: `[${name}]`, tone: 'current' } : { text: name, tone: 'past' },
    ],
  );
  return [{ text: '   ' }, ...spans];
}
