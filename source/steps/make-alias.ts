import { createAlias, findAlias, isAliasOf, moveAlias } from '../aws/aliases.ts';
import { isAliasTaken, isNotFoundYet, isRefusal, retryWhileSpreading } from '../aws/eventual-consistency.ts';
import { explainAwsError } from '../aws/problems.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import type { AttemptOutcome } from '../ceremony/journal-state.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type Facts, need } from './facts.ts';
import { backTo, outcomeOf } from './past.ts';
import type { Services } from './services.ts';

type Context = ActContext<Facts, Services>;

/**
 * Says what is known of the alias after this step has failed. Only a refusal is certain: the key has no alias then. After any other
 * outcome of `create-alias` or `move-alias`, only KMS can tell.
 */
function aliasOutcomeWords(keyId: string, outcome: AttemptOutcome | undefined): string {
  return outcome === 'refused'
    ? `The key ${keyId} exists, without an alias.`
    : `The key ${keyId} exists. Whether it has its alias is not known. Trying again looks for it first.`;
}

/**
 * Gives the key its alias: makes it, or moves it from another key when the person has agreed to that. An alias that
 * points to this key already counts as made.
 * @throws ProblemError when KMS refuses, for example because another key has the alias, or when the outcome is unknown.
 */
export async function giveAlias(context: Context, keyId: string): Promise<void> {
  const { facts, services, attempt, report, pause } = context;
  const { kms } = services.session.clients;
  const { alias, aliasFrom } = need(facts, 'description');
  const name = aliasFrom === undefined ? 'create-alias' : 'move-alias';
  report({ id: 'alias', label: aliasFrom === undefined ? `Creating ${alias}` : `Moving ${alias}`, state: 'working' });
  const pointsToKey = () => isAliasOf(kms, alias, keyId);
  // An answer of an earlier try may have been lost: then the alias is taken, by this key itself.
  const create = () =>
    createAlias(kms, alias, keyId).catch(async (error: unknown) => {
      if (!isAliasTaken(error) || !(await pointsToKey())) throw error;
    });
  const move = () => moveAlias(kms, alias, keyId);
  try {
    // A move that is done is not looked at again.
    if (aliasFrom !== undefined && outcomeOf(services, 'policy', name) !== 'done')
      await refuseOtherOwner(context, aliasFrom, keyId);
    await attempt({
      name,
      act: () =>
        retryWhileSpreading(aliasFrom === undefined ? create : move, {
          isSpreading: isNotFoundYet,
          label: 'The new key is not everywhere yet',
          pause,
        }),
      probe: async () => ((await pointsToKey()) ? { found: 'done', result: undefined } : { found: 'not done' }),
      refused: isRefusal,
      passing: isWithoutAnswer,
    });
  } catch (error) {
    const problem = explainAwsError(error, {
      what: `Can't ${aliasFrom === undefined ? 'create' : 'move'} ${alias}.`,
      state: aliasOutcomeWords(keyId, outcomeOf(services, 'policy', name)),
    });
    throw new ProblemError({
      ...problem,
      remedies: [backTo('describe-key', 'Choose another alias')],
    });
  }
  report({ id: 'alias', label: `${alias} points to it`, state: 'done' });
}

/**
 * Makes sure that the alias is moved only from the key that the person was shown.
 * @throws ProblemError when the alias points to a third key now, or to none.
 */
async function refuseOtherOwner({ facts, services }: Context, aliasFrom: string, keyId: string): Promise<void> {
  const { alias } = need(facts, 'description');
  const owner = (await findAlias(services.session.clients.kms, alias))?.keyId;
  if (owner === aliasFrom || owner === keyId) return;
  throw new ProblemError({
    kind: 'fixable',
    what: `${alias} was not moved.`,
    why: `You agreed to move the alias from key ${aliasFrom}. Now ${owner === undefined ? 'no key has it' : `it points to key ${owner}`}.`,
    state: `The key ${keyId} exists, without an alias.`,
    next: ['Go back to the alias, and look again at what has it.'],
  });
}
