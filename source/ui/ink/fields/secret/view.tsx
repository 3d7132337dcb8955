import type { Line } from '../../lines.tsx';
import type { FieldPlace, FieldView } from '../field-kind.ts';
import { linesView } from '../lines-view.tsx';
import type { SecretField } from './state.ts';

/** Shown in place of a text of any length. The number of characters is shown after it. */
const mask = '********';

/** Draws a secret text being typed: never its characters, only how many there are. */
export function viewSecret({ question: { label }, secret: { count } }: SecretField, place: FieldPlace): FieldView {
  const typed: Line = [{ text: count === 0 ? '' : mask }, { text: place.symbols.cursor }];
  const characters = count === 0 ? '' : `  ${countText(count)}`;
  const prefix = `${label}: `;
  const line: Line = [{ text: prefix }, ...typed];
  // The cursor takes one column.
  const used = prefix.length + mask.length + 1 + characters.length;
  const lines = used <= place.width ? [[...line, { text: characters }]] : [line, [{ text: characters }]];
  return linesView(lines, place);
}

/** Says how many characters there are. */
export const countText = (count: number) => `${count} ${count === 1 ? 'character' : 'characters'}`;
