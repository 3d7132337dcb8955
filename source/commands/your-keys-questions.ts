import { basename } from 'node:path';
import { profileInSource } from '../aws/environment.ts';
import type { KnownKey } from '../ceremonies/known-keys.ts';
import type { Problem } from '../ceremony/problem.ts';
import type { ChoiceQuestion, Option } from '../ceremony/question.ts';
import { actionsOn } from '../status/actions.ts';
import type { ListedKey } from '../status/listed-key.ts';
import { backupWords, expiryWords, nameOf, stateWords } from '../status/words.ts';
import { utc } from '../steps/dates.ts';
import type { Source } from '../steps/facts.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';

/** Where keys are looked at: an account, by its credentials, and a Region. */
export type KeyPlace = { readonly source: Source; readonly region: string };

/** The answers that mean something else than a key. */
export const bringNewKey = 'new';
export const goBack = 'back';
export const lookAgain = 'look';

/** Gives the answer that asks AWS about the keys of a place. */
export const answerForPlace = ({ source, region }: KeyPlace) => `${lookAgain} ${source} ${region}`;

/** Gives the answer that chooses a key of which a folder knows. */
export const answerForKey = ({ keyArn, folder }: KnownKey) => `${keyArn} ${folder}`;

const form = 'a row of the list';

/**
 * Builds the question that asks with which key the person wants to work. Its rows come from the folders here; AWS is not asked.
 * @param first rows that come before the keys, such as ceremonies that were not finished.
 */
export function knownKeysQuestion(
  known: readonly KnownKey[],
  places: readonly KeyPlace[],
  first: readonly Option[],
): ChoiceQuestion {
  const hasSeveralPlaces = places.length > 1;
  return {
    kind: 'choice',
    id: 'your-keys',
    ask: 'Your keys. Which one do you want to work with?',
    label: 'Key',
    form,
    options: [
      ...first,
      ...known.map((key) => ({
        value: answerForKey(key),
        label: key.alias,
        hint: `${key.region}, ${knownExpiryWords(key)}, as of ${utc(new Date(key.asOf))}`,
      })),
      ...places.map((place) => ({
        value: answerForPlace(place),
        label: hasSeveralPlaces
          ? `Ask AWS about the keys of ${place.region} (${sourceWords(place)})`
          : 'Ask AWS how they are now',
        ...(hasSeveralPlaces ? {} : { hint: `${place.region}, ${sourceWords(place)}` }),
      })),
      newRow,
    ],
    help: 'This is what the folders here know. AWS is asked about a key when you choose it.',
  };
}

/** Gives the source of the credentials as people know it. */
function sourceWords({ source }: KeyPlace): string {
  if (source === 'practice') return 'practice AWS';
  const profile = profileInSource(source);
  if (profile !== undefined) return `profile ${profile}`;
  return source === 'environment' ? 'credentials of the environment' : 'role of this machine';
}

/**
 * Says when the material of a key expires or has expired, as the folder knew it at its last journal line; or that it does not
 * expire, or that none was imported.
 */
function knownExpiryWords({ validTo, asOf }: KnownKey): string {
  if (validTo === undefined) return 'no material imported';
  if (validTo === null) return 'does not expire';
  return `${validTo <= asOf ? 'expired' : 'expires'} ${utc(new Date(validTo))}`;
}

/** How keys are shown on a terminal. */
export type Shown = {
  /** Stands for what is left out of a key id. */
  readonly ellipsis: string;
  /** Whether a line has room for what is known of a backup. */
  readonly isWide: boolean;
};

/** Gives how keys are shown on this terminal now. */
export const shownOn = (terminal: Terminal): Shown => ({
  ellipsis: symbolsFor(terminal).ellipsis,
  isWide: terminal.columns() >= 80,
});

/** What a look at a place found: its keys, or the problem that prevented it. */
export type Found =
  | { readonly keys: readonly ListedKey[]; readonly hidden: number; readonly asOf: Date }
  | { readonly problem: Problem };

