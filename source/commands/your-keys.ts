import { existsSync } from 'node:fs';
import { findExternalKeys } from '../aws/external-keys.ts';
import { explainAwsError } from '../aws/problems.ts';
import type { KnownKey } from '../ceremonies/known-keys.ts';
import type { ChoiceQuestion, Option } from '../ceremony/question.ts';
import { actionsOn, type KeyAction } from '../status/actions.ts';
import { type ListedKey, listKeys } from '../status/listed-key.ts';
import { noPractice, openLook } from './looking.ts';
import { practiceFolder } from './open-ceremony.ts';
import {
  actionsQuestion,
  answerOf,
  bringNewKey,
  type Found,
  goBack,
  type KeyPlace,
  knownKeysQuestion,
  listedKeysQuestion,
  lookAt,
  type Shown,
} from './your-keys-questions.ts';

/** What a person chose at their keys. */
export type YourKeysChoice =
  | { readonly to: 'new' }
  /** One of the rows that came first. */
  | { readonly to: 'first row'; readonly answer: string }
  | { readonly to: KeyAction['to']; readonly key: ListedKey; readonly place: KeyPlace };

export type YourKeysParts = {
  /** What folders know of keys. Only those whose ceremonies have finished are listed before AWS is asked. */
  readonly known: readonly KnownKey[];
  /** Rows that are offered before the keys. */
  readonly first: readonly Option[];
  readonly endpointUrl: string | undefined;
  readonly shown: Shown;
  readonly signal: AbortSignal;
  readonly ask: (question: ChoiceQuestion, backAnswer?: string) => Promise<string>;
};

/** Gives the keys that a folder lists without asking AWS: those whose ceremonies have finished, the latest news first. */
export function finishedKeys(known: readonly KnownKey[]): readonly KnownKey[] {
  return known.filter(({ isFinished }) => isFinished).toSorted((one, other) => (one.asOf < other.asOf ? 1 : -1));
}

/** Shows a person their keys, first as folders know them, then as AWS tells, until they choose what to do. */
export async function chooseAtYourKeys(parts: YourKeysParts): Promise<YourKeysChoice> {
  const { first, ask } = parts;
  const known = finishedKeys(parts.known);
  const places = placesOf(known);
  for (;;) {
    const answer = await ask(knownKeysQuestion(known, places, first));
    if (answer === bringNewKey) return { to: 'new' };
    const key = known.find((each) => answerOf(each) === answer);
    const place = key ?? places.find((each) => lookAt(each) === answer);
    if (place === undefined) return { to: 'first row', answer };
    const chosen = await chooseAtPlace({ source: place.source, region: place.region }, key?.keyArn, parts);
    if (chosen !== goBack) return chosen;
  }
}

/** Asks AWS about the keys of a place, and the person what to do with one of them. @param keyArn the row at which the list begins. */
async function chooseAtPlace(
  place: KeyPlace,
  keyArn: string | undefined,
  parts: YourKeysParts,
): Promise<YourKeysChoice | typeof goBack> {
  const { ask, shown } = parts;
  let at = keyArn;
  for (;;) {
    let found: Found | undefined;
    const lookNow = async () => {
      found = await look(place, parts);
      return found;
    };
    const answer = await ask(listedKeysQuestion(place, lookNow, { at, ...shown }), goBack);
    if (answer === bringNewKey) return { to: 'new' };
    if (answer === goBack) return goBack;
    if (found === undefined || 'problem' in found) continue;
    const key = found.keys.find((listed) => listed.key.keyArn === answer);
    if (key === undefined) continue;
    at = answer;
    const action = await ask(actionsQuestion(key, found.asOf, shown), goBack);
    const chosen = actionsOn(key).find(({ to }) => to === action);
    if (chosen !== undefined) return { to: chosen.to, key, place };
  }
}

/** Asks KMS for the keys of a place, and joins them with what folders know. A failure becomes a problem. */
async function look({ source, region }: KeyPlace, { known, endpointUrl, signal }: YourKeysParts): Promise<Found> {
  const here = known.find((each) => each.source === source)?.folder ?? process.cwd();
  const stateFolder = practiceFolder(here, {});
  if (source === 'practice' && !existsSync(stateFolder)) return { problem: noPractice(cannotLook, stateFolder) };
  const { session, waiting, close } = openLook(endpointUrl, stateFolder);
  try {
    return await waiting.during({ report: () => {}, signal }, async () => {
      const clients = await session.connect(source, region);
      const { keys, hidden } = await findExternalKeys(clients.kmsIn(region), region, { signal });
      const asOf = new Date();
      return { keys: listKeys(keys, known, { now: asOf, withinMs: soonMs }), hidden, asOf };
    });
  } catch (error) {
    signal.throwIfAborted();
    return { problem: explainAwsError(error, { what: cannotLook, state: 'Nothing was changed.' }) };
  } finally {
    await close();
  }
}

const cannotLook = "Can't look at your keys.";

/** An expiry within this time comes first in the list. */
const soonMs = 30 * 24 * 60 * 60 * 1000;

function placesOf(known: readonly KnownKey[]): readonly KeyPlace[] {
  const places = known.map(({ source, region }) => ({ source, region }));
  return [...new Map(places.map((place) => [lookAt(place), place])).values()];
}
