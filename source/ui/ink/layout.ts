/** How the screen is divided at its present size. Widths are in columns. */
export type Layout = {
  /** The width of header, rules and footer. */
  readonly width: number;
  /** The rows of the whole live region. One less than the terminal has: on all rows, Ink would repaint everything each time. */
  readonly rows: number;
  /** True when there is room for the checklist. */
  readonly hasChecklist: boolean;
  /** True when there are more rows than a frame usually has. */
  readonly isTall: boolean;
  /** The width of the checklist with its margins; 0 without a checklist. */
  readonly checklistWidth: number;
  readonly bodyWidth: number;
};

/** On a wider terminal, the frame leaves the columns at the right free. */
const mostColumns = 100;
/** The rows of a frame at 80 x 24. On a taller terminal, the frame does not grow, and more scrollback is visible. */
const usualRows = 23;
const usualChecklistWidth = 22;

/** The rows of header and footer on a screen with a checklist: two each, for a text and a rule. */
export const rowsAround = 4;

/** A screen with fewer rows and without a checklist has neither a rule below its header nor a blank row above its footer. */
export const leastRowsForRules = 12;

/**
 * Divides a screen of this size. It has a checklist when it has at least 80 columns, and at least one row for each step between
 * header and footer. Without steps there is no checklist.
 * @param steps the number of steps of the ceremony.
 */
export function layOut({ columns, rows }: { columns: number; rows: number }, steps: number): Layout {
  const width = Math.max(1, Math.min(columns, mostColumns));
  const liveRows = Math.max(1, rows - 1);
  const hasChecklist = steps > 0 && columns >= 80 && liveRows >= steps + rowsAround;
  const checklistWidth = hasChecklist ? usualChecklistWidth : 0;
  return {
    width,
    rows: liveRows,
    hasChecklist,
    isTall: liveRows > usualRows,
    checklistWidth,
    // Beside a checklist, the last column stays empty.
    bodyWidth: Math.max(1, hasChecklist ? width - checklistWidth - 1 : width),
  };
}

/**
 * Gives the height of a frame with a checklist in rows: the usual height, or more when the content needs more; at most that of the
 * screen.
 */
export function frameRows(layout: Layout, neededRows: number): number {
  return Math.min(layout.rows, Math.max(neededRows, usualRows));
}
