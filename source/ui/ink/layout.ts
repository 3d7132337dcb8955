/** How the screen is divided at its present size. */
export type Layout = {
  /** Of header, rules and footer. */
  readonly width: number;
  /** Rows of the whole live region: one less than the terminal has, or Ink repaints it all. */
  readonly rows: number;
  readonly sidebar: boolean;
  /** True where there are more rows than a frame usually takes. */
  readonly tall: boolean;
  /** Columns of the checklist with its margins; 0 without one. */
  readonly aside: number;
  readonly bodyWidth: number;
};

const widest = 100;
/** What 80 x 24 has; taller terminals show more scrollback instead of a stretched frame. */
const usualRows = 23;
const asideWidth = 22;

/** Divides a screen. The checklist needs 80 columns and a row for each step beside header and footer. */
export function layOut({ columns, rows }: { columns: number; rows: number }, steps: number): Layout {
  const width = Math.max(1, Math.min(columns, widest));
  const live = Math.max(1, rows - 1);
  const sidebar = columns >= 80 && live >= steps + 4;
  const aside = sidebar ? asideWidth : 0;
  return {
    width,
    rows: live,
    sidebar,
    tall: live > usualRows,
    aside,
    bodyWidth: Math.max(1, sidebar ? width - aside - 1 : width),
  };
}

/** Rows of a frame with a checklist: the usual height, more only where the content asks for it. */
export function frameRows(room: Layout, wanted: number): number {
  return Math.min(room.rows, Math.max(wanted, usualRows));
}
