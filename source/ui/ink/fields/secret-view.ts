import type { SecretText } from '../../../ceremony/secret-text.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import type { Line } from '../lines.tsx';

/** What stands for a secret text: as many signs whatever its length, so that a picture of the screen tells little. */
const mask = '********';

/** A secret text being typed: never its characters, only how many there are. */
export function secretLines(
  { label, secret }: { label: string; secret: SecretText },
  width: number,
  { cursor }: Symbols,
): readonly Line[] {
  const { count } = secret;
  const typed: Line = [{ text: count === 0 ? '' : mask }, { text: cursor, tone: 'accent' }];
  const characters = count === 0 ? '' : `  ${count} ${count === 1 ? 'character' : 'characters'}`;
  const line: Line = [{ text: `${label}: ` }, ...typed];
  const used = label.length + 2 + mask.length + 1 + characters.length;
  return used <= width ? [[...line, { text: characters }]] : [line, [{ text: characters }]];
}