/**
 * Builds the question that asks with which key the person wants to work. Its rows come from what AWS says now, and appear when AWS
 * has answered.
 * @param look asks AWS; it does not throw.
 * @param startRow the answer of the row at which the cursor begins; without one, the cursor begins at the first row.
 * @param canGoBack whether folders know keys, to which the person may go back.
 */
export function listedKeysQuestion(
  place: KeyPlace,
  look: () => Promise<Found>,
  { startRow, canGoBack, ...shown }: Shown & { readonly startRow: string | undefined; readonly canGoBack: boolean },
): ChoiceQuestion {
  return {
    kind: 'choice',
    id: 'your-keys',
    ask: `Your keys in ${place.region}, as AWS tells now. Which one do you want to work with?`,
    label: 'Key',
    form,
    options: async function* () {
      const rows = foundRows(await look(), shown);
      // A person who cannot go back wants a new key. So that row comes first: the cursor is on it, and the keys are in sight.
      yield canGoBack ? [...rows, againRow, newRow, backRow] : [newRow, ...rows, againRow];
    },
    ...(startRow === undefined ? {} : { default: startRow }),
    help: `These keys hold imported material, or wait for it. Asked: ${sourceWords(place)}.`,
  };
}

const againRow: Option = { value: lookAgain, label: 'Look again' };
const newRow: Option = { value: bringNewKey, label: 'Bring a new key' };
const backRow: Option = { value: goBack, label: 'Back to what the folders know' };

/** Gives the rows of a look: a row for each key, and one for all that may not be described; or one that shows the problem. */
function foundRows(found: Found, { ellipsis, isWide }: Shown): readonly Option[] {
  if ('problem' in found) {
    const { what } = found.problem;
    const panel = { title: what, lines: problemLines(found.problem) };
    return [{ value: 'why', label: 'AWS did not tell. Read why', leads: { action: 'panel', panel } }];
  }
  const { keys, hidden, asOf } = found;
  const rows = keys.map((listed) => ({
    value: listed.key.keyArn,
    label: nameOf(listed, ellipsis),
    hint: isWide ? `${stateLine(listed, asOf)}, ${backupLine(listed)}` : stateLine(listed, asOf),
  }));
  return hidden === 0
    ? rows
    : [...rows, { value: 'hidden', label: `${hidden} more`, disabled: 'you may not describe them' }];
}

/** Says how a key is at a moment: its state and its expiry. */
function stateLine(listed: ListedKey, asOf: Date): string {
  return `${stateWords(listed.key.keyState)}, ${expiryWords(listed, asOf)}`;
}

/** Says what is known of the backups of a key. */
function backupLine(listed: ListedKey): string {
  return listed.backup === undefined ? backupWords(listed) : `backup ${backupWords(listed)}`;
}

/** Builds the question that asks what to do with a key. An action that cannot be done now stays visible, with the reason. */
export function actionsQuestion(listed: ListedKey, asOf: Date, { ellipsis }: Shown): ChoiceQuestion {
  const actions = actionsOn(listed);
  const name = nameOf(listed, ellipsis);
  const folder = listed.known === undefined ? '' : ` Its folder is ${basename(listed.known.folder)}.`;
  return {
    kind: 'choice',
    id: 'action',
    ask: `What do you want to do with ${name}?`,
    label: 'Action',
    form,
    options: [
      ...actions.map(({ id, label, reason }) => ({
        value: id,
        label,
        ...(reason === undefined ? {} : { disabled: reason }),
      })),
      { value: goBack, label: 'Back to your keys' },
    ],
    ...(actions.every(({ reason }) => reason !== undefined) ? { default: goBack } : {}),
    help: `${stateLine(listed, asOf)}, ${backupLine(listed)}, as of ${utc(asOf)}.${folder}\n${listed.key.keyArn}`,
  };
}
