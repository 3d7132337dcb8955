/** How the screen is divided at its present size. Widths are in columns. */
export type Layout = {
  /** The width of header, rules and footer. */
  readonly width: number;
  /** The rows of the whole live region. One less than the terminal has, because Ink else repaints everything. */
  readonly rows: number;
  /** True when there is room for the checklist. */
  readonly hasChecklist: boolean;
  /** True when there are more rows than a frame usually has. */
  readonly isTall: boolean;
  /** The width of the checklist with its margins; 0 without a checklist. */
  readonly checklistWidth: number;
  readonly bodyWidth: number;
};

const widest = 100;
/** The rows of a frame at 80 x 24. On a taller terminal, the frame does not grow, and more scrollback is visible. */
const usualRows = 23;
const asideWidth = 22;

/** Divides a screen. A checklist, where there are steps, needs 80 columns, and a row for each step between header and footer. */
export function layOut({ columns, rows }: { columns: number; rows: number }, steps: number): Layout {
  const width = Math.max(1, Math.min(columns, widest));
  const live = Math.max(1, rows - 1);
  const hasChecklist = steps > 0 && columns >= 80 && live >= steps + 4;
  const checklistWidth = hasChecklist ? asideWidth : 0;
  return {
    width,
    rows: live,
    hasChecklist,
    isTall: live > usualRows,
    checklistWidth,
    bodyWidth: Math.max(1, hasChecklist ? width - checklistWidth - 1 : width),
  };
}

/** Gives the height of a frame with a checklist: the usual height, or more when the content needs it. */
export function frameRows(room: Layout, wanted: number): number {
  return Math.min(room.rows, Math.max(wanted, usualRows));
}
