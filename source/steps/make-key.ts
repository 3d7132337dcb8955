import type { KeyMetadata } from '@aws-sdk/client-kms';
import { findKeyOfCeremony, type KeySearch } from '../aws/ceremony-key.ts';
import {
  findIfMade,
  isAliasTaken,
  isNotFoundYet,
  isRefusal,
  retryWhileSpreading,
} from '../aws/eventual-consistency.ts';
import { createAlias, createExternalKey, isAliasOf, updateKey } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type Facts, need } from './facts.ts';
import { findDifferences } from './key-as-asked.ts';
import { makeKeyCounter } from './key-progress.ts';
import { backTo, outcomeOf } from './past.ts';
import type { Services } from './services.ts';
import { UnknownPeople } from './unknown-people.ts';
import { isNoneOurs, unseenKeysError } from './unseen-keys.ts';

type Context = ActContext<Facts, Services>;

/**
 * Makes the KMS key of this ceremony, still without material. When an earlier try has made the key, gives it the present
 * policy and description.
 * @param policy the key policy, as JSON.
 * @returns the key's id, its ARN, and when it was made, in ISO 8601; also the policy and description with which it was made.
 * @throws ProblemError when KMS refuses or the outcome is unknown. The problem says whether the key exists. While the key may
 * be one that cannot be looked at, no second key is made.
 */
export async function makeKey({ facts, answers, services, attempt, report, pause }: Context, policy: string) {
  const { kms } = services.session.clients;
  const { description } = need(facts, 'description');
  const ceremonyId = services.journal.state.id ?? '';
  const people = new UnknownPeople(facts, services);
  const spreading = {
    isSpreading: (error: unknown) => people.isWorthWaiting(error),
    label: () => people.waitingWords(),
    pause,
  };
  report({ id: 'key', label: 'Creating the key', state: 'working' });
  try {
    const sent = { policy, description };
    const key = await attempt({
      name: 'create-key',
      act: () =>
        retryWhileSpreading(
          async () => keyResult(await createExternalKey(kms, { ...sent, ceremonyId }), sent),
          spreading,
        ),
      probe: async (begunAt) => {
        const searches: KeySearch[] = [];
        const look = async () => {
          const search = await findKeyOfCeremony(kms, ceremonyId, {
            begunAt: new Date(services.journal.state.begunAt ?? begunAt),
            report: makeKeyCounter(report, { id: 'look', label: 'Looking for the key' }),
          });
          searches.push(search);
          // A list that is denied shows nothing later either.
          const isFinal = search.found === 'key' || (search.found === 'unknown' && search.unseenKeyIds.length === 0);
          return isFinal ? search : undefined;
        };
        await findIfMade(look, { begunAt, label: 'Not sure yet whether the key was made', pause });
        const last = searches.at(-1);
        if (last?.found === 'unknown' && !isNoneOurs(services, answers, begunAt)) throw unseenKeysError(services, last);
        const isFound = last?.found === 'key';
        report({
          id: 'look',
          label: isFound ? 'Found the key that was made' : 'No key of this ceremony was found',
          state: 'done',
        });
        if (isFound) return { found: 'done', result: keyResult(last.key, sent) };
        return { found: 'not done' };
      },
      refused: isRefusal,
      passing: isWithoutAnswer,
    });
    // An earlier try may have made the key with another policy or description, and then failed because the alias was taken.
    if (key.policy !== sent.policy || key.description !== sent.description)
      await retryWhileSpreading(() => updateKey(kms, key.keyId, sent), spreading);
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

/** Says whether the key exists, by the outcome of `create-key` in the journal. */
function keyOutcomeWords(outcome: 'none' | 'done' | 'refused' | undefined): string {
  if (outcome === 'done') return 'The key exists, with the policy it was made with.';
  if (outcome === 'refused') return 'No key was made.';
  return 'Whether a key was made is not known. Trying again looks for it first.';
}

/** What was sent to KMS: the policy as JSON, and the description. */
type Sent = { readonly policy: string; readonly description: string };

/** Gives the facts about a new key that the journal keeps. */
function keyResult(metadata: KeyMetadata, { policy, description }: Sent) {
  const { KeyId = '', Arn = '', CreationDate } = metadata;
  const differences = findDifferences(metadata);
  return {
    keyId: KeyId,
    keyArn: Arn,
    createdAt: CreationDate?.toISOString() ?? '',
    policy,
    description,
    ...(differences.length === 0 ? {} : { differences }),
  };
}

/**
 * Says what is known of the alias after this step has failed. Only a refusal is certain: the key has no alias then. After any other
 * outcome of `create-alias`, only KMS can tell.
 */
function aliasOutcomeWords(keyId: string, outcome: 'none' | 'done' | 'refused' | undefined): string {
  return outcome === 'refused'
    ? `The key ${keyId} exists, without an alias.`
    : `The key ${keyId} exists. Whether it has its alias is not known. Trying again looks for it first.`;
}

/**
 * Creates the alias of the key. An alias that points to this key already counts as created.
 * @throws ProblemError when KMS refuses, for example because another key has the alias, or when the outcome is unknown.
 */
export async function makeAlias({ facts, services, attempt, report, pause }: Context, keyId: string): Promise<void> {
  const { kms } = services.session.clients;
  const { alias } = need(facts, 'description');
  report({ id: 'alias', label: `Creating ${alias}`, state: 'working' });
  const pointsToKey = () => isAliasOf(kms, alias, keyId);
  // An answer of an earlier try may have been lost: then the alias is taken, by this key itself.
  const create = () =>
    createAlias(kms, alias, keyId).catch(async (error: unknown) => {
      if (!isAliasTaken(error) || !(await pointsToKey())) throw error;
    });
  try {
    await attempt({
      name: 'create-alias',
      act: () =>
        retryWhileSpreading(create, { isSpreading: isNotFoundYet, label: 'The new key is not everywhere yet', pause }),
      probe: async () => ((await pointsToKey()) ? { found: 'done', result: undefined } : { found: 'not done' }),
      refused: isRefusal,
      passing: isWithoutAnswer,
    });
  } catch (error) {
    const problem = explainAwsError(error, {
      what: `Can't create ${alias}.`,
      state: aliasOutcomeWords(keyId, outcomeOf(services, 'policy', 'create-alias')),
    });
    throw new ProblemError({
      ...problem,
      remedies: [backTo('describe-key', 'Choose another alias')],
    });
  }
  report({ id: 'alias', label: `${alias} points to it`, state: 'done' });
}
