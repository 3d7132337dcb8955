import { stripVTControlCharacters } from 'node:util';
import { cells } from './cells.ts';

/**
 * Gives the number of columns of a text without its escape sequences. In the build, this function replaces the package
 * string-width: Ink then measures text as this program does, and the first frame comes 25 ms sooner, because that package
 * compiles a large pattern of emoji.
 */
// biome-ignore lint/style/noDefaultExport: Ink imports the package's default.
export default function stringWidth(text: string): number {
  return cells(stripVTControlCharacters(text));
}
