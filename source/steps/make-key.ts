import type { KeyMetadata } from '@aws-sdk/client-kms';
import { findKeyOfCeremony, type KeySearch } from '../aws/ceremony-key.ts';
import { findIfMade, isRefusal, retryWhileSpreading } from '../aws/eventual-consistency.ts';
import { changeTags, createExternalKey, updateKey } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import type { Tag } from '../aws/tags.ts';
import type { AttemptOutcome } from '../ceremony/journal-state.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type Facts, need } from './facts.ts';
import { findDifferences } from './key-as-asked.ts';
import { makeKeyCounter } from './key-progress.ts';
import { backTo, outcomeOf } from './past.ts';
import type { Services } from './services.ts';
import { UnknownPeople } from './unknown-people.ts';
import { hasRuledOutUnseenKeys, unseenKeysError } from './unseen-keys.ts';

type Context = ActContext<Facts, Services>;

/**
 * Makes the KMS key of this ceremony, still without material. When an earlier try has made the key, gives it the present
 * policy, description and tags.
 * @param policy the key policy, as JSON.
 * @returns the key's id, its ARN, and when it was made, in ISO 8601; also what it was made with.
 * @throws ProblemError when KMS refuses, when the outcome is unknown, or when an earlier try made the key for another choice of
 * single-Region or multi-Region. The problem says whether the key exists.
 */
export async function makeKey(context: Context, policy: string) {
  const { facts, services, attempt, report, pause } = context;
  const { kms } = services.session.clients;
  const { description, tags = [], multiRegion = false } = need(facts, 'description');
  const ceremonyId = services.journal.state.id ?? '';
  const people = new UnknownPeople(facts, services);
  const spreading = {
    isSpreading: (error: unknown) => people.isWorthWaiting(error),
    label: () => people.waitingWords(),
    pause,
  };
  report({ id: 'key', label: 'Creating the key', state: 'working' });
  try {
    const sent = { policy, description, tags };
    const key = await attempt<MadeKey>({
      name: 'create-key',
      act: () =>
        retryWhileSpreading(
          async () => keyResult(await createExternalKey(kms, { ...sent, ceremonyId, multiRegion }), sent, multiRegion),
          spreading,
        ),
      probe: async (begunAt) => {
        const made = await findMadeKey(context, ceremonyId, begunAt);
        if (made === undefined) return { found: 'not done' };
        return { found: 'done', result: keyResult(made, sent, made.MultiRegion === true) };
      },
      refused: isRefusal,
      passing: isWithoutAnswer,
    });
    // An earlier try may have made the key with other answers, and then failed because the alias was taken.
    if (key.multiRegion !== undefined && key.multiRegion !== multiRegion) throw madeOtherwise(key);
    if (key.policy !== sent.policy || key.description !== sent.description)
      await retryWhileSpreading(() => updateKey(kms, key.keyId, sent), spreading);
    await changeTags(kms, key.keyId, key.tags ?? [], tags);
    report({ id: 'key', label: `Key ${key.keyId} created`, note: 'waits for its material', state: 'done' });
    return key;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const problem = explainAwsError(error, {
      what: "Can't create the KMS key.",
      state: keyOutcomeWords(outcomeOf(services, 'policy', 'create-key')),
    });
    throw new ProblemError({
      ...people.explain(problem, error),
      remedies: [backTo('permissions', 'Change the people')],
    });
  }
}

/**
 * Looks for the key that an earlier try of this ceremony may have made. Gives `undefined` when no key was made, as far as the
 * caller or the person can tell.
 * @param begunAt when the last try began.
 * @throws ProblemError when the key may be one that the caller may not look at, and the person has not ruled that out.
 */
async function findMadeKey(
  { answers, services, report, pause }: Context,
  ceremonyId: string,
  begunAt: Date,
): Promise<KeyMetadata | undefined> {
  const { kms } = services.session.clients;
  const searches: KeySearch[] = [];
  const look = async () => {
    const search = await findKeyOfCeremony(kms, ceremonyId, {
      begunAt: new Date(services.journal.state.begunAt ?? begunAt),
      report: makeKeyCounter(report, { id: 'look', label: 'Looking for the key' }),
    });
    searches.push(search);
    // A list that is denied shows nothing later either.
    const isListDenied = search.found === 'unknown' && search.unseenKeyIds.length === 0;
    return search.found === 'key' || isListDenied ? search : undefined;
  };
  // The last search counts also when it found no key.
  await findIfMade(look, { begunAt, label: 'Not sure yet whether the key was made', pause });
  const last = searches.at(-1);
  if (last?.found === 'unknown' && !hasRuledOutUnseenKeys(services, answers, begunAt))
    throw unseenKeysError(services, last);
  const made = last?.found === 'key' ? last.key : undefined;
  const label = made === undefined ? 'No key of this ceremony was found' : 'Found the key that was made';
  report({ id: 'look', label, state: 'done' });
  return made;
}

/**
 * Says whether the key exists.
 * @param outcome of the attempt `create-key`. `undefined`: this try has not begun the call, but an earlier one may have.
 */
function keyOutcomeWords(outcome: AttemptOutcome | undefined): string {
  if (outcome === 'done') return 'The key exists, with the policy it was made with.';
  if (outcome === 'refused') return 'No key was made.';
  return 'Whether a key was made is not known. Trying again looks for it first.';
}

/** What was sent to KMS: the policy as JSON, the description, and the person's own tags. */
type Sent = { readonly policy: string; readonly description: string; readonly tags: readonly Tag[] };

/** The facts about a new key that the journal keeps. Earlier versions noted neither tags nor `multiRegion`. */
type MadeKey = Omit<Sent, 'tags'> & {
  readonly keyId: string;
  readonly keyArn: string;
  readonly createdAt: string;
  readonly tags?: readonly Tag[];
  readonly multiRegion?: boolean;
  /** How the key differs from what was asked for. Absent when it does not. */
  readonly differences?: readonly string[];
};

/**
 * Makes the facts about a new key, from what KMS answered and what was sent.
 * @param multiRegion whether a multi-Region key was asked for.
 */
function keyResult(metadata: KeyMetadata, sent: Sent, multiRegion: boolean): MadeKey {
  const { KeyId = '', Arn = '', CreationDate } = metadata;
  const differences = findDifferences(metadata, multiRegion);
  return {
    keyId: KeyId,
    keyArn: Arn,
    createdAt: CreationDate?.toISOString() ?? '',
    ...sent,
    multiRegion,
    ...(differences.length === 0 ? {} : { differences }),
  };
}

/** Makes the error for a key of an earlier try that cannot become what is asked for now. */
function madeOtherwise({ keyId, multiRegion }: MadeKey): ProblemError {
  const made = multiRegion === true ? 'a multi-Region key' : 'a single-Region key';
  return new ProblemError({
    kind: 'fixable',
    what: 'The key cannot be changed into what you ask for now.',
    why: `An earlier try of this ceremony made ${keyId} as ${made}, and that is decided for ever.`,
    state: 'The key exists, without an alias. Nothing was changed.',
    next: ['Answer as before, or begin again in another folder and delete that key.'],
    remedies: [backTo('describe-key', 'Change the answer')],
  });
}
