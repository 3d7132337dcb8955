import type { Option } from '../../ceremony/question.ts';
import type { LineIo } from './line-io.ts';
import type { ShownList } from './shown-list.ts';

/** Gives the text before an option: a box with or without a tick, or an empty text. */
type Mark = (option: Option) => string;

/**
 * Prints the rows of the list's present page, and says how to see the others. Says also when the list cannot be read, and when
 * it has no rows.
 * @param emptyWords the sentence for a list without options.
 */
export async function showList(
  lineIo: LineIo,
  list: ShownList,
  mark: Mark = () => '',
  emptyWords = 'There is nothing to choose from.',
): Promise<void> {
  const rows = await list.window();
  for (const { number, option } of rows) {
    const note = option.disabled === undefined ? option.hint : `cannot be chosen: ${option.disabled}`;
    const aside = note === undefined ? '' : ` (${note})`;
    // Some labels have aligned columns. Here each row of spaces becomes one space.
    const label = option.label.replaceAll(/ +/g, ' ');
    lineIo.say(`  ${number}. ${mark(option)}${label}${aside}`);
  }
  const { refusal } = list.pages;
  if (refusal !== undefined) lineIo.say(`${lineIo.symbols.caution} The list cannot be read: ${refusal}.`);
  else if (rows.length === 0) lineIo.say(`  ${emptyWords}`);
  if (list.hasMore) lineIo.say(`  ${list.count} in all. Type more for the next ones, or a text to filter.`);
  if (list.filter !== '') lineIo.say(`  Only those with "${list.filter}". Type all for the others too.`);
}

/**
 * Prints the next rows of a list (`more`), or removes its filter and prints the first rows (`all`). When no rows follow, `more`
 * prints the first rows again, and says so.
 */
export async function turnPage(
  lineIo: LineIo,
  list: ShownList,
  to: 'more' | 'all',
  mark: Mark = () => '',
): Promise<void> {
  if (to === 'all') list.show('');
  else if (list.hasMore) list.forward();
  else {
    lineIo.say('That was the end of the list; here it is from the beginning.');
    list.show(list.filter);
  }
  await showList(lineIo, list, mark);
}

/** Filters the list by a text. @returns false when no option matches; the list then stays as it was. */
export async function filterList(list: ShownList, text: string): Promise<boolean> {
  const before = list.filter;
  list.show(text);
  if ((await list.window()).length > 0) return true;
  list.show(before);
  // Finds the earlier rows again, so that a number means the same option as before.
  await list.window();
  return false;
}
