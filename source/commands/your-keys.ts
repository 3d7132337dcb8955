import { existsSync } from 'node:fs';
import { type ExternalKeys, findExternalKeys } from '../aws/external-keys.ts';
import { explainAwsError } from '../aws/problems.ts';
import type { KnownKey } from '../ceremonies/known-keys.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ChoiceQuestion, Option } from '../ceremony/question.ts';
import { actionsOn, type KeyAction } from '../status/actions.ts';
import { type ListedKey, listKeys } from '../status/listed-key.ts';
import { noPracticeProblem, openLook } from './looking.ts';
import { practiceFolder } from './open-ceremony.ts';
import {
  actionsQuestion,
  answerForKey,
  answerForPlace,
  bringNewKey,
  type Found,
  goBack,
  type KeyPlace,
  knownKeysQuestion,
  listedKeysQuestion,
  type Shown,
} from './your-keys-questions.ts';

/** What a person chose at their keys. */
export type YourKeysChoice =
  | { readonly action: 'new' }
  /** One of the rows that came first. */
  | { readonly action: 'first row'; readonly answer: string }
  | KeyChoice;

/** What a person chose to do with one of their keys. */
export type KeyChoice = { readonly action: KeyAction['id']; readonly key: ListedKey; readonly place: KeyPlace };

/** What it takes to choose among the keys that AWS tells of. */
export type ListedKeysParts = {
  /** What folders know of keys. */
  readonly known: readonly KnownKey[];
  /** Asks KMS for the keys of a place. */
  readonly findKeys: (place: KeyPlace) => Promise<Pick<ExternalKeys, 'keys' | 'hidden'>>;
  readonly shown: Shown;
  readonly signal: AbortSignal;
  readonly ask: (question: ChoiceQuestion, backAnswer?: string) => Promise<string>;
};

export type YourKeysParts = ListedKeysParts & {
  /** Rows that are offered before the keys. */
  readonly first: readonly Option[];
};

/** Tells whether all of these keys are in practice AWS. */
export const areOfPractice = (known: readonly KnownKey[]): boolean =>
  known.every(({ source }) => source === 'practice');

/**
 * Gives the keys that are listed before AWS is asked: those whose ceremonies have finished. The key with the newest line in a
 * journal comes first.
 */
export function finishedKeys(known: readonly KnownKey[]): readonly KnownKey[] {
  return known.filter(({ isFinished }) => isFinished).toSorted((one, other) => (one.asOf < other.asOf ? 1 : -1));
}

/**
 * Shows a person their keys, first as folders know them, then as AWS tells, until they choose what to do with one of them, to bring
 * a new key, or one of the first rows. Before AWS is asked, only the keys of finished ceremonies are listed.
 */
export async function chooseAtYourKeys(parts: YourKeysParts): Promise<YourKeysChoice> {
  const { first, ask } = parts;
  const known = finishedKeys(parts.known);
  const places = placesOf(known);
  for (;;) {
    const answer = await ask(knownKeysQuestion(known, places, first));
    if (answer === bringNewKey) return { action: 'new' };
    const key = known.find((each) => answerForKey(each) === answer);
    // A known key has the fields of a place: the one in which it is.
    const place = key ?? places.find((each) => answerForPlace(each) === answer);
    if (place === undefined) return { action: 'first row', answer };
    const chosen = await chooseListedKey(place, parts, {
      startRow: key?.keyArn,
      canGoBack: true,
    });
    if (chosen !== goBack) return chosen;
  }
}

/**
 * Shows a person the keys of a place as AWS tells them, until they choose what to do with one of them, or to bring a new key.
 * @param startRow the answer of the row at which the cursor begins.
 * @param canGoBack whether the person may leave the list without a choice; then this gives {@link goBack}.
 */
export async function chooseListedKey(
  place: KeyPlace,
  parts: ListedKeysParts,
  { startRow, canGoBack }: { readonly startRow: string | undefined; readonly canGoBack: boolean },
): Promise<KeyChoice | { readonly action: 'new' } | typeof goBack> {
  const { ask, shown } = parts;
  const backAnswer = canGoBack ? goBack : undefined;
  let cursorRow = startRow;
  for (;;) {
    let found: Found | undefined;
    const lookNow = async () => {
      found = await findKeysOrProblem(place, parts);
      return found;
    };
    const answer = await ask(
      listedKeysQuestion(place, lookNow, { startRow: cursorRow, canGoBack, ...shown }),
      backAnswer,
    );
    if (answer === bringNewKey) return { action: 'new' };
    if (answer === goBack) return goBack;
    // Any other answer that names no key of the list means to look again.
    if (found === undefined || 'problem' in found) continue;
    const key = found.keys.find((listed) => listed.key.keyArn === answer);
    if (key === undefined) continue;
    cursorRow = answer;
    const actionAnswer = await ask(actionsQuestion(key, found.asOf, shown), goBack);
    const chosen = actionsOn(key).find(({ id }) => id === actionAnswer);
    if (chosen !== undefined) return { action: chosen.id, key, place };
  }
}

/**
 * Asks KMS for the keys of a place, and joins them with what folders know. A failure becomes a problem.
 * @throws the reason of the signal when that aborts.
 */
async function findKeysOrProblem(place: KeyPlace, { known, findKeys, signal }: ListedKeysParts): Promise<Found> {
  try {
    const { keys, hidden } = await findKeys(place);
    const asOf = new Date();
    return { keys: listKeys(keys, known, { now: asOf, periodMs: soonMs }), hidden, asOf };
  } catch (error) {
    signal.throwIfAborted();
    return { problem: explainAwsError(error, { what: cannotLook, state: 'Nothing was changed.' }) };
  }
}

/**
 * Connects to a place once, and asks KMS for its keys.
 * @param known tells where the state of practice AWS is.
 * @throws ProblemError when practice AWS has no state yet; SignInError, and what KMS answers, as `findExternalKeys` does.
 */
export async function findKeysAt(
  { source, region }: KeyPlace,
  {
    known,
    endpointUrl,
    signal,
  }: Pick<YourKeysParts, 'known' | 'signal'> & { readonly endpointUrl: string | undefined },
): Promise<ExternalKeys> {
  const folder = known.find((each) => each.source === source)?.folder ?? process.cwd();
  const stateFolder = practiceFolder(folder, {});
  if (source === 'practice' && !existsSync(stateFolder))
    throw new ProblemError(noPracticeProblem(cannotLook, stateFolder));
  const { session, waiting, close } = openLook(endpointUrl, stateFolder);
  try {
    return await waiting.during({ report: () => {}, signal }, async () => {
      const { kms } = await session.connect(source, region);
      return findExternalKeys(kms, region, { signal });
    });
  } finally {
    await close();
  }
}

const cannotLook = "Can't look at your keys.";

/** An expiry within this time comes first in the list. */
const soonMs = 30 * 24 * 60 * 60 * 1000;

/** Gives the places in which these keys are, each once. */
function placesOf(known: readonly KnownKey[]): readonly KeyPlace[] {
  const places = known.map(({ source, region }) => ({ source, region }));
  return [...new Map(places.map((place) => [answerForPlace(place), place])).values()];
}
