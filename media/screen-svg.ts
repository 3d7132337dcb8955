import type { TerminalSession } from '../test/e2e/terminal-session.ts';

const cellWidth = 8.4;
const cellHeight = 18;
const margin = 12;
const background = '#1b1d23';
const foreground = '#d8dce4';

/** The sixteen colours of the picture's terminal; none is carried by colour alone. */
const palette = [
  '#3b4048',
  '#e06c75',
  '#98c379',
  '#d7ba7d',
  '#61afef',
  '#c678dd',
  '#56b6c2',
  '#c8ccd4',
  '#7f848e',
  '#e88a91',
  '#b0d68f',
  '#e5cf98',
  '#84c1f5',
  '#d59be6',
  '#7cc8d3',
  '#ffffff',
];

type Cell = { readonly text: string; readonly colour: string; readonly bold: boolean };

/** A still of what the terminal shows, as SVG with real text. */
export function screenAsSvg(session: TerminalSession, title: string): string {
  return pageAsSvg(session, { title, body: rowsAsSvg(session).filter((row) => row !== '') });
}

/** The window of a terminal of this size around pieces of SVG. */
export function pageAsSvg(
  { emulator }: TerminalSession,
  { title, style = '', body }: { readonly title: string; readonly style?: string; readonly body: readonly string[] },
): string {
  const width = Math.ceil(emulator.cols * cellWidth + 2 * margin);
  const height = emulator.rows * cellHeight + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    ...(style === '' ? [] : [`<style>${style}</style>`]),
    `<rect width="100%" height="100%" rx="6" fill="${background}"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${foreground}">`,
    ...body,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Each row of the screen as SVG text in its place, empty where the row is blank. */
export function rowsAsSvg(session: TerminalSession): readonly string[] {
  return Array.from({ length: session.emulator.rows }, (_, row) => lineAsSvg(cellsOf(session, row), row));
}

function cellsOf(session: TerminalSession, row: number): readonly Cell[] {
  const { active } = session.emulator.buffer;
  const line = active.getLine(active.baseY + row);
  return Array.from({ length: session.emulator.cols }, (_, column) => {
    const cell = line?.getCell(column);
    if (cell === undefined) return { text: ' ', colour: foreground, bold: false };
    const colour = cell.isFgPalette()
      ? (palette[cell.getFgColor()] ?? foreground)
      : cell.isDim()
        ? '#9096a2'
        : foreground;
    return { text: cell.getChars() || ' ', colour, bold: cell.isBold() !== 0 };
  });
}

/**
 * Cells of one look become one run, and a run ends where two blanks follow each other: each piece is placed by its
 * column, so that neither a font nor a viewer that folds blanks can shift it.
 */
function lineAsSvg(cells: readonly Cell[], row: number): string {
  const y = margin + row * cellHeight + 13;
  const runs: string[] = [];
  for (let start = 0; start < cells.length; ) {
    const first = cells[start];
    if (first === undefined) break;
    let end = start + 1;
    while (end < cells.length && cells[end]?.colour === first.colour && cells[end]?.bold === first.bold) end += 1;
    const text = cells
      .slice(start, end)
      .map((cell) => cell.text)
      .join('');
    const look = `${first.colour === foreground ? '' : ` fill="${first.colour}"`}${first.bold ? ' font-weight="bold"' : ''}`;
    for (const { 0: piece, index } of text.matchAll(/\S+(?: \S+)*/g)) {
      const x = (margin + (start + index) * cellWidth).toFixed(1);
      const length = (piece.length * cellWidth).toFixed(1);
      runs.push(`<text x="${x}" y="${y}" textLength="${length}"${look}>${escapeText(piece)}</text>`);
    }
    start = end;
  }
  return runs.join('');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
