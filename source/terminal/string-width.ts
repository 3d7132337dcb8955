import { stripVTControlCharacters } from 'node:util';
import { cells } from './cells.ts';

/**
 * Stands in the build for the package string-width, with which Ink measures: so both measure alike, and the first frame
 * does without the 25 ms in which that package compiles its pattern of emoji.
 */
// biome-ignore lint/style/noDefaultExport: Ink imports the package's default.
export default function stringWidth(text: string): number {
  return cells(stripVTControlCharacters(text));
}
