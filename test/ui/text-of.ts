import type { Line } from '../../source/ui/ink/lines.tsx';

/** The text of a row of the screen, without its looks. */
export const textOf = (line: Line): string => line.map(({ text }) => text).join('');
