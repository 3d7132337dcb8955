import { shownFolder } from '../ceremony/folder.ts';
import { utc } from '../steps/dates.ts';
import { hangingLines } from '../terminal/hanging-lines.ts';
import { printable } from '../terminal/printable.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import { adviceOn, type Where } from './advice.ts';
import type { ListedKey } from './listed-key.ts';
import { blindSpots } from './region-look.ts';
import { isIncomplete, type Status } from './status.ts';
import { tableOf } from './table.ts';

/**
 * Gives a status as a page for people: the keys and their number, then what could not be read from AWS or from the disk, then what
 * to do for each key that needs something, and last how many keys need something.
 */
export function statusPage(status: Status, terminal: Terminal, where: Where): readonly string[] {
  const { asOf, account, looks, keys } = status;
  const paragraph = (text: string) => hangingLines('', text, terminal);
  const regions = looks.length === 1 ? (looks[0]?.region ?? '') : `${looks.length} Regions`;
  const count = keys.length === 1 ? '1 key' : `${keys.length.toLocaleString('en-US')} keys`;
  const found = `${keys.length === 0 ? 'No key' : count} for imported material in ${regions}`;
  return [
    ...paragraph(`${found}${account === undefined ? '' : ` of account ${account}`}, as of ${utc(asOf)}.`),
    ...groupByRegion(status).flatMap(([region, keysOfRegion]) => [
      '',
      ...(looks.length === 1 ? [] : [region]),
      ...tableOf(keysOfRegion, asOf, terminal),
    ]),
    ...unseenLines(status, terminal),
    ...toDoLines(keys, terminal, where),
    '',
    ...paragraph(verdict(status)),
  ];
}

/** Gives the keys of each Region. `keys` is sorted, so the Region with the most urgent key comes first. */
function groupByRegion({ keys }: Status): readonly (readonly [string, readonly ListedKey[]])[] {
  const groups = new Map<string, ListedKey[]>();
  for (const listed of keys) {
    const group = groups.get(listed.key.region) ?? [];
    group.push(listed);
    groups.set(listed.key.region, group);
  }
  return [...groups];
}

/** Says what could not be read: of the keys, as {@link blindSpots} says it, and journals on the disk. */
function unseenLines({ looks, unreadable }: Status, terminal: Terminal): readonly string[] {
  const { caution } = symbolsFor(terminal);
  const sentences = [
    ...looks.flatMap(blindSpots),
    ...unreadable.map(({ path, why }) => `What ${shownFolder(path)} knows is left out: it cannot be read. ${why}`),
  ];
  return sentences.length === 0
    ? []
    : ['', ...sentences.flatMap((text) => hangingLines(`${caution} `, text, terminal))];
}

/** Gives what to do for each key that needs something, with the commands. */
function toDoLines(keys: readonly ListedKey[], terminal: Terminal, where: Where): readonly string[] {
  const lines = keys.flatMap((listed) =>
    adviceOn(listed, where).flatMap(({ says, commands }) => [
      // The whole id, and not the short one of the table, because a command may ask for it.
      ...hangingLines('- ', `${listed.alias ?? listed.key.keyId}: ${says}`, terminal),
      // A command is not wrapped and keeps its characters, so that a person can copy it whole.
      ...commands.map((command) => `    ${printable(command, { unicode: true })}`),
    ]),
  );
  return lines.length === 0 ? [] : ['', 'To do', ...lines];
}

/** Says in the last line of the page how many keys need something, and whether something was not looked at. */
function verdict(status: Status): string {
  const { keys, looks, periodMs } = status;
  const dueKeys = keys.filter((listed) => listed.due.length > 0).length;
  const needs = dueKeys === 1 ? '1 key needs something.' : `${dueKeys.toLocaleString('en-US')} keys need something.`;
  const otherRegions = looks.length === 1 ? ' Other Regions were not looked at: --all-regions looks at each.' : '';
  if (isIncomplete(status))
    return `${dueKeys === 0 ? '' : `${needs} `}Not everything could be looked at: more may be due.`;
  return `${dueKeys === 0 ? `Nothing is due within ${durationWords(periodMs)}.` : needs}${otherRegions}`;
}

const hourInMs = 3_600_000;

/** Says a number of milliseconds in whole days where possible, else in hours: `30 days`, `12 hours`. */
function durationWords(ms: number): string {
  const hours = ms / hourInMs;
  const [count, unit] = hours % 24 === 0 ? [hours / 24, 'day'] : [hours, 'hour'];
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}
